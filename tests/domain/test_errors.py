"""Error codes: stable, each with its type in the schema and its row in the docs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from graphql import GraphQLInterfaceType, GraphQLUnionType

from domain.errors import CruddurError, RequestError, UserError
from schema.build import build_schema, core_schema
from schema.errors import TYPES

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"

# Clients rely on these: a code that is here may be joined by others, never change or go.
USER_ERRORS = {
    "CONFLICTING_RETRY",
    "GROUP_NOT_FOUND",
    "MESSAGE_BLANK",
    "MESSAGE_TOO_LONG",
    "RATE_LIMITED",
    "RECIPIENT_IS_YOURSELF",
    "RECIPIENT_UNKNOWN",
}
REQUEST_ERRORS = {
    "BAD_CURSOR": False,
    "BAD_USER_INPUT": False,
    "HISTORY_IN_FLIGHT": True,
    "NOT_REGISTERED": False,
    "STORE_UNAVAILABLE": True,
    "UNAUTHENTICATED": False,
}


Failure = TypeVar("Failure", bound=CruddurError)


def leaves(kind: type[Failure]) -> Iterator[type[Failure]]:
    below = kind.__subclasses__()
    for each in below:
        yield from leaves(each)
    if not below:
        yield kind


def test_user_errors_have_the_codes_that_clients_know() -> None:
    codes = [failure.code for failure in leaves(UserError)]
    assert sorted(codes) == sorted(USER_ERRORS)


def test_request_errors_have_the_codes_that_clients_know() -> None:
    found = {failure.code: failure.retryable for failure in leaves(RequestError)}
    assert found == REQUEST_ERRORS


def test_a_code_is_the_name_of_its_class() -> None:
    for failure in leaves(UserError):
        assert failure.code.replace("_", "") == failure.__name__.upper()


def test_every_user_error_is_a_member_of_the_payload_union() -> None:
    schema = core_schema(build_schema())
    union = schema.type_map["SendMessagePayload"]
    interface = schema.type_map["UserError"]
    assert isinstance(union, GraphQLUnionType)
    assert isinstance(interface, GraphQLInterfaceType)
    assert TYPES.keys() == set(leaves(UserError))
    members = {each.name for each in union.types}
    assert members == {kind.__name__ for kind in TYPES.values()} | {"SendMessageSuccess"}
    for kind in TYPES.values():
        assert schema.is_sub_type(interface, schema.type_map[kind.__name__])


@pytest.mark.parametrize("code", sorted([*USER_ERRORS, *REQUEST_ERRORS]))
def test_the_docs_have_a_row_for_each(code: str) -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert any(f"`{code}`" in row.split("|")[1] for row in rows), f"add `{code}` to docs/errors.md"
