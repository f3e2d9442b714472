"""Values for variables: right, nearly right, and wrong in every way that JSON can spell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", " ", "\0", "\u202e", "\N{KELVIN SIGN}", "x" * 1024, "x" * 1025, "9" * 5000, "null", "{}"]
)
NUMBERS = st.sampled_from(
    [0, 1, 2, -1, 20, 100, 101, 2**31, -(2**31) - 1, 2**53, 2**63, 1.5, 1e300]
)
_NO_GROUP = "ffffffff-ffff-4fff-bfff-ffffffffffff"
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def is_uuid(text: str) -> bool:
    return len(text) == len(_NO_GROUP)


def values_of(kind: GraphQLInputType, known: Sequence[str]) -> st.SearchStrategy[Any]:
    """Values for an input type; `known` are texts that mean something to the server."""
    if is_non_null_type(kind):
        return values_of(kind.of_type, known)
    if is_list_type(kind):
        right: st.SearchStrategy[Any] = st.lists(values_of(kind.of_type, known), max_size=3)
    elif is_input_object_type(kind):
        right = _objects(kind, known)
    else:
        right = {
            "Int": st.integers(1, 5) | st.integers(-1, 101),
            "Boolean": st.booleans(),
            "UUID": st.sampled_from([each for each in known if is_uuid(each)] * 3 + [_NO_GROUP]),
            "String": st.sampled_from(known) | TEXTS,
        }[str(kind)]
    # One in sixteen is anything at all: what is wrong everywhere goes nowhere.
    return st.sampled_from(range(16)).flatmap(lambda lot: ANYTHING if lot == 15 else right)


def _objects(kind: GraphQLInputObjectType, known: Sequence[str]) -> st.SearchStrategy[Any]:
    fields = {name: values_of(field.type, known) for name, field in kind.fields.items()}
    required = {name for name, field in kind.fields.items() if is_non_null_type(field.type)}
    return st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: each for name, each in fields.items() if name not in required},
    )
