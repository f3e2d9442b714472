"""The data-plane operations that the entities of the table need, and nothing else.

Whoever implements `Table` (boto3 in threads, a lean client, a test's double) promises:
reads are strongly consistent; a transaction happens whole or not at all; a write whose answer
was lost is repeated with identical bytes and the same token, so that it happens once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from msgspec import Struct

# A value under the name of its type, as DynamoDB has it: `{"S": "text"}`, `{"N": "7"}`. Of a type
# that is not ours, somebody else put it there: it is written back as it was read.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
Attribute: TypeAlias = Mapping[str, Any]
Item: TypeAlias = Mapping[str, Attribute]
Kind = TypeVar("Kind")


class Key(Struct, frozen=True, order=True, gc=False):
    """Where an item stands."""

    pk: str
    sk: str

    @classmethod
    def of(cls, item: Item) -> Key:
        """Return where `item` stands."""
        return cls(item["pk"]["S"], item["sk"]["S"])

    def attributes(self) -> Item:
        """Return what an item that stands here begins with."""
        return {"pk": {"S": self.pk}, "sk": {"S": self.sk}}


class Absent(Struct, frozen=True, gc=False):
    """The item must not exist."""

    attributes: ClassVar[Item] = {}


class Equal(Struct, frozen=True, gc=False):
    """The item must exist, and have each of `attributes`."""

    attributes: Item


class Below(Struct, frozen=True, gc=False):
    """Each of `attributes` is a number that the item must not have, or have below this one."""

    attributes: Item


class AbsentOrBelow(Struct, frozen=True, gc=False):
    """The item must not exist, or have a number below each of `attributes`."""

    attributes: Item


Condition: TypeAlias = Absent | Equal | Below | AbsentOrBelow


class Put(Struct, frozen=True, gc=False):
    item: Item
    when: Condition | None = None


class Update(Struct, frozen=True, gc=False):
    """Set `attributes` of the item at `key`, leaving its others as they are.

    `adds` are added to its numbers, where one that is missing is zero.
    """

    key: Key
    attributes: Item
    when: Condition
    adds: Item = {}


class Delete(Struct, frozen=True, gc=False):
    """Delete the item at `key`; that it is already gone is fine, unless `when` says otherwise."""

    key: Key
    when: Condition | None = None


Write: TypeAlias = Put | Update | Delete


class Refusal(Struct, frozen=True, gc=False):
    """Why one write of a transaction was refused.

    `item` is what stood there, where a condition failed and something did.
    """

    code: str
    item: Item | None

    @property
    def by_condition(self) -> bool:
        return self.code == "ConditionalCheckFailed"


class TransactionRefused(Exception):
    """Nothing was written. `reasons` has one entry per write, None where it was not at fault."""

    def __init__(self, reasons: Sequence[Refusal | None]) -> None:
        super().__init__("transaction refused")
        self.reasons = reasons


class Scannable(Protocol):
    """A table that can be read as a whole, which only maintenance does."""

    def scan(self) -> AsyncIterator[Item]:
        """Yield every item; those of one partition follow each other, in their order."""
        ...


class Table(Protocol):
    """One DynamoDB table. Every method may raise `domain.errors.StoreUnavailable`."""

    async def get(self, key: Key) -> Item | None:
        """Return the item at `key`, or None."""
        ...

    async def query(
        self,
        pk: str,
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Kind]:
        """Return up to `limit` items of the partition `pk` in the order of their sort keys.

        They are read as `kind`: `dict`, or a struct of its attributes, where those of another
        type, or none, raise msgspec.ValidationError.

        `above` and `below` bound the sort key, both exclusive; at most one of them is given.
        Fewer than `limit` items mean that there are no more. The items may show part of
        somebody's transaction:
        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
        """
        ...

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        """Write all of `writes`, or none: then TransactionRefused is raised.

        `token` names this attempt; a repeat with the same one is the same attempt.
        """
        ...
