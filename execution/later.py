"""Values that wait for loaders: many are awaited at once, by one task.

graphql-core makes a task for each awaitable of a list. What only waits for loaders needs none:
its coroutine is stepped by hand up to a future, and stepped again when all are there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, Protocol, TypeAlias

from graphql.pyutils import gather_with_cancel, is_awaitable

# Objects by response name and lists by index are filled in alike.
Container: TypeAlias = "dict[str, Any] | list[Any]"
Keys: TypeAlias = "Sequence[Any]"
# What needs no closer look: it is not awaitable.
PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})


class Settles(Protocol):
    """Sees to the end of awaitables that nobody needs any more."""

    def settle(self, values: Iterable[Any]) -> None: ...


class Later:
    """A value that `resume()` returns, or another Later, once all of `futures` are done."""

    __slots__ = ("_then", "futures")

    def __init__(self, futures: list[asyncio.Future[Any]], then: Callable[[], Any]) -> None:
        self.futures = futures
        self._then = then

    def resume(self) -> Any:
        return self._then()

    def __await__(self) -> Generator[Any, None, Any]:
        return _settle(self).__await__()


def step(coroutine: Any) -> asyncio.Future[Any]:
    """Run `coroutine` up to where it waits; raises StopIteration with its value at its end."""
    future = coroutine.send(None)
    if future is None:
        # It only lets others go first: https://docs.python.org/3/library/asyncio-task.html#sleeping
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        loop.call_soon(_end, turn)
        return turn
    # What a task does with a future that its coroutine yields: the flag says that it came by
    # `await`. (The pure-Python Task of the standard library tells the protocol.)
    future._asyncio_future_blocking = False  # noqa: SLF001
    return future  # type: ignore[no-any-return]


def filled(run: Settles, container: Container, missing: Keys) -> Any:
    """Return `container`, or what becomes it when its awaitables, at `missing`, are there."""
    values: Any = container
    if len(missing) == 1 and isinstance(values[missing[0]], Later):
        return _WithOne(run, values, missing[0])
    if all(isinstance(values[key], Later) for key in missing):
        futures = [future for key in missing for future in values[key].futures]
        return Later(futures, lambda: _resumed(run, values, missing))
    return _gathered(values, missing)


class _WithOne(Later):
    """The usual case, without a loop: an object with one field that waits."""

    __slots__ = ("_key", "_run", "_values", "_waiting")

    def __init__(self, run: Settles, values: Any, key: str | int) -> None:
        self._run = run
        self._values = values
        self._key = key
        self._waiting: Later = values[key]
        self.futures = self._waiting.futures

    def resume(self) -> Any:
        self._values[self._key] = value = self._waiting.resume()
        if type(value) in PLAIN or not is_awaitable(value):
            return self._values
        return filled(self._run, self._values, [self._key])


def _resumed(run: Settles, values: Any, missing: Keys) -> Any:
    still = []
    failure: Exception | None = None
    for key in missing:
        try:
            values[key] = value = values[key].resume()
        except Exception as error:  # noqa: BLE001 the others resume first, as tasks of their own would
            failure = failure or error
        else:
            if type(value) not in PLAIN and is_awaitable(value):
                still.append(key)
    if failure:
        run.settle([values[key] for key in still])
        raise failure
    return filled(run, values, still) if still else values


async def _gathered(values: Any, missing: Keys) -> Any:
    if len(missing) == 1:
        values[missing[0]] = await values[missing[0]]
    else:
        found = await gather_with_cancel(*[values[key] for key in missing])
        for key, value in zip(missing, found, strict=True):
            values[key] = value
    return values


async def _settle(value: Any) -> Any:
    while isinstance(value, Later):
        try:
            for future in value.futures:
                if not future.done():
                    await asyncio.wait((future,))
        except asyncio.CancelledError:
            for future in value.futures:
                future.cancel()
            raise
        for future in value.futures:
            if not future.cancelled():
                future.exception()  # seen, even where another error comes first
        value = value.resume()
    return await value if is_awaitable(value) else value


def _end(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
