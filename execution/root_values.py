"""The value of a root field: read whole, or, where it is not as most are, field by field."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graphql.pyutils import is_awaitable

from execution.fields import Complete
from execution.reading import Later, Read
from execution.running import Place, Run


def read_or(read: Read, complete: Complete) -> Complete:
    """Return what completes a value by `read`, and by `complete` where that raises."""

    def whole(run: Run, place: Place, value: Any) -> Any:
        later: Later = defaultdict(dict)
        try:
            found = read(value, later)
        except Exception:  # noqa: BLE001 `complete` meets it again, and says what it means
            return complete(run, place, value)
        return filled(run, place, value, found, later) if later else found

    async def filled(run: Run, place: Place, value: Any, found: Any, later: Later) -> Any:
        try:
            await run.loads.fill(later)
        except Exception:  # noqa: BLE001 `complete` meets it again, and says what it means
            found = complete(run, place, value)
            return await found if is_awaitable(found) else found
        return found

    return whole
