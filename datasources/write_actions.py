"""A write as one action of DynamoDB's transactions.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItem.html
"""

from __future__ import annotations

from typing import Any

from datasources.attribute_values import to_attribute, to_attributes, to_key
from datasources.table import (
    Absent,
    AbsentOrExpired,
    Below,
    Condition,
    Delete,
    Equal,
    Item,
    Put,
    Update,
    Value,
    Write,
)


def to_action(write: Write, table: str) -> dict[str, Any]:
    """Return the action of `write` to the table of this name."""
    marks = _Marks()
    action: dict[str, Any]
    match write:
        case Put(item, when):
            kind, action = "Put", {"Item": to_attributes(item)}
        case Update(key, values, when, adds):
            expression = "SET " + ", ".join(marks.pairs(values, " = "))
            if adds:
                expression += " ADD " + ", ".join(marks.pairs(adds, " "))
            kind, action = "Update", {"Key": to_key(key), "UpdateExpression": expression}
        case Delete(key, when):
            kind, action = "Delete", {"Key": to_key(key)}
    action["TableName"] = table
    if when is not None:
        action["ConditionExpression"] = _condition(when, marks)
        action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    # DynamoDB refuses empty maps of names and values.
    if marks.names:
        action["ExpressionAttributeNames"] = {mark: name for name, mark in marks.names.items()}
    if marks.values:
        action["ExpressionAttributeValues"] = marks.values
    return {kind: action}


def _condition(when: Condition, marks: _Marks) -> str:
    match when:
        case Absent():
            return "attribute_not_exists(pk)"
        case AbsentOrExpired(now):
            return f"attribute_not_exists(pk) OR expires_at < {marks.value(now)}"
        case Equal(expected):
            return " AND ".join(marks.pairs(expected, " = "))
        case Below(name, limit):
            mark = marks.name(name)
            return f"attribute_not_exists({mark}) OR {mark} < {marks.value(limit)}"


class _Marks:
    """What stands for names and values in the expressions of an action: `#0`, `:0` and so on.

    Names that others gave to attributes may have any character, and words may be reserved.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, name: str) -> str:
        return self.names.setdefault(name, f"#{len(self.names)}")

    def value(self, value: Value) -> str:
        mark = f":{len(self.values)}"
        self.values[mark] = to_attribute(value)
        return mark

    def pairs(self, values: Item, sign: str) -> list[str]:
        return [f"{self.name(name)}{sign}{self.value(value)}" for name, value in values.items()]
