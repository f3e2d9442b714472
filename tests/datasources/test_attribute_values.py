"""Typed values: the same ones as boto3's own serializer makes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from datasources.attribute_values import to_attribute, to_attributes, to_item, to_value
from datasources.table import ForeignValue, Item, Value

# DynamoDB's numbers have 38 digits; boto3's serializer refuses more.
NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text() | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
ITEMS = st.dictionaries(st.text(), VALUES, max_size=5)


def plain(value: Any) -> Any:
    """What boto3 reads, with its Decimals as the integers that they are."""
    match value:
        case Decimal():
            return int(value)
        case dict():
            return {name: plain(each) for name, each in value.items()}
        case list():
            return [plain(each) for each in value]
    return value


@given(VALUES)
def test_values_are_typed_as_boto3_does(value: Value) -> None:
    assert to_attribute(value) == TypeSerializer().serialize(value)


@given(VALUES)
def test_typed_values_are_read_as_boto3_does(value: Value) -> None:
    typed = TypeSerializer().serialize(value)
    assert to_value(typed) == plain(TypeDeserializer().deserialize(typed)) == value


@given(ITEMS)
def test_items_come_back(item: Item) -> None:
    assert to_item(to_attributes(item)) == item


def test_a_tuple_is_a_list() -> None:
    assert to_attribute(("a", 1)) == {"L": [{"S": "a"}, {"N": "1"}]}


@pytest.mark.parametrize("value", [True, None, 1.5, Decimal(1), {"a"}, object()], ids=repr)
def test_types_that_the_table_does_not_use_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="the table holds no"):
        to_attribute(value)


@pytest.mark.parametrize(
    "typed",
    [
        {"BOOL": True},
        {"NULL": True},
        {"SS": ["a"]},
        {"NS": ["1.5"]},
        {"BS": [b"a"]},
        {"B": b""},
        {"N": "1.5"},
        {"N": "-1E+126"},
    ],
    ids=str,
)
def test_stored_values_of_other_types_stay_as_they_are(typed: dict[str, Any]) -> None:
    for value in (typed, {"L": [typed]}, {"M": {"deep": {"L": [typed, {"N": "-1"}]}}}):
        assert to_attribute(to_value(value)) == value
    assert to_value(typed) == ForeignValue(typed)


def test_such_a_value_is_never_taken_for_a_text() -> None:
    with pytest.raises(TypeError, match="not of the type"):
        str(to_value({"BOOL": True}))
