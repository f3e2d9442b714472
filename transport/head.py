"""The head of a request: its headers, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from starlette.types import Scope

# Names are in lower case, as ASGI has them all.
Head: TypeAlias = Mapping[bytes, bytes]


def read_head(scope: Scope) -> Head:
    """Return the headers of a request, for whoever asks for several; the first of each name."""
    return dict(reversed(scope["headers"]))


def header(scope: Scope, name: bytes) -> str | None:
    """Return the first header of that name.

    Starlette's `Headers` decodes name after name, for every header that is asked for.
    """
    for each, value in scope["headers"]:
        if each == name:
            text: str = value.decode("latin-1")
            return text
    return None
