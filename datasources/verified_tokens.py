"""Remembers which tokens were found valid: checking a signature costs fifty times as much.

A token is valid until it expires, here as in `TokenKeys`: Cognito's access tokens cannot be
withdrawn from whoever checks them by signature.
https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

from datasources.token_keys import Token

_MOST = 10_000


class VerifiedTokens:
    """Asks `verify` once for each token that is valid, and every time for one that is not."""

    def __init__(
        self,
        verify: Callable[[str], Awaitable[Token]],
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._verify = verify
        self._now = now
        # By digest: what lies in memory for hours should open no door.
        self._tokens: OrderedDict[bytes, Token] = OrderedDict()

    async def verify(self, text: str) -> Token:
        """Return what `text` says of its holder; raises what `TokenKeys.verify` does."""
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        token = self._tokens.get(digest)
        if token is not None and self._now() < token.expires_at:
            self._tokens.move_to_end(digest)
            return token
        self._tokens.pop(digest, None)
        token = await self._verify(text)
        self._tokens[digest] = token
        if len(self._tokens) > _MOST:
            self._tokens.popitem(last=False)
        return token
