"""One socket of the graphql-transport-ws protocol.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Close codes: 4400 bad message,
4401 subscribe before the acknowledgement, 4403 forbidden or token expired, 4408 no
connection_init in time, 4409 id in use, 4429 second connection_init, 4500 a defect of ours.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any

import orjson
from graphql import OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from domain.errors import CruddurError, Unauthenticated
from execution.operations import OperationRefused
from schema.presentation import failure, internal_error
from transport.authentication import Authentication, Caller
from transport.gateway import Gateway
from transport.requests import BadRequest, GraphQLRequest, decode, read_request

INIT_SECONDS = 5.0

_log = logging.getLogger(__name__)


class ProtocolViolation(Exception):
    """What the client sent ends the connection: with `close_code` and `reason`."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code
        self.reason = reason


class Connection:
    """One socket: a task reads, one waits to close in time, and each operation has its own."""

    def __init__(
        self,
        websocket: WebSocket,
        gateway: Gateway,
        authentication: Authentication,
        new_request_id: Callable[[], str],
    ) -> None:
        self._websocket = websocket
        self._gateway = gateway
        self._authentication = authentication
        self._new_request_id = new_request_id
        self._initialised = False
        self._caller: Caller | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._deadline: asyncio.TimerHandle | None = None

    async def serve(self) -> None:
        """Run the connection to its end; every operation has ended when this returns."""
        self._close_after(INIT_SECONDS, 4408, "Connection initialisation timeout")
        try:
            while True:
                await self._handle(await self._next_message())
        except ProtocolViolation as violation:
            _log.info("socket closed with %s: %s", violation.close_code, violation.reason)
            await self._close(violation.close_code, violation.reason)
        except WebSocketDisconnect:
            pass
        finally:
            if self._deadline:
                self._deadline.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _next_message(self) -> dict[str, Any]:
        event = await self._websocket.receive()
        # What still arrives behind our own close (a token has expired, say) is not obeyed.
        closed = self._websocket.application_state is not WebSocketState.CONNECTED
        if closed or event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text = event.get("text")
        if text is None:
            raise ProtocolViolation(4400, "Messages are text")
        try:
            message = decode(text)
        except BadRequest:
            raise ProtocolViolation(4400, "Messages are JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise ProtocolViolation(4400, "A message is an object with a type")
        return message

    async def _handle(self, message: dict[str, Any]) -> None:
        payload = message.get("payload")
        match message["type"]:
            case "connection_init":
                self._begin(_optional_object(payload) or {})
            case "ping":
                pong = {"payload": payload} if _optional_object(payload) is not None else {}
                await self._send({"type": "pong"} | pong)
            case "pong":
                _optional_object(payload)
            case "subscribe":
                self._subscribe(_id(message), payload)
            case "complete":
                task = self._operations.pop(_id(message), None)
                if task:
                    task.cancel()
            case _:
                raise ProtocolViolation(4400, "Unknown message type")

    def _begin(self, payload: dict[str, Any]) -> None:
        if self._initialised:
            raise ProtocolViolation(4429, "Too many initialisation requests")
        self._initialised = True
        if self._deadline:
            self._deadline.cancel()
        self._spawn(self._authenticate(payload.get("Authorization")))

    async def _authenticate(self, authorization: object) -> None:
        try:
            caller = await self._authentication.caller(authorization)
        except Unauthenticated:
            await self._close(4403, "Forbidden")
        except CruddurError as error:
            await self._close(1013, error.code)
        except Exception as error:  # noqa: BLE001 whoever waits to be let in is told
            _log.error("authentication failed", exc_info=error)
            await self._close(4500, "Internal server error")
        else:
            # The client comes back with a fresh token.
            self._close_after(caller.expires_at - time.time(), 4403, "Token expired")
            await self._send({"type": "connection_ack"})
            self._caller = caller

    def _subscribe(self, operation_id: str, payload: object) -> None:
        if self._caller is None:
            raise ProtocolViolation(4401, "Unauthorized")
        if operation_id in self._operations:
            raise ProtocolViolation(4409, "Subscriber for this id already exists")
        try:
            request = read_request(payload)
        except BadRequest as bad:
            raise ProtocolViolation(4400, bad.detail[:100]) from None
        task = self._spawn(self._run(operation_id, request, self._caller))
        self._operations[operation_id] = task

    async def _run(self, operation_id: str, request: GraphQLRequest, caller: Caller) -> None:
        """Run one operation: `next` for each result, then `complete`, or `error`."""
        request_id = self._new_request_id()
        try:
            operation = self._gateway.prepare(request)
            if operation.type is OperationType.SUBSCRIPTION:
                answers = self._gateway.stream(operation, request, caller, request_id)
                async with aclosing(answers):
                    async for answer in answers:
                        if not await self._next(operation_id, answer):
                            return
            else:
                answer = await self._gateway.answer(operation, request, caller, request_id)
                if not await self._next(operation_id, answer):
                    return
            await self._end(operation_id, {"type": "complete"})
        except OperationRefused as refused:
            errors = self._gateway.refusal(refused, request_id)
            await self._end(operation_id, {"type": "error", "payload": errors})
        except CruddurError as error:
            await self._end(operation_id, {"type": "error", "payload": [failure(error)]})
        except Exception as error:  # noqa: BLE001 the last resort: nothing unmasked leaves
            _log.error(
                "operation failed", exc_info=error, extra={"fields": {"request_id": request_id}}
            )
            errors = [internal_error(request_id)]
            await self._end(operation_id, {"type": "error", "payload": errors})

    async def _next(self, operation_id: str, answer: dict[str, Any]) -> bool:
        """Send one answer; one that has no data ends the operation, and False is returned."""
        if "data" not in answer:
            await self._end(operation_id, {"type": "error", "payload": answer["errors"]})
            return False
        await self._send({"id": operation_id, "type": "next", "payload": answer})
        return True

    async def _end(self, operation_id: str, message: dict[str, Any]) -> None:
        # The id is free before the client can know, so it may use it again at once.
        self._operations.pop(operation_id, None)
        await self._send({"id": operation_id} | message)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _close_after(self, seconds: float, code: int, reason: str) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(
            max(0.0, seconds), lambda: self._spawn(self._close(code, reason))
        )

    async def _send(self, message: dict[str, Any]) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            # A client that has gone away is told by the reading side.
            with suppress(WebSocketDisconnect):
                await self._websocket.send_text(orjson.dumps(message).decode())

    async def _close(self, code: int, reason: str) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(code, reason)


def _id(message: dict[str, Any]) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not operation_id:
        raise ProtocolViolation(4400, "An id is a string that is not empty")
    return operation_id


def _optional_object(payload: object) -> dict[str, Any] | None:
    if payload is None or isinstance(payload, dict):
        return payload
    raise ProtocolViolation(4400, "A payload is an object")
