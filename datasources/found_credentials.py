"""AWS credentials as botocore finds them: variables, profiles, containers, roles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError

from datasources.signature import FrozenCredentials
from domain.errors import StoreUnavailable

# botocore renews a role's credentials a quarter of an hour before they end.
_ASK_AGAIN_SECONDS = 60.0


class FoundCredentials:
    """What botocore found: in profiles, containers, or a role of the machine.

    Keeps a copy of `credentials`, and asks botocore for a fresh one now and then. That may mean a
    request to a metadata service, so it is done in a thread.
    """

    def __init__(
        self, credentials: Credentials | None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._credentials = credentials
        self._monotonic = monotonic
        self._kept: FrozenCredentials | None = None
        self._ask_at = float("-inf")
        self._asking = asyncio.Lock()

    async def current(self) -> FrozenCredentials:
        """Return what to sign with; raises StoreUnavailable when none can be had."""
        if self._kept is not None and self._monotonic() < self._ask_at:
            return self._kept
        async with self._asking:
            if self._kept is None or self._monotonic() >= self._ask_at:
                self._kept = await self._ask()
                self._ask_at = self._monotonic() + _ASK_AGAIN_SECONDS
        return self._kept

    async def _ask(self) -> FrozenCredentials:
        away = StoreUnavailable("The server has no AWS credentials at the moment.")
        if self._credentials is None:
            raise away
        try:
            found = await asyncio.to_thread(self._credentials.get_frozen_credentials)
        except BotoCoreError as error:
            raise away from error
        if not found.access_key or not found.secret_key:
            raise away
        return FrozenCredentials(found.access_key, found.secret_key, found.token)
