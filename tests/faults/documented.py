"""What docs/errors.md promises to clients, read from its tables."""

from __future__ import annotations

import re
from functools import cache

from local.data_directory import ROOT

_ERROR = re.compile(r"^\| `(\w+)` \|.*\| yes \|$", re.MULTILINE)
_CLOSE = re.compile(r"^\| (1\d{3}) \|.*\| comes back", re.MULTILINE)


@cache
def retryable_codes() -> frozenset[str]:
    """The codes after which the same request may succeed."""
    return frozenset(_ERROR.findall(_page()))


@cache
def passing_close_codes() -> frozenset[int]:
    """The codes that close a socket for no fault of the client's: it may come back."""
    return frozenset(map(int, _CLOSE.findall(_page())))


def _page() -> str:
    return (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
