"""Objects and lists of which some values are awaitable: they run side by side, as tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql.pyutils import gather_with_cancel, is_awaitable

# What needs no closer look: it is not awaitable.
_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})


def is_later(value: Any) -> bool:
    return type(value) not in _PLAIN and is_awaitable(value)


async def filled(container: Any, missing: Sequence[Any]) -> Any:
    """Return `container`, an object or a list, when its awaitables, at `missing`, are there."""
    if len(missing) == 1:
        container[missing[0]] = await container[missing[0]]
        return container
    found = await gather_with_cancel(*[container[key] for key in missing])
    for key, value in zip(missing, found, strict=True):
        container[key] = value
    return container
