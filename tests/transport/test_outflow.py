"""An answer's parts, sent together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from transport.outflow import Outflow


class Wire(asyncio.Transport):
    """Remembers what is sent, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[list[Any]] = []
        self.closing = False

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.sent.append(list(list_of_data))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_what_is_written_in_one_turn_is_sent_together(wire: Wire) -> None:
    outflow = Outflow(wire, asyncio.get_running_loop())
    for _ in range(2):
        outflow.write(b"head")
        outflow.write(b"body")
        await asyncio.sleep(0)
    assert wire.sent == [[b"head", b"body"], [b"head", b"body"]]


async def test_it_is_sent_before_the_end_and_never_twice(wire: Wire) -> None:
    outflow = Outflow(wire, asyncio.get_running_loop())
    outflow.write(b"last")
    outflow.close()
    await asyncio.sleep(0)
    assert wire.sent == [[b"last"]]


async def test_nothing_is_sent_behind_the_end(wire: Wire) -> None:
    outflow = Outflow(wire, asyncio.get_running_loop())
    outflow.write(b"late")
    wire.close()
    await asyncio.sleep(0)
    assert wire.sent == []
