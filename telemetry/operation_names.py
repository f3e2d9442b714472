"""Names of operations as label values: clients make them up, so they are bounded in number."""

from __future__ import annotations

OTHER = "other"
_LONGEST = 64


class OperationNames:
    """Lets the first `most` names pass that are asked for; every later one is `other`.

    To be asked only for operations that are valid and whose caller is known, so that nobody can
    make a time series without signing in. What is over stays over until the process ends: were
    names to be replaced by newer ones, their series would grow in number again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def label(self, name: str | None) -> str:
        """Return `name` or `other`; the empty string for an operation without a name."""
        if name is None:
            return ""
        if name in self._known:
            return name
        if len(self._known) >= self._most or len(name) > _LONGEST:
            return OTHER
        self._known.add(name)
        return name
