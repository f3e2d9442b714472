"""How errors reach a client: with a stable code, or masked and logged once."""

from __future__ import annotations

import logging

import pytest
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, parse

from domain.errors import BadCursor, CruddurError, GroupNotFound, HistoryInFlight, StoreUnavailable
from logs import JsonFormatter
from schema.presentation import failure, internal_error, present_errors, present_result

TEXT = "the text of a message"
MASK = {
    "message": "Something went wrong here. Tell us the request id.",
    "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "r-1"},
}
# That of an error which `located` makes.
PLACE = {"path": ["mine", 0], "locations": [{"line": 1, "column": 3}]}


def located(cause: Exception | None, text: str = TEXT) -> GraphQLError:
    (operation,) = parse("{ mine: messages }").definitions
    assert isinstance(operation, OperationDefinitionNode)
    nodes = [*operation.selection_set.selections]
    return GraphQLError(text, nodes, path=["mine", 0], original_error=cause)


def test_data_alone_is_passed_on() -> None:
    assert present_result(ExecutionResult({"me": None}, None), "r-1") == {"data": {"me": None}}


def test_a_request_refused_before_it_ran_has_no_data_entry() -> None:
    answer = present_result(ExecutionResult(None, [GraphQLError("Variable $n …")]), "r-1")
    assert answer == {
        "errors": [{"message": "Variable $n …", "extensions": {"code": "BAD_USER_INPUT"}}]
    }


def test_a_request_that_failed_while_it_ran_has_one() -> None:
    answer = present_result(ExecutionResult(None, [located(GroupNotFound())]), "r-1")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "GROUP_NOT_FOUND"}


@pytest.mark.parametrize(
    ("error", "extensions"),
    [
        (BadCursor("why"), {"code": "BAD_CURSOR", "retryable": False}),
        (StoreUnavailable("why"), {"code": "STORE_UNAVAILABLE", "retryable": True}),
        (HistoryInFlight("why"), {"code": "HISTORY_IN_FLIGHT", "retryable": True}),
    ],
)
def test_our_failures_have_their_code_and_their_detail(
    error: CruddurError, extensions: dict[str, object]
) -> None:
    (shown,) = present_errors([located(error)], "r-1")
    assert shown == {"message": "why", **PLACE, "extensions": extensions}
    assert failure(error, "r-1") == {"message": "why", "extensions": extensions}


def test_what_is_the_clients_own_doing_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    present_errors([located(BadCursor("why")), located(GroupNotFound())], "r-1")
    assert caplog.records == []


def away() -> StoreUnavailable:
    """As a datasource fails: its driver quotes what it was given."""
    unavailable = StoreUnavailable("The store did not answer.")
    try:
        fail()
    except RuntimeError as error:
        unavailable.__cause__ = error
    return unavailable


def test_behind_a_store_that_is_away_stands_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    """Even where many fields waited for the same answer."""
    error = away()
    present_result(ExecutionResult(None, [located(error), located(error)]), "r-1")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    line = JsonFormatter().format(record)
    assert '"code":"STORE_UNAVAILABLE","request_id":"r-1"' in line
    assert "builtins.RuntimeError" in line
    assert "at fail (test_presentation.py:" in line
    assert TEXT not in line


def test_so_it_does_where_no_field_was_reached(caplog: pytest.LogCaptureFixture) -> None:
    failure(away(), "r-2")
    (record,) = caplog.records
    assert '"request_id":"r-2"' in JsonFormatter().format(record)


def test_an_unexpected_error_is_masked_with_the_request_id() -> None:
    (shown,) = present_errors([located(RuntimeError(TEXT))], "r-1")
    assert shown == {**MASK, **PLACE}
    assert internal_error("r-1") == MASK


def fail() -> None:
    raise RuntimeError(TEXT)


def test_it_is_logged_once_without_its_text(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caplog.handler, "formatter", JsonFormatter())  # its frames are let go of
    try:
        fail()
    except RuntimeError as error:
        present_result(ExecutionResult({"messages": None}, [located(error)]), "r-1")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    line = caplog.text
    assert TEXT not in line
    assert '"request_id":"r-1"' in line
    assert '"unexpected error in messages"' in line
    assert "mine" not in line
    assert "at fail (test_presentation.py:" in line


def test_an_error_that_has_no_place_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    error = GraphQLError("failed", original_error=RuntimeError(TEXT))
    assert present_errors([error], "r-1") == [MASK]
    assert "operation" in caplog.messages[0]


def test_a_document_that_does_not_fit_says_where() -> None:
    node = parse("{ goodbye }").definitions[0]
    error = GraphQLError("Cannot query field.", nodes=[node])
    (shown,) = present_errors([error], "r-1", "GRAPHQL_VALIDATION_FAILED")
    assert shown["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert shown["locations"] == [{"line": 1, "column": 1}]


def test_extensions_of_others_do_not_leak() -> None:
    error = GraphQLError("x", extensions={"stack": TEXT}, original_error=RuntimeError(TEXT))
    assert TEXT not in str(present_errors([error], "r-1"))


def test_an_error_of_graphql_cores_within_another_is_the_clients_doing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    (shown,) = present_errors([located(GraphQLError("Argument 'n' is null."))], "r-1")
    assert shown["extensions"] == {"code": "BAD_USER_INPUT"}
    assert caplog.records == []
