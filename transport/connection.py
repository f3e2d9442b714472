"""One socket of the graphql-transport-ws protocol.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Close codes: 4400 bad message,
4401 subscribe before the acknowledgement, 4403 forbidden or token expired, 4408 no
connection_init in time, 4409 id in use, 4429 second connection_init, 4500 a defect of ours, 1012
this process ends, 1013 no place or a store away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from domain.errors import CruddurError, Unauthenticated
from transport.authentication import Authentication, Caller
from transport.fan_out import FanOut
from transport.gateway import Gateway
from transport.line import Line
from transport.live_connections import LiveConnections, NoPlace, Place
from transport.messages import (
    Complete,
    ConnectionInit,
    Message,
    Ping,
    Pong,
    ProtocolViolation,
    Subscribe,
    Unreadable,
    read_message,
)
from transport.outbox import Outbox
from transport.socket_operation import SocketOperation

INIT_SECONDS = 5.0
# Of the documents of operations under way; who has more begins no other. A subscription keeps the
# tree of its document, whoever else has forgotten it.
_MOST_CHARACTERS = 100_000

_log = logging.getLogger(__name__)


class Connection:
    """One socket, as it is heard and spoken on. It has a task for each operation, else none."""

    __slots__ = (
        "_authentication",
        "_caller",
        "_deadline",
        "_fan_out",
        "_gateway",
        "_initialised",
        "_live",
        "_max_operations",
        "_new_request_id",
        "_operations",
        "_outbox",
        "_place",
        "_tasks",
    )

    def __init__(
        self,
        gateway: Gateway,
        authentication: Authentication,
        live: LiveConnections,
        fan_out: FanOut,
        *,
        new_request_id: Callable[[], str],
        max_operations: int,
    ) -> None:
        self._gateway = gateway
        self._authentication = authentication
        self._live = live
        self._fan_out = fan_out
        self._new_request_id = new_request_id
        self._max_operations = max_operations
        self._initialised = False
        self._caller: Caller | None = None  # known once acknowledged
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: dict[asyncio.Task[None], int] = {}  # each with its document's length
        self._deadline: asyncio.TimerHandle | None = None

    def begin(self, line: Line, place: Place) -> None:
        """Speak on `line` from now on, until it is lost; `place` is left then."""
        self._outbox = Outbox(line)
        self._place = place
        self._close_after(INIT_SECONDS, 4408, "Connection initialisation timeout")

    def restart(self) -> None:
        """Begin to close the socket, as this process is about to end."""
        self._close(1012, "Server restarts")

    async def hear(self, text: str | None) -> None:
        """Obey a message, None for a binary one; whatever is wrong, the client is told."""
        if self._outbox.is_closed:
            return  # what still arrives behind our own close (a token has expired, say)
        try:
            await self._obey(read_message(text))
        except ProtocolViolation as violation:
            _log.info("socket closed with %s: %s", violation.close_code, violation.reason)
            await self._outbox.close(violation.close_code, violation.reason)
        except Exception as error:  # noqa: BLE001 whatever it was, the client is told
            await self._fail(error)

    async def lost(self, _: int) -> None:
        """End every operation, and return when they have ended."""
        if self._deadline:
            self._deadline.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._live.leave(self._place)

    async def _obey(self, message: Message) -> None:
        match message:
            case ConnectionInit(authorization):
                self._begin(authorization)
            case Ping(None):
                await self._outbox.send({"type": "pong"})
            case Ping(payload):
                await self._outbox.send({"type": "pong", "payload": payload})
            case Pong():
                pass
            case Subscribe(operation_id):
                who = partial(self._authentication.again, self._admit(operation_id))
                if problem := self._too_much():
                    await self._refuse(operation_id, problem, "LIMIT_EXCEEDED")
                    return
                ended = partial(self._forget, operation_id)
                operation = SocketOperation(
                    self._gateway, self._fan_out, self._outbox, message, ended
                )
                run = operation.run(who, self._new_request_id())
                length = len(message.request.query or "")
                self._operations[operation_id] = self._spawn(run, length)
            case Unreadable(operation_id, problem):
                self._admit(operation_id)
                await self._refuse(operation_id, problem.detail, problem.code)
            case Complete(operation_id):
                if running := self._forget(operation_id):
                    running.cancel()
                    await asyncio.wait({running})

    def _begin(self, authorization: object) -> None:
        if self._initialised:
            raise ProtocolViolation(4429, "Too many initialisation requests")
        self._initialised = True
        if self._deadline:
            self._deadline.cancel()
        self._spawn(self._let_in(authorization))

    async def _let_in(self, authorization: object) -> None:
        try:
            caller = await self._authentication.caller(authorization)
            self._live.assign(self._place, caller.subject)
        except NoPlace as none:
            # The client tries again, and gets in once one of the others is found to be dead.
            _log.info("socket closed with 1013: %s", none)
            await self._outbox.close(1013, none.reason)
        except Unauthenticated:
            await self._outbox.close(4403, "Forbidden")
        except CruddurError as error:
            await self._outbox.close(1013, error.code)
        except Exception as error:  # noqa: BLE001 whoever waits to be let in is told
            await self._fail(error)
        else:
            # The client comes back with a fresh token.
            self._close_after(caller.expires_at - time.time(), 4403, "Token expired")
            await self._outbox.send({"type": "connection_ack"})
            self._caller = caller

    def _admit(self, operation_id: str) -> Caller:
        """Return who asks for the new operation, as they came in."""
        if self._caller is None:
            raise ProtocolViolation(4401, "Unauthorized")
        if operation_id in self._operations:
            raise ProtocolViolation(4409, "Subscriber for this id already exists")
        return self._caller

    def _too_much(self) -> str | None:
        """Say why there may be no other operation, if that is so."""
        if len(self._tasks) >= self._max_operations:
            return f"Not more than {self._max_operations} operations at a time."
        if sum(self._tasks.values()) > _MOST_CHARACTERS:
            return f"Not more than {_MOST_CHARACTERS} characters of documents at a time."
        return None

    def _forget(self, operation_id: str) -> asyncio.Task[None] | None:
        return self._operations.pop(operation_id, None)

    async def _refuse(self, operation_id: str, message: str, code: str) -> None:
        error = {"message": message, "extensions": {"code": code}}
        await self._outbox.send({"id": operation_id, "type": "error", "payload": [error]})

    async def _fail(self, error: Exception) -> None:
        request_id = self._new_request_id()
        _log.error("socket failed", exc_info=error, extra={"fields": {"request_id": request_id}})
        await self._outbox.close(4500, f"Internal server error {request_id}")

    def _spawn(self, work: Coroutine[Any, Any, None], length: int = 0) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks[task] = length
        task.add_done_callback(self._tasks.pop)
        return task

    def _close_after(self, seconds: float, code: int, reason: str) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(
            max(0.0, seconds), self._close, code, reason
        )

    def _close(self, code: int, reason: str) -> None:
        self._spawn(self._outbox.close(code, reason))
