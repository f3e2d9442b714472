"""Spans: what was done, when, and as a part of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TypeAlias

Attributes: TypeAlias = Mapping[str, "str | int"]
NO_ATTRIBUTES: Attributes = MappingProxyType({})

# https://www.w3.org/TR/trace-context/#traceparent-header. Later versions may append fields.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED = 1


class Kind(IntEnum):
    """The numbers are those of OTLP."""

    INTERNAL = 1
    SERVER = 2
    CLIENT = 3


@dataclass(frozen=True, slots=True)
class RemoteParent:
    """A span of the caller's, as its `traceparent` tells."""

    trace_id: int
    span_id: int
    sampled: bool


@dataclass(slots=True)
class Span:
    """Times are nanoseconds since 1970. `outer` is what was going on when it began."""

    name: str
    kind: Kind
    attributes: Attributes
    trace_id: int
    span_id: int
    parent_id: int
    sampled: bool
    outer: Span | RemoteParent | None
    started: int
    ended: int = 0
    error: str = ""
    has_children: bool = False


def read_traceparent(header: str) -> RemoteParent | None:
    """Return the parent that `header` tells of; None for one that is malformed."""
    match = _TRACEPARENT.fullmatch(header)
    if match is None or (header.startswith("00") and match[4]):
        return None
    trace_id, span_id = int(match[1], 16), int(match[2], 16)
    if not trace_id or not span_id:
        return None
    return RemoteParent(trace_id, span_id, bool(int(match[3], 16) & _SAMPLED))
