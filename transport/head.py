"""The head of a request: its headers, by name."""

from __future__ import annotations

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """Return the first header of that name, which is in lower case, as ASGI has them all.

    Starlette's `Headers` decodes name after name, for every header that is asked for.
    """
    for each, value in scope["headers"]:
        if each == name:
            text: str = value.decode("latin-1")
            return text
    return None
