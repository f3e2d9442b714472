"""Remembers which tokens were found valid: checking a signature costs fifty times as much.

A token is valid until it expires or its key is gone, here as in `TokenKeys`: Cognito's access
tokens cannot be withdrawn from whoever checks them by signature.
https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

from datasources.token_keys import Token, TokenKeys

_MOST = 10_000


class VerifiedTokens:
    """Asks `keys` once for each token that is valid, and every time for one that is not."""

    def __init__(self, keys: TokenKeys, *, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._generation = keys.generation
        self._now = now
        # By digest: what lies in memory for hours should open no door.
        self._tokens: OrderedDict[bytes, Token] = OrderedDict()

    async def verify(self, text: str) -> Token:
        """Return what `text` says of its holder; raises what `TokenKeys.verify` does."""
        if self._generation != self._keys.generation:
            self._generation = self._keys.generation
            self._tokens.clear()
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        token = self._tokens.get(digest)
        if token is not None and self._now() < token.expires_at:
            self._tokens.move_to_end(digest)
            return token
        self._tokens.pop(digest, None)
        token = await self._keys.verify(text)
        self._tokens[digest] = token
        if len(self._tokens) > _MOST:
            self._tokens.popitem(last=False)
        return token
