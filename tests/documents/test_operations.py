"""From a document's text to one operation, or to the reasons why there is none."""

from __future__ import annotations

import pytest
from graphql import OperationType

import documents.operations
from documents.operations import Operation, OperationRefused, Operations
from tests.doubles.counting_schema import Counter

TWO = "query One { hello } mutation Two { add(number: 1) }"


@pytest.fixture
def operations() -> Operations:
    return Operations(Counter().schema)


def refusal(operations: Operations, source: str, name: str | None = None) -> OperationRefused:
    with pytest.raises(OperationRefused) as refused:
        operations.prepare(source, name)
    return refused.value


def test_the_only_operation_needs_no_name(operations: Operations) -> None:
    for source in ("{ hello }", "query One { hello }"):
        assert operations.prepare(source, None).type is OperationType.QUERY
    assert operations.prepare("query One { hello }", None).name == "One"
    assert operations.prepare("{ hello }", None).name is None


def test_one_of_several_is_chosen_by_name(operations: Operations) -> None:
    assert operations.prepare(TWO, "One").type is OperationType.QUERY
    assert operations.prepare(TWO, "Two").type is OperationType.MUTATION


@pytest.mark.parametrize(
    ("source", "name", "why"),
    [
        (TWO, None, "several operations"),
        (TWO, "Three", "no operation of this name"),
        (TWO, "", "no operation of this name"),
        ("{ hello }", "One", "no operation of this name"),
    ],
)
def test_never_a_guess(operations: Operations, source: str, name: str | None, why: str) -> None:
    refused = refusal(operations, source, name)
    assert refused.code == "OPERATION_RESOLUTION_FAILURE"
    assert why in refused.errors[0].message


@pytest.mark.parametrize(
    "source",
    ["{", "{}", "", "hello", "{ hello(name: ) }", "\0", "{ \ud800 }", '{ "Parsing aborted." }'],
)
def test_what_is_not_graphql(operations: Operations, source: str) -> None:
    refused = refusal(operations, source)
    assert refused.code == "GRAPHQL_PARSE_FAILED"
    assert refused.errors[0].locations


@pytest.mark.parametrize(
    "source",
    [
        "{ goodbye }",
        "{ hello { more } }",
        "mutation { add }",
        "query ($n: Int) { hello }",
        "fragment F on Query { hello }",
        "query One { hello } query One { hello }",
        "type Query { hello: String }",
        "subscription { count(to: 1) breaks }",
    ],
)
def test_what_does_not_fit_the_schema(operations: Operations, source: str) -> None:
    refused = refusal(operations, source)
    assert refused.code == "GRAPHQL_VALIDATION_FAILED"
    assert refused.errors


def test_a_known_text_is_not_read_again(operations: Operations) -> None:
    once: Operation = operations.prepare(TWO, "One")
    assert operations.prepare(TWO, "Two").document is once.document


@pytest.mark.parametrize("source", ["{", "{ goodbye }"])
def test_nor_is_one_that_was_refused(operations: Operations, source: str) -> None:
    once, again = refusal(operations, source), refusal(operations, source)
    assert again.errors is once.errors
    assert again.code == once.code


def test_a_refusal_keeps_nothing_of_those_who_were_told_before(operations: Operations) -> None:
    lengths = set()
    for _ in range(3):
        frame, length = refusal(operations, "{ goodbye }").__traceback__, 0
        while frame:
            frame, length = frame.tb_next, length + 1
        lengths.add(length)
    assert len(lengths) == 1


def test_only_the_texts_used_last_are_kept() -> None:
    operations = Operations(Counter().schema, capacity=2)
    first, second = "{ hello }", "{ later }"
    document = operations.prepare(first, None).document
    other = operations.prepare(second, None).document
    assert operations.prepare(first, None).document is document
    operations.prepare("{ fails }", None)
    assert operations.prepare(first, None).document is document
    assert operations.prepare(second, None).document is not other


def test_of_long_texts_fewer_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents.operations, "_MOST_CHARACTERS", 100)
    operations = Operations(Counter().schema)
    long, short = "{ hello }".ljust(80), "{ hello }"
    document = operations.prepare(long, None).document
    other = operations.prepare(short, None).document
    assert operations.prepare(long, None).document is document
    operations.prepare("{ hello later }", None)  # there is room for it without the short one
    assert operations.prepare(long, None).document is document
    # Who is too long for being kept alone is run all the same.
    too_long = "{ hello }".ljust(101)
    assert (
        operations.prepare(too_long, None).document
        is not operations.prepare(too_long, None).document
    )
    again = operations.prepare(short, None).document
    assert again is not other
    assert operations.prepare(short, None).document is again


def test_an_operation_knows_the_variables_that_it_declares(operations: Operations) -> None:
    operation = operations.prepare("mutation ($a: Int!) { add(number: $a) }", None)
    assert operation.declared({"a": 1, "c": [2]}) == {"a": 1}
