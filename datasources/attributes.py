"""Attributes of our types, for the structs that items of a page are read as.

msgspec makes such a struct straight from JSON, which takes half of what two dictionaries an
attribute and a look into each of them do. An attribute of another type raises ValidationError.
"""

from __future__ import annotations

from msgspec import Struct


class Text(Struct, frozen=True, gc=False):
    S: str


class Number(Struct, frozen=True, gc=False):
    N: str
