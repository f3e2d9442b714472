"""AWS credentials as botocore finds them: in profiles, containers, or a role of the machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from datasources.signature import FrozenCredentials
from domain.errors import StoreUnavailable
from settings import StreamSettings

if TYPE_CHECKING:
    from botocore.credentials import Credentials

# botocore renews a role's credentials a quarter of an hour before they end.
_ASK_AGAIN_SECONDS = 60.0
# Where there are none, a metadata service may make it wait for seconds, each time.
_RETRY_SECONDS = 2.0


class FoundCredentials:
    """What botocore found when it was asked first, and renews.

    A copy is kept, and botocore asked for a fresh one now and then. That may mean a request to a
    metadata service, so it is done in a thread.
    """

    def __init__(
        self, settings: StreamSettings, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._found: Credentials | None = None
        self._kept: FrozenCredentials | None = None
        self._failure: Exception | None = None
        self._ask_at = float("-inf")
        self._asking = asyncio.Lock()

    async def current(self) -> FrozenCredentials:
        """Return what to sign with; raises StoreUnavailable when none can be had."""
        if self._kept is None or self._monotonic() >= self._ask_at:
            async with self._asking:
                if self._monotonic() >= self._ask_at:
                    self._kept = await asyncio.to_thread(self._ask)
                    pause = _ASK_AGAIN_SECONDS if self._kept else _RETRY_SECONDS
                    self._ask_at = self._monotonic() + pause
        if self._kept is None:
            away = StoreUnavailable("The server has no AWS credentials at the moment.")
            raise away from self._failure
        return self._kept

    def _ask(self) -> FrozenCredentials | None:
        # Not at the top: boto3 would be a sixth of what starting costs, to processes whose settings
        # hold keys, too, like the stream Lambda, and they need nothing of it.
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        from datasources.aws import session  # noqa: PLC0415

        self._failure = None
        try:
            self._found = self._found or session(self._settings).get_credentials()
            found = self._found and self._found.get_frozen_credentials()
        except (BotoCoreError, ClientError) as error:
            self._failure = error
            return None
        if not found or not found.access_key or not found.secret_key:
            return None
        return FrozenCredentials(found.access_key, found.secret_key, found.token)
