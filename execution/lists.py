"""How a list is completed: item by item, each with its place and its errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from graphql import GraphQLError, located_error
from graphql.pyutils import is_async_iterable, is_iterable

from execution.awaiting import filled, is_later
from execution.fields import Complete, Field
from execution.running import Place, Run, path_of


def list_completer(field: Field, item: Complete, *, required: bool) -> Complete:
    """Return what completes lists that `field` has, each of whose items `item` completes.

    `required` says that no item may be null.
    """
    why = f"Expected Iterable, but did not find one for field '{field.parent}.{field.name}'."

    def complete(run: Run, place: Place, value: Any) -> Any:
        if is_async_iterable(value):
            return from_async(run, place, aiter(value))
        if not is_iterable(value):
            raise GraphQLError(why)
        found: list[Any] = []
        missing: list[int] = []
        items = iter(value)
        try:
            for index, each in enumerate(items):
                add(run, (place, index, None), each, found, missing)
        except Exception:
            run.settle([found[index] for index in missing])
            with suppress(Exception):
                run.settle(items)
            raise
        return filled(found, missing) if missing else found

    async def from_async(run: Run, place: Place, items: AsyncIterator[Any]) -> list[Any]:
        found: list[Any] = []
        missing: list[int] = []
        try:
            while True:
                try:
                    each = await anext(items)
                except StopAsyncIteration:
                    break
                except Exception as error:
                    raise located_error(error, field.nodes, path_of(place)) from error
                add(run, (place, len(found), None), each, found, missing)
        except Exception:
            with suppress(Exception):
                await items.aclose()  # type: ignore[attr-defined]
            run.settle([found[index] for index in missing])
            raise
        return await filled(found, missing) if missing else found

    def add(run: Run, place: Place, each: Any, found: list[Any], missing: list[int]) -> None:
        """Complete an item and append it, or an awaitable of it."""
        if is_later(each):
            completed: Any = field.complete_awaited(run, place, each, item, required)
        else:
            try:
                completed = item(run, place, each)
            except Exception as error:  # noqa: BLE001 whatever is wrong is the item's error
                run.failed(error, field.nodes, place, required=required)
                completed = None
            if not is_later(completed):
                found.append(completed)
                return
            completed = field.guarded(run, place, completed, required)
        missing.append(len(found))
        found.append(completed)

    return complete
