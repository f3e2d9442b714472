"""Logging: one line an event, JSON for machines, plain in a terminal.

What reaches a log is chosen, not stripped: messages of exceptions are left out, because a
driver's error may quote the very values that it was given.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import orjson


def configure_logging(level: str, style: Literal["auto", "json", "text"]) -> None:
    """Send every logger's lines to standard error in `style`; auto is text in a terminal."""
    if style == "auto":
        style = "text" if sys.stderr.isatty() else "json"
    handler = _Lines()
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    # Nobody is told who logged what: finding that out costs more than the rest of a line.
    # https://docs.python.org/3/howto/logging.html#optimization
    logging._srcfile = None  # type: ignore[attr-defined]  # noqa: SLF001
    logging.setLogRecordFactory(_Record)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # uvicorn logs each request's path; a query string may hold a GET request's variables.
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # The drivers' own lines may hold requests and answers, whatever our own level is.
    for name in ("boto3", "botocore", "urllib3", "psycopg", "redis", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.StreamHandler[TextIO]):
    """Leaves it to standard error to flush, which it does at the end of each line.

    https://docs.python.org/3/library/sys.html#sys.stderr
    """

    def flush(self) -> None:
        pass


class _Record(logging.LogRecord):
    """One without what no line tells, for half of the time: threads, processes, parts of paths."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: Any,
        exc_info: Any,
        *_: object,
    ) -> None:
        self.name = name
        self.levelno = level
        self.levelname = logging.getLevelName(level)
        self.filename = self.pathname = pathname
        self.lineno = lineno
        self.msg = msg
        # A mapping alone is for `%(name)s`, as in the original; an empty one would fill in nothing.
        named = len(args) == 1 and isinstance(args[0], Mapping) and args[0]
        self.args = named or args
        self.exc_info = exc_info
        self.exc_text = None
        self.stack_info = None
        self.created = time.time()


class JsonFormatter(logging.Formatter):
    """Time, level, logger, event, the event's fields, and the `error` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": time,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        try:
            return orjson.dumps(line).decode()
        except orjson.JSONEncodeError:  # half a character, as in the name of a file
            return json.dumps(line | {"time": time.isoformat()}, separators=(",", ":"))


class TextFormatter(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        line = f"{time} {record.levelname.lower():7} {_event(record)}"
        line += "".join(f" {name}={value}" for name, value in _fields(record).items())
        if record.exc_info and record.exc_info[1]:
            line += "".join(f"\n    {part}" for part in describe(record.exc_info[1]))
        return line


def _event(record: logging.LogRecord) -> str:
    """What the caller logged. asyncio's goes on with a task, whose repr quotes its exception."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What the caller gave as `extra={"fields": {...}}`."""
    return getattr(record, "fields", {})


def describe(error: BaseException | None) -> list[str]:
    """Return an exception as lines: each type with its frames, the cause first."""
    lines: list[str] = []
    while error is not None:
        frames = [
            f"at {frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        response = getattr(error, "response", None)
        code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
        state = code or getattr(error, "sqlstate", None)
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        lines[:0] = [f"{name} ({state})" if state else name, *frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines
