"""What a client says in graphql-transport-ws: parsed, and every part of it type-checked.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from transport.requests import BadRequest, GraphQLRequest, decode, read_request

_Object: TypeAlias = dict[str, Any]


class ProtocolViolation(Exception):
    """What the client sent ends the connection: with `close_code` and `reason`."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """The client wants in; `authorization` is whatever stands under that name."""

    authorization: object


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks for a pong that brings the same `payload` back."""

    payload: _Object | None


@dataclass(frozen=True, slots=True)
class Pong:
    """Answers a ping, or keeps the connection warm."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Starts an operation of any kind."""

    operation_id: str
    request: GraphQLRequest


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A `subscribe` of which the id alone can be read: it fails, and nothing else does."""

    operation_id: str
    problem: BadRequest


@dataclass(frozen=True, slots=True)
class Complete:
    """Ends an operation."""

    operation_id: str


Message: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Unreadable | Complete


def read_message(text: str | None) -> Message:
    """Read one text frame, None for a binary one; raises ProtocolViolation."""
    if text is None:
        raise ProtocolViolation(4400, "Messages are text")
    try:
        message = decode(text)
    except BadRequest as bad:
        return _subscribe_cut_in_half(text, bad)
    if not isinstance(message, dict):
        raise ProtocolViolation(4400, "A message is an object")
    match message.get("type"):
        case "connection_init":
            return ConnectionInit((_payload(message) or {}).get("Authorization"))
        case "ping":
            return Ping(_payload(message))
        case "pong":
            _payload(message)
            return Pong()
        case "subscribe":
            return Subscribe(_id(message), _request(message))
        case "complete":
            return Complete(_id(message))
        case _:
            raise ProtocolViolation(4400, "Unknown message type")


def _subscribe_cut_in_half(text: str, bad: BadRequest) -> Unreadable:
    """Find the operation whose variables hold half a character, which no strict decoder reads.

    JavaScript cuts strings between the halves of an emoji, and sends `\\ud83d` for the first one.
    That is a mistake of one operation, and no reason to take the others down with it.
    """
    try:
        message = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or message.get("type") != "subscribe":
        raise ProtocolViolation(4400, "Messages are JSON") from None
    operation_id = _id(message)
    try:
        operation_id.encode()
    except UnicodeEncodeError:
        raise ProtocolViolation(4400, "An id is text") from None
    return Unreadable(operation_id, bad)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity, which Python would accept


def _id(message: _Object) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not operation_id:
        raise ProtocolViolation(4400, "An id is a string that is not empty")
    return operation_id


def _payload(message: _Object) -> _Object | None:
    payload = message.get("payload")
    if payload is None or isinstance(payload, dict):
        return payload
    raise ProtocolViolation(4400, "A payload is an object")


def _request(message: _Object) -> GraphQLRequest:
    try:
        return read_request(message.get("payload"))
    except BadRequest as bad:
        raise ProtocolViolation(4400, bad.detail[:100]) from None
