"""Root fields that wait for what they load side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from execution.loading import Loads
from execution.reading import Later, Wanted, nothing_yet
from execution.shortcuts import Loaded


@dataclass
class _Source:
    key: str


async def _load(_context: object, keys: Sequence[str]) -> Sequence[str]:
    await asyncio.sleep(0)
    if "broken" in keys:
        await asyncio.sleep(0)  # until others have theirs
        raise RuntimeError
    return keys


def _read(value: str, _later: Later) -> dict[str, str]:
    return {"value": value}


def _asked_for(*keys: str) -> Later:
    wanted, later = Wanted(_load, _read), nothing_yet()
    for key in keys:
        assert later[wanted][key] == {}
    return later


async def test_a_failure_takes_nothing_from_who_has_loaded_the_same_meanwhile() -> None:
    loads = Loads(None)
    well, failed = await asyncio.gather(
        loads.fill(_asked_for("a")), loads.fill(_asked_for("a", "broken")), return_exceptions=True
    )
    assert well is None
    assert isinstance(failed, RuntimeError)
    assert loads.known(Loaded(_load, "key"), _Source("a")) == "a"
    assert loads.known(Loaded(_load, "key"), _Source("broken")) is failed
