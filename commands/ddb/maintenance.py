"""What the scripts that go through the whole table share."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.whole_table import DynamoWholeTable, WholeTable
from maintenance.rate_limited_table import RateLimitedTable
from maintenance.repairs import Repaired
from settings import StreamSettings

_THREADS = 8
_EVERY = 1.0  # seconds between two lines of progress
_CLEAR = "\r\x1b[K"
_LONGEST = 3600  # seconds of patience


def add_rate_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rate",
        type=_positive,
        metavar="N",
        help="read and write at most N items a second (default: as fast as it goes)",
    )


def add_patience_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patience",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how long something must stay wrong: give the stream its usual lag (default: 5)",
    )


@contextmanager
def open_table(settings: StreamSettings, rate: float | None = None) -> Iterator[WholeTable]:
    """Open the table of the settings; with `rate`, at so many items a second."""
    with ThreadPoolExecutor(_THREADS) as threads:
        table = DynamoWholeTable(
            BotoCalls(dynamodb_client(settings), threads), settings.messages_table
        )
        yield RateLimitedTable(table, rate) if rate else table


@asynccontextmanager
async def progress(text: Callable[[], str]) -> AsyncIterator[None]:
    """Say on stderr now and then how far it is; on a terminal in one line that goes at the end."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(_EVERY)
            print(f"{_CLEAR}{text()}" if on_terminal else text(), end=end, file=sys.stderr)
            sys.stderr.flush()

    on_terminal = sys.stderr.isatty()
    end = "" if on_terminal else "\n"
    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        if on_terminal:
            print(_CLEAR, end="", file=sys.stderr, flush=True)


def print_repaired(outcome: Repaired, *, as_json: bool) -> None:
    """Print what was done, readable or as a line of JSON."""
    if as_json:
        line = {"what": outcome.what, "steps": outcome.steps, "refusal": outcome.refusal}
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    print(outcome.what)
    for step in outcome.steps:
        print(f"  {step}")
    if outcome.refusal:
        print(f"  cannot be repaired: {outcome.refusal}")
    elif not outcome.steps:
        print("  is right")


def _positive(text: str) -> float:
    number = _number(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("a number above 0 is meant")
    return number


def _seconds(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= _LONGEST:
        raise argparse.ArgumentTypeError(f"a number from 0 to {_LONGEST} is meant")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a number is meant") from None
