"""A write as one action of DynamoDB's transactions.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItem.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import Any

from datasources.table import (
    Absent,
    AbsentOrBelow,
    Below,
    Condition,
    Equal,
    Item,
    Put,
    Update,
    Write,
)

# What a condition demands of each attribute that it compares.
_DEMANDS: Mapping[type[Condition | None], str] = {
    NoneType: "",
    Absent: "attribute_not_exists(pk)",
    Equal: "{name} = {value}",
    Below: "(attribute_not_exists({name}) OR {name} < {value})",
    AbsentOrBelow: "(attribute_not_exists(pk) OR {name} < {value})",
}


def to_action(write: Write, table: str) -> dict[str, Any]:
    """Return the action of `write` to the table of this name."""
    sets: Item = {}
    adds: Item = {}
    if isinstance(write, Put):
        kind, place, item = "Put", "Item", write.item
    elif isinstance(write, Update):
        kind, place, item = "Update", "Key", write.key.attributes()
        sets, adds = write.attributes, write.adds
    else:
        kind, place, item = "Delete", "Key", write.key.attributes()
    when = write.when
    compared = when.attributes if when else {}
    words = _words(tuple(sets), tuple(adds), _DEMANDS[type(when)], tuple(compared))
    action = {place: item, "TableName": table, **words.expressions}
    # DynamoDB refuses an empty map.
    if words.marks:
        values = (*sets.values(), *adds.values(), *compared.values())
        action["ExpressionAttributeValues"] = dict(zip(words.marks, values, strict=True))
    return {kind: action}


@dataclass(frozen=True, slots=True)
class _Words:
    """What actions on the same attributes have in common.

    `expressions` are parameters of the action. In them marks stand for names, which may be
    reserved or have any character, and the `marks` for values: those that are set, those that
    are added, those that are compared.
    """

    expressions: Mapping[str, Any]
    marks: Sequence[str]


# The code writes a dozen shapes; items that others added attributes to may have any.
@lru_cache(maxsize=256)
def _words(
    sets: Sequence[str],
    adds: Sequence[str],
    demand: str,
    compared: Sequence[str],
) -> _Words:
    """Put the names of attributes that are set, added to and compared into words."""
    every = (*sets, *adds, *compared)
    names = {name: f"#{number}" for number, name in enumerate(dict.fromkeys(every))}
    marks = [f":{number}" for number in range(len(every))]
    pairs = iter([(names[name], mark) for name, mark in zip(every, marks, strict=True)])
    expressions: dict[str, Any] = {}
    update = [
        verb + ", ".join(f"{name}{sign}{mark}" for name, mark in islice(pairs, len(part)))
        for verb, sign, part in (("SET ", " = ", sets), ("ADD ", " ", adds))
        if part
    ]
    if update:
        expressions["UpdateExpression"] = " ".join(update)
    if demand:
        each = [demand.format(name=name, value=mark) for name, mark in pairs]
        expressions["ConditionExpression"] = " AND ".join(each or [demand])
        expressions["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        expressions["ExpressionAttributeNames"] = {mark: name for name, mark in names.items()}
    return _Words(expressions, marks)
