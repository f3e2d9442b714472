"""Values of which some may be awaitable. Whatever is there at once is not waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from graphql.pyutils import gather_with_cancel, is_awaitable

# What needs no closer look: it is not awaitable.
_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})


def is_later(value: Any) -> bool:
    return type(value) not in _PLAIN and is_awaitable(value)


def then(value: Any, follow: Callable[[Any], Any]) -> Any:
    """Return what follows from `value`, or an awaitable of it."""
    return _then(value, follow) if is_later(value) else follow(value)


async def _then(value: Awaitable[Any], follow: Callable[[Any], Any]) -> Any:
    found = follow(await value)
    return await found if is_later(found) else found


def together(container: Any, items: Iterable[tuple[Any, Any]]) -> Any:
    """Return `container`, of which these are the items, or an awaitable of it.

    Awaitables among the items run side by side, as tasks.
    """
    missing = [key for key, value in items if is_later(value)]
    return _together(container, missing) if missing else container


async def _together(container: Any, missing: Sequence[Any]) -> Any:
    if len(missing) == 1:  # which needs no task
        container[missing[0]] = await container[missing[0]]
        return container
    found = await gather_with_cancel(*[container[key] for key in missing])
    for key, value in zip(missing, found, strict=True):
        container[key] = value
    return container
