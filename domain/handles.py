"""Handles: what one may be, and when two are the same."""

from __future__ import annotations

import re

_HANDLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def folded(text: str) -> str | None:
    """Return the form in which handles are compared, or None where `text` cannot be one.

    The check comes before the folding: U+212A, the Kelvin sign, is `k` in lower case.
    """
    return text.lower() if _HANDLE.fullmatch(text) else None
