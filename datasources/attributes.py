"""Attributes of our types, for the structs that items of a page are read as.

msgspec makes such a struct straight from JSON, which takes half of what two dictionaries an
attribute and a look into each of them do. An attribute of another type raises ValidationError.
"""

from __future__ import annotations

from msgspec import Struct, convert

from datasources.table import Item, Kind


class Text(Struct, frozen=True, gc=False):
    S: str


class Number(Struct, frozen=True, gc=False):
    """A whole number. DynamoDB has it as text, which msgspec reads where it is not `strict`."""

    N: int


def read(item: Item, kind: type[Kind]) -> Kind:
    """Return `item` as a struct of its attributes; raises ValidationError."""
    return convert(item, kind, strict=False)
