"""What is asked of an object of one type: its fields, most of them read in one step.

https://spec.graphql.org/draft/#ExecuteSelectionSet()
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql.pyutils import is_awaitable

from execution.fields import Field
from execution.later import PLAIN, filled
from execution.plain_fields import is_plain, reader
from execution.running import Place, Run


class Selection:
    """Answers `fields` of an object: all at once, or one after the other."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._read = reader(fields)
        self._rest = [field for field in fields if not is_plain(field)]

    def run(self, run: Run, source: Any, place: Place | None) -> Any:
        """Return the fields by their keys, or an awaitable; raises what is not to be null here."""
        values, fields = self._read_plain(source)
        if not fields:
            return values
        missing: list[str] = []
        try:
            for field in fields:
                values[field.key] = value = field.run(run, source, place)
                if type(value) not in PLAIN and is_awaitable(value):
                    missing.append(field.key)
        except Exception:
            run.settle([values[key] for key in missing])
            raise
        return filled(run, values, missing) if missing else values

    def _read_plain(self, source: Any) -> tuple[dict[str, Any], Sequence[Field]]:
        """Return what can be read at once, and the fields that are left."""
        if self._read:
            try:
                values = self._read(source)
            except Exception:  # noqa: BLE001 the field by itself says what is wrong
                values = None
            if values is not None:
                return values, self._rest
        return {}, self._fields

    async def run_serially(self, run: Run, source: Any) -> dict[str, Any]:
        """As `run`, each of a mutation's fields when the one before has ended."""
        values: dict[str, Any] = {}
        for field in self._fields:
            value = field.run(run, source, None)
            values[field.key] = await value if is_awaitable(value) else value
        return values
