"""The AWS emulator, with one habit of our own: it also saves its state while it runs.

By itself it saves on a clean stop only, and a crash would take everything that came before. Where
it is not to keep anything, it does not save at all.
Run by the Python of `.venv-local`, as a script: it imports nothing of this project.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import ministack.app as emulator
from ministack.core.persistence import PERSIST_STATE, save_all

_QUIET = 1.0  # seconds without a write, after which it saves
_LONGEST = 30.0  # seconds that it puts that off while writes go on; a save stops all the others
_READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class SavingApplication:
    """Passes every request on, and saves when writes have come to rest.

    It saves on the event loop, where the requests run too: between two of them, never within one.
    """

    def __init__(self, inner: _Application) -> None:
        self._inner = inner
        self._last_write = 0.0
        self._saving: asyncio.Task[None] | None = None

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        await self._inner(scope, receive, send)
        if scope["type"] == "http" and _writes(scope):
            self._last_write = time.monotonic()
            if self._saving is None:
                self._saving = asyncio.create_task(self._save_at_rest())

    async def _save_at_rest(self) -> None:
        latest = time.monotonic() + _LONGEST
        while (rest := self._last_write + _QUIET) > time.monotonic():
            await asyncio.sleep(min(rest, latest) - time.monotonic())
            if time.monotonic() >= latest:
                break
        self._saving = None
        save_all(emulator._build_persistence_save_dict())  # noqa: SLF001  # the version is pinned


def _writes(scope: _Message) -> bool:
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
    operation = target.rpartition(".")[2]
    return bool(operation) and not operation.startswith(_READS)


if __name__ == "__main__":
    if PERSIST_STATE:
        emulator.app = SavingApplication(emulator.app)
    emulator.main()
