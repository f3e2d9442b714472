"""What loaders give: everything that a reading has left open is asked for at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graphql.pyutils import gather_with_cancel

from execution.reading import Later
from execution.shortcuts import LoadAll, Loaded


class Loads:
    """What one run has loaded so far: no key is asked for twice."""

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
            if len(wave) == 1:
                ((load, wanted),) = wave.items()
                await self._load(load, wanted)
            else:
                await gather_with_cancel(*[self._load(*each) for each in wave.items()])
            for load, wanted in wave.items():
                known = self._known[load]
                for key, places in wanted.items():
                    value, read = known[key], {}
                    for site, found in places:
                        if site not in read:
                            read[site] = site.read(value, later)
                        found[site.key] = read[site]

    def known(self, loaded: Loaded, source: Any) -> Any:
        """Return the value that `source` has been loaded, or an Exception; raises KeyError."""
        return self._known[loaded.load][getattr(source, loaded.key)]

    async def _load(self, load: LoadAll, wanted: dict[Any, Any]) -> None:
        known = self._known.setdefault(load, {})
        missing = [key for key in wanted if key not in known]
        if not missing:
            return
        try:
            values = await load(self._context, missing)
        except Exception as error:
            known.update(dict.fromkeys(missing, error))
            raise
        known.update(zip(missing, values, strict=True))
