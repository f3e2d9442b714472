"""What one document may ask for. Each limit is met exactly, and then exceeded by one."""

from __future__ import annotations

import pytest
from graphql import build_schema

from documents.limits import Limits
from documents.operations import OperationRefused, Operations

SCHEMA = build_schema(
    """
    type Query { node: Node, page(first: Int, last: Int): Page }
    type Page { nodes: [Node] }
    type Node { name: String, node: Node, page(first: Int, last: Int): Page }
    """
)


def operations(**limits: int) -> Operations:
    return Operations(SCHEMA, limits=Limits(**limits))


def refused(found: Operations, source: str, **variables: object) -> str:
    with pytest.raises(OperationRefused) as refusal:
        found.prepare(source, None, variables)
    assert refusal.value.code == "LIMIT_EXCEEDED"
    return refusal.value.errors[0].message


@pytest.mark.parametrize(
    ("limits", "within", "beyond"),
    [
        ({"tokens": 6}, "{ node { name } }", "{ node { name name } }"),
        ({"depth": 2}, "{ node { name } }", "{ node { node { name } } }"),
        ({"depth": 2}, "{ ...F } fragment F on Query { node { name } }",
         "{ ...F } fragment F on Query { node { ... on Node { node { name } } } }"),
        ({"aliases": 1}, "{ a: node { name } }", "{ a: node { b: name } }"),
        ({"directives": 1}, "{ node @skip(if: true) { name } }",
         "{ node @skip(if: true) { name @include(if: true) } }"),
        ({"repeats": 2}, "{ node { name name } }", "{ node { name name name } }"),
        ({"repeats": 1}, "{ node { a: name name } }", "{ node { a: name a: name } }"),
        ({"repeats": 2}, "{ node { name ... on Node { name } } }",
         "{ node { name ... on Node { name ... { name } } } }"),
        ({"lines": 2}, "{ node\n{ name } }", "{\rnode\n{ name } }"),
        ({"alias_length": 3}, "{ abc: node { name } }", "{ abc: node { abcd: name } }"),
        ({"root_fields": 1}, "{ node { name } }", "{ node { name } page { nodes { name } } }"),
        ({"cost": 2}, "{ node { name } }", "{ node { name node { name } } }"),
        ({"cost": 7}, "{ page(first: 3) { nodes { name } } }",
         "{ page(first: 4) { nodes { name } } }"),
    ],
)  # fmt: skip
def test_up_to_the_limit_and_not_one_further(
    limits: dict[str, int], within: str, beyond: str
) -> None:
    found = operations(**limits)
    found.prepare(within, None)
    refused(found, beyond)


def test_page_sizes_multiply() -> None:
    source = "{ page(first: 10) { nodes { page(last: 10) { nodes { name } } } } }"
    # 1 page, in which 10 times: nodes, a page, in which 10 times: nodes and a name.
    assert "costs 221;" in refused(operations(cost=220), source)
    operations(cost=221).prepare(source, None)


@pytest.mark.parametrize("arguments", ["", "(first: null)", "(first: $n)"])
def test_a_page_without_a_size_has_the_usual_one(arguments: str) -> None:
    variables = "query ($n: Int) " if "$n" in arguments else ""
    source = f"{variables}{{ page{arguments} {{ nodes {{ name }} }} }}"
    assert "costs 41;" in refused(operations(cost=40), source)


def test_a_variable_counts_with_its_value_or_its_default() -> None:
    found = operations(cost=9)
    source = "query ($n: Int = 5) { page(first: $n) { nodes { name } } }"
    assert "costs 11;" in refused(found, source)
    assert "costs 201;" in refused(found, source, n=100)
    assert "costs 201;" in refused(found, source, n=100.0)  # which is an Int
    found.prepare(source, None, {"n": 4})
    assert "costs 4294967295;" in refused(found, source, n=1e300)  # as the largest Int would
    # The variable's own check says what is wrong with these; they cost what is usual.
    for value in ("4", True, 1.5, float("inf"), [1], None):
        assert "costs 41;" in refused(found, source, n=value)
    found.prepare(source, None, {"n": -1})


@pytest.mark.parametrize("arguments", ["first: $n, last: 100", "last: 100, first: $n"])
def test_a_size_that_is_null_does_not_hide_another(arguments: str) -> None:
    source = f"query ($n: Int) {{ page({arguments}) {{ nodes {{ name }} }} }}"
    assert "costs 201;" in refused(operations(cost=200), source)
    assert "costs 201;" in refused(operations(cost=200), source, n=None)


def test_a_bomb_of_fragments_is_measured_at_once() -> None:
    spreads = [f"fragment F{i} on Node {{ node {{ ...F{i + 1} ...F{i + 1} }} }}" for i in range(40)]
    source = f"{{ node {{ ...F0 }} }} {' '.join(spreads)} fragment F40 on Node {{ name }}"
    assert "42 levels" in refused(operations(), source)
    assert "costs" in refused(operations(depth=100), source)


def test_circular_fragments_are_told_as_such() -> None:
    with pytest.raises(OperationRefused) as refusal:
        operations().prepare("{ node { ...F } } fragment F on Node { node { ...F } }", None)
    assert refusal.value.code == "GRAPHQL_VALIDATION_FAILED"


def test_introspection_is_not_deep_but_may_be_off() -> None:
    source = "{ __schema { types { fields { type { ofType { name } } } } } }"
    operations(depth=1).prepare(source, None)
    closed = Operations(SCHEMA, introspection=False)
    with pytest.raises(OperationRefused):
        closed.prepare(source, None)
    with pytest.raises(OperationRefused) as refusal:
        closed.prepare("{ nod { name } }", None)
    assert "Did you mean" not in refusal.value.errors[0].message


def test_a_cost_depends_on_what_its_operation_declares() -> None:
    found = operations(cost=9)
    of_another = "query B($m: Int = 100) { page(first: $m) { nodes { name } } }"
    source = f"query A($n: Int = 4) {{ page(first: $n) {{ nodes {{ name }} }} }} {of_another}"
    found.prepare(source, "A", {"m": 1_000})
    with pytest.raises(OperationRefused, match="LIMIT_EXCEEDED"):
        found.prepare(source, "B", {"n": 1})
