"""What loaders give: everything that a reading has left open is asked for at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from graphql.pyutils import gather_with_cancel

from execution.reading import Later, Read, Site
from execution.shortcuts import LoadAll, Loaded


class Loads:
    """What one run has loaded so far.

    No key is asked for twice, but by root fields that wait for it side by side.
    """

    __slots__ = ("_context", "_known")

    def __init__(self, context: object) -> None:
        self._context = context
        self._known: dict[LoadAll, dict[Any, Any]] = {}

    async def fill(self, later: Later) -> None:
        """Put the values of `later` in their places; each is read once for all of them.

        What waits in these is loaded next. Raises any Exception where a reader or a loader does.
        """
        while later:
            wave, later = later, defaultdict(dict)
            loads = [self._load(load, list(wanted)) for load, wanted in wave.items()]
            # Several side by side; one needs no task.
            values = [await loads[0]] if len(loads) == 1 else await gather_with_cancel(*loads)
            for wanted, found in zip(wave.values(), values, strict=True):
                for places, value in zip(wanted.values(), found, strict=True):
                    _put(value, places, later)

    def known(self, loaded: Loaded, source: Any) -> Any:
        """Return the value that `source` has been loaded, or an Exception; raises KeyError."""
        return self._known[loaded.load][getattr(source, loaded.key)]

    async def _load(self, load: LoadAll, keys: list[Any]) -> Sequence[Any]:
        known = self._known.setdefault(load, {})
        missing = [key for key in keys if key not in known] if known else keys
        try:
            values = await load(self._context, missing) if missing else ()
            found = list(zip(missing, values, strict=True))
        except Exception as error:
            known.update(dict.fromkeys(missing, error))
            raise
        known.update(found)
        return values if missing is keys else [known[key] for key in keys]


def _put(value: Any, places: list[tuple[Site, dict[str, Any]]], later: Later) -> None:
    """Read `value` once for all that ask the same of it, and put that in its places."""
    answers: dict[Read, Any] = {}
    for site, found in places:
        if site.read not in answers:
            answers[site.read] = site.read(value, later)
        found[site.key] = answers[site.read]
