"""What is asked of an object of one type, answered field by field.

https://spec.graphql.org/draft/#ExecuteSelectionSet()
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from execution.awaiting import filled, is_later
from execution.fields import Field
from execution.running import Place, Run


class Selection:
    """Answers `fields` of an object."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields

    def run(self, run: Run, source: Any, place: Place | None) -> Any:
        """Return the fields by their keys, or an awaitable; raises what is not to be null here."""
        values: dict[str, Any] = {}
        missing: list[str] = []
        try:
            for field in self._fields:
                values[field.key] = value = field.run(run, source, place)
                if is_later(value):
                    missing.append(field.key)
        except Exception:
            run.settle([values[key] for key in missing])
            raise
        return filled(values, missing) if missing else values

    async def run_serially(self, run: Run, source: Any) -> dict[str, Any]:
        """As `run`, each of a mutation's fields when the one before has ended."""
        values: dict[str, Any] = {}
        for field in self._fields:
            value = field.run(run, source, None)
            values[field.key] = await value if is_later(value) else value
        return values
