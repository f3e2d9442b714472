"""Between plain values and DynamoDB's typed ones (`{"S": "text"}`).

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasources.table import ForeignValue, Item, Key, Value


def to_attributes(item: Item) -> dict[str, Any]:
    """Return `item` with each value typed."""
    # Most are texts, here and below.
    return {
        name: {"S": value} if isinstance(value, str) else to_attribute(value)
        for name, value in item.items()
    }


def to_key(key: Key) -> dict[str, Any]:
    """Return `key` with its values typed."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def to_attribute(value: Value) -> dict[str, Any]:
    """Return one value typed; a type that this table does not use raises TypeError."""
    match value:
        case str():
            return {"S": value}
        case ForeignValue(typed):
            return dict(typed)
        case bool():
            raise TypeError("the table holds no booleans")
        case int():
            return {"N": str(value)}
        case Mapping():
            return {"M": to_attributes(value)}
        case Sequence():
            return {"L": [to_attribute(each) for each in value]}
    raise TypeError(f"the table holds no {type(value).__name__}")


def to_item(attributes: Mapping[str, Any]) -> dict[str, Value]:
    """Return the plain values of typed `attributes`."""
    item: dict[str, Value] = {}
    for name, typed in attributes.items():
        text = typed.get("S")
        item[name] = to_value(typed) if text is None else text
    return item


def to_value(typed: Mapping[str, Any]) -> Value:
    """Return one plain value; a type that this table does not use stays as it is."""
    number = typed.get("N")
    if number is not None and number.removeprefix("-").isdecimal():
        return int(number)
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return str(value)
        case "M":
            return to_item(value)
        case "L":
            return [to_value(each) for each in value]
    return ForeignValue(typed)
