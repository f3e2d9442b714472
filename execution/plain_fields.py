"""Fields that are attributes, answered as they are: read by a function that is made for them.

That function is generated source, as for `{ uuid: id sender }`:

    lambda o: {"uuid": a0, "sender": None} if type(a0 := o.id) is str else None
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from keyword import iskeyword
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLOutputType,
    GraphQLString,
    get_nullable_type,
    is_scalar_type,
)

from execution.fields import Field

# None for an object that is not as most are: then each field is looked at by itself.
Read: TypeAlias = Callable[[Any], "dict[str, Any] | None"]


def reader(fields: Sequence[Field]) -> Read | None:
    """Return what reads the plain fields of an object, and leaves places for the others."""
    plain = [field for field in fields if is_plain(field)]
    if not plain:
        return None
    names = {field.key: f"a{number}" for number, field in enumerate(plain)}
    checks = " and ".join(
        f"type({names[field.key]} := o.{field.attribute}) is {_plain_type(field.kind)}"
        for field in plain
    )
    pairs = ", ".join(f'"{field.key}": {names.get(field.key)}' for field in fields)
    # Keys are GraphQL's names and attributes are Python's: neither can be anything else here.
    assert all(field.key.isidentifier() for field in fields)  # noqa: S101
    made = eval(f"lambda o: {{{pairs}}} if {checks} else None")  # noqa: S307
    return cast(Read, made)


def is_plain(field: Field) -> bool:
    name = field.attribute
    if name is None or _plain_type(field.kind) is None:
        return False
    return name.isidentifier() and not iskeyword(name)


def _plain_type(kind: GraphQLOutputType) -> str | None:
    """The Python type whose values are answered as they are."""
    named = get_nullable_type(kind)
    if named in (GraphQLString, GraphQLID):
        return "str"
    if named is GraphQLBoolean:
        return "bool"
    # `str` of a string is that string.
    return "str" if is_scalar_type(named) and named.coerce_output_value is str else None
