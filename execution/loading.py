"""What loaders give: everything that a reading has left open is asked for at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from graphql.pyutils import gather_with_cancel

from execution.reading import Later, nothing_yet
from execution.shortcuts import LoadAll, Loaded


class Loads:
    """What one run has loaded so far.

    No key is asked for twice, but by root fields that wait for it side by side.
    """

    def __init__(self, context: object) -> None:
        self._context = context
        self._known: defaultdict[LoadAll, dict[Any, Any]] = defaultdict(dict)

    async def fill(self, later: Later) -> None:
        """Fill the answers of `later`, each of which stands wherever it was asked for.

        What waits in these is loaded next. Raises any Exception where a reader or a loader does.
        """
        while later:
            wave, later = later, nothing_yet()
            keys: defaultdict[LoadAll, dict[Any, object]] = defaultdict(dict)
            for wanted, waiting in wave.items():
                keys[wanted.load].update(waiting)
            loads = [self._load(load, asked) for load, asked in keys.items()]
            # Several side by side; one needs no task.
            await (loads[0] if len(loads) == 1 else gather_with_cancel(*loads))
            for wanted, waiting in wave.items():
                known, read = self._known[wanted.load], wanted.read
                for key, answer in waiting.items():
                    answer.update(read(known[key], later))

    def known(self, loaded: Loaded, source: Any) -> Any:
        """Return the value that `source` has been loaded, or an Exception; raises KeyError."""
        return self._known[loaded.load][getattr(source, loaded.key)]

    async def _load(self, load: LoadAll, keys: Iterable[Any]) -> None:
        known = self._known[load]
        missing = [key for key in keys if key not in known] if known else list(keys)
        if not missing:
            return
        try:
            known.update(zip(missing, await load(self._context, missing), strict=True))
        except Exception as error:
            for key in missing:
                known.setdefault(key, error)  # a root field beside this one may have loaded it
            raise
