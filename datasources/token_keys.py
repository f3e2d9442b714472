"""Verifies Cognito access tokens against the user pool's published keys (JWKS).

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import jwt

from domain.errors import StoreUnavailable, Unauthenticated

# An unknown key id refreshes the keys at most this often, in seconds, so that made-up ids
# cannot turn every request into one to Cognito.
REFRESH_INTERVAL = 60.0
# Without any keys, at most this often: whoever waits meanwhile is told at once.
RETRY_INTERVAL = 2.0
_FETCH_TIMEOUT = 5.0
# Clocks of Cognito and of this server may differ by this many seconds.
_LEEWAY = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A verified access token: whose it is, and until when (epoch seconds)."""

    subject: str
    expires_at: float


class TokenKeys:
    """The keys of one user pool's issuer, fetched when first needed and kept.

    `generation` counts the fetches: a key that was there before may be gone.
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        fetch: Callable[[], Awaitable[Mapping[str, Any]]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self.generation = 0
        self._fetched_at = float("-inf")
        self._refreshing = asyncio.Lock()

    async def verify(self, text: str) -> Token:
        """Check signature (RS256 only), issuer, client, use and times of an access token.

        Raises Unauthenticated, which does not tell what was wrong to whoever sent it, or
        StoreUnavailable when no key could be fetched yet.
        """
        try:
            header = jwt.get_unverified_header(text)
            if header.get("alg") != "RS256":
                raise jwt.InvalidAlgorithmError("RS256 is expected")
            claims = jwt.decode(
                text,
                key=await self._key(str(header.get("kid"))),
                algorithms=["RS256"],
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "sub"], "verify_aud": False},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated("The access token is not valid.") from error
        if claims.get("token_use") != "access" or claims.get("client_id") != self._client_id:
            raise Unauthenticated("The access token is not valid.")
        return Token(subject=str(claims["sub"]), expires_at=float(claims["exp"]))

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys:
            await self._refresh(key_id)
        if key_id not in self._keys:
            raise jwt.InvalidKeyError("unknown key id")
        return self._keys[key_id]

    async def _refresh(self, key_id: str) -> None:
        async with self._refreshing:
            age = self._monotonic() - self._fetched_at
            if key_id in self._keys or (self._keys and age < REFRESH_INTERVAL):
                return
            if age < RETRY_INTERVAL:
                raise _away()
            try:
                fetched = jwt.PyJWKSet.from_dict(dict(await self._fetch()))
            except (OSError, TypeError, ValueError, jwt.PyJWTError) as error:
                if self._keys:
                    return
                raise _away() from error
            finally:
                self._fetched_at = self._monotonic()
            self._keys = {key.key_id: key for key in fetched.keys if key.key_id}
            self.generation += 1


def _away() -> StoreUnavailable:
    return StoreUnavailable("The identity provider did not answer. Try again.")


async def fetch_json(url: str) -> Mapping[str, Any]:
    """Return the JSON object at `url`; raises OSError, TypeError or ValueError."""
    return await asyncio.to_thread(_get, url)


def _get(url: str) -> dict[str, Any]:
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 settings admit http(s) only
    with urlopen(request, timeout=_FETCH_TIMEOUT) as answer:  # noqa: S310 as above
        return dict(json.load(answer))
