"""The layout item: it says that a table is ours, and in which version.

A table of the journal's looks like ours until somebody reads it: its messages have no numbers.
"""

from __future__ import annotations

from datasources import keys
from datasources.failures import StoreFailure
from datasources.table import Absent, Item, Put, Table

VERSION = 1
_MARK = {"N": str(VERSION)}


class ForeignTable(StoreFailure):
    """The table has no layout item of this version."""

    def __init__(self) -> None:
        super().__init__(
            "the table is not this project's yet: bin/ddb/schema-load prepares an empty one, and"
            " bin/ddb/adopt one that the journal's code has written to"
        )


def to_item() -> Item:
    return {**keys.LAYOUT.attributes(), "layout": _MARK}


def is_ours(item: Item | None) -> bool:
    """True for the layout item of this version."""
    return item is not None and item.get("layout") == _MARK


async def check(table: Table) -> None:
    """Raise ForeignTable unless `table` is ours, StoreUnavailable if it does not answer."""
    if not is_ours(await table.get(keys.LAYOUT)):
        raise ForeignTable


async def mark(table: Table, *, token: str) -> None:
    """Make `table` ours."""
    if not is_ours(await table.get(keys.LAYOUT)):
        await table.transact([Put(to_item(), when=Absent())], token=token)
