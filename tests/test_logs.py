"""Logs: what is chosen gets in; bodies, tokens and handles never do."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from logs import JsonFormatter, TextFormatter, configure_logging, describe

PRIVATE = "Bearer eyJhbGciOi and the text of a message"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is one for the whole process: put it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("botocore", "psycopg", "websockets")}
    disabled = logging.getLogger("uvicorn.access").disabled
    sources, factory = logging._srcfile, logging.getLogRecordFactory()  # noqa: SLF001
    yield
    logging._srcfile = sources  # noqa: SLF001
    logging.setLogRecordFactory(factory)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each)
    logging.getLogger("uvicorn.access").disabled = disabled


def fail(error: BaseException) -> None:
    raise error


def nested() -> None:
    try:
        fail(ValueError(PRIVATE))
    except ValueError as error:
        raise RuntimeError(PRIVATE) from error


def during() -> None:
    try:
        fail(ValueError(PRIVATE))
    except ValueError:
        fail(RuntimeError(PRIVATE))


def caught(action: Callable[[], Any]) -> BaseException:
    try:
        action()
    except BaseException as error:  # noqa: BLE001 whatever it is
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("action", [nested, during])
@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_an_exceptions_text_is_left_out_and_where_it_came_from_is_not(
    formatter: logging.Formatter, action: Callable[[], None]
) -> None:
    error = caught(action)
    record = logging.LogRecord(
        "room", logging.ERROR, "f.py", 1, "it failed", (), (type(error), error, error.__traceback__)
    )
    line = formatter.format(record)
    assert PRIVATE not in line
    assert "Bearer" not in line
    assert "it failed" in line
    assert "builtins.RuntimeError" in line
    assert "builtins.ValueError" in line
    assert "at fail (test_logs.py:" in line


def test_the_cause_comes_first() -> None:
    lines = describe(caught(nested))
    assert lines.index("builtins.ValueError") < lines.index("builtins.RuntimeError")


def test_a_hidden_context_stays_hidden() -> None:
    def hidden() -> None:
        try:
            fail(ValueError(PRIVATE))
        except ValueError:
            raise RuntimeError from None

    assert "ValueError" not in str(describe(caught(hidden)))


def test_the_stores_own_codes_are_told_but_not_their_words() -> None:
    answer: Any = {"Error": {"Code": "ValidationException", "Message": PRIVATE}}
    assert describe(ClientError(answer, "PutItem")) == [
        "botocore.exceptions.ClientError (ValidationException)"
    ]
    assert describe(psycopg.errors.UniqueViolation(PRIVATE)) == [
        "psycopg.errors.UniqueViolation (23505)"
    ]


def test_a_line_of_json_has_what_was_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    fields = {"request_id": "r-1", "ms": 1.5}
    logging.getLogger("transport.http").info("request", extra={"fields": fields})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "logger": "transport.http", "event": "request", **fields}


@pytest.mark.parametrize("given", [("a", "b"), ({"first": "a", "second": "b"},)])
def test_what_is_to_be_filled_in_is(
    capsys: pytest.CaptureFixture[str], given: tuple[object, ...]
) -> None:
    configure_logging("info", "json")
    text = "%s, then %s" if len(given) > 1 else "%(first)s, then %(second)s"
    logging.getLogger("room").info(text, *given)
    assert json.loads(capsys.readouterr().err)["event"] == "a, then b"


def test_an_empty_mapping_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    logging.getLogger("room").info("found %s", {})
    assert json.loads(capsys.readouterr().err)["event"] == "found {}"


def test_half_a_character_costs_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    logging.getLogger("room").info("it happened", extra={"fields": {"file": "half \ud83d"}})
    assert json.loads(capsys.readouterr().err)["file"] == "half \ud83d"


def test_a_line_for_people_has_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "text")
    logging.getLogger("transport").warning("request", extra={"fields": {"request_id": "r-1"}})
    assert capsys.readouterr().err.endswith(" warning request request_id=r-1\n")


def test_without_a_terminal_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "auto")
    logging.getLogger().error("hello")
    assert json.loads(capsys.readouterr().err)["event"] == "hello"


def test_the_drivers_do_not_tell_what_they_send(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    for name in ("botocore.endpoint", "urllib3.connectionpool", "psycopg", "websockets.server"):
        logging.getLogger(name).debug(PRIVATE)
        logging.getLogger(name).info(PRIVATE)
    logging.getLogger("uvicorn.access").info("GET /graphql?query=%s", PRIVATE)
    logging.getLogger("transport").debug("it does log")
    assert "it does log" in (lines := capsys.readouterr().err)
    assert PRIVATE not in lines


def test_levels_below_the_chosen_one_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", "json")
    logging.getLogger("transport").info("hello")
    assert capsys.readouterr().err == ""


async def test_a_task_that_nobody_waited_for_tells_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info", "json")

    async def fail_alone() -> None:
        fail(RuntimeError(PRIVATE))

    task = asyncio.create_task(fail_alone())
    await asyncio.wait({task})
    del task
    lines = capsys.readouterr().err
    assert "RuntimeError" in lines
    assert PRIVATE not in lines
