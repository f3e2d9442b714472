"""Running operations: results, errors at their place, and streams that end cleanly."""

from __future__ import annotations

import gc
from contextlib import aclosing
from typing import Any

import graphql
import pytest
from graphql import ExecutionResult

from documents.operations import Operations
from execution.compiled import CompiledExecutor
from execution.run import Executor
from tests.doubles.counting_schema import Counter


class Counted(Counter):
    """The schema with one of the two executors."""

    def __init__(self, kind: type[Executor]) -> None:
        super().__init__()
        self.executor = kind(self.schema)


@pytest.fixture(params=[Executor, CompiledExecutor])
def counter(request: pytest.FixtureRequest) -> Counted:
    return Counted(request.param)


async def execute(counter: Counted, source: str, **variables: Any) -> ExecutionResult:
    operation = Operations(counter.schema).prepare(source, None)
    return await counter.executor.execute(operation, variables, "the context")


async def subscribe(counter: Counted, source: str, **variables: Any) -> list[ExecutionResult]:
    operation = Operations(counter.schema).prepare(source, None)
    results = counter.executor.subscribe(operation, variables, None)
    return [result async for result in results]


async def test_resolvers_of_both_kinds_are_run_with_the_context(counter: Counted) -> None:
    result = await execute(counter, "query ($n: String) { hello(name: $n) later }", n="Bayko")
    assert (result.data, result.errors) == ({"hello": "hello Bayko", "later": 7}, None)
    assert counter.contexts == ["the context"]


async def test_only_the_chosen_operation_runs(counter: Counted) -> None:
    source = "query One { hello } query Two { later }"
    operation = Operations(counter.schema).prepare(source, "Two")
    result = await counter.executor.execute(operation, {}, None)
    assert result.data == {"later": 7}
    assert counter.contexts == []


async def test_an_error_stands_at_its_field_and_the_rest_is_answered(counter: Counted) -> None:
    result = await execute(counter, "{ fails later }")
    assert result.data == {"fails": None, "later": 7}
    assert result.errors is not None
    assert [error.path for error in result.errors] == [["fails"]]
    assert isinstance(result.errors[0].original_error, RuntimeError)


async def test_a_required_field_that_fails_leaves_no_data(counter: Counted) -> None:
    result = await execute(counter, "{ requiredFails }")
    assert result.data is None
    assert result.errors is not None
    assert result.errors[0].path == ["requiredFails"]


@pytest.mark.parametrize("variables", [{}, {"n": "one"}, {"n": None}, {"n": 2**40}], ids=str)
async def test_variables_that_do_not_fit_are_refused_before_anything_runs(
    counter: Counted, variables: dict[str, Any]
) -> None:
    result = await execute(counter, "mutation ($n: Int!) { add(number: $n) }", **variables)
    assert result.data is None
    assert result.errors
    assert all(error.path is None for error in result.errors)


async def test_a_subscription_gives_one_result_an_event(counter: Counted) -> None:
    results = await subscribe(counter, "subscription ($to: Int!) { count(to: $to) }", to=3)
    assert [result.data for result in results] == [{"count": 1}, {"count": 2}, {"count": 3}]
    assert counter.closed == 1


async def test_a_reader_who_goes_closes_the_source(counter: Counted) -> None:
    operation = Operations(counter.schema).prepare("subscription { count(to: 9) }", None)
    async with aclosing(counter.executor.subscribe(operation, {}, None)) as results:
        await anext(results)
    assert counter.closed == 1


async def test_one_event_that_fails_does_not_end_the_stream(counter: Counted) -> None:
    one, two, three = await subscribe(counter, "subscription { failsAtTwo }")
    assert (one.data, three.data) == ({"failsAtTwo": 1}, {"failsAtTwo": 3})
    assert two.data == {"failsAtTwo": None}
    assert two.errors


@pytest.mark.parametrize(
    ("source", "events"), [("subscription { breaks }", 1), ("subscription { never }", 0)]
)
async def test_a_stream_that_fails_ends_with_its_error(
    counter: Counted, source: str, events: int
) -> None:
    *before, last = await subscribe(counter, source)
    assert len(before) == events
    assert last.data is None
    assert last.errors is not None
    assert isinstance(last.errors[0].original_error, RuntimeError)


async def test_a_subscription_by_a_plan_keeps_no_executor() -> None:
    counter = Counted(CompiledExecutor)
    operation = Operations(counter.schema).prepare("subscription { count(to: 9) }", None)
    async with aclosing(counter.executor.subscribe(operation, {}, None)) as results:
        assert (await anext(results)).data == {"count": 1}
        gc.collect()
        # Two kilobytes for each subscription that waits.
        assert not [each for each in gc.get_objects() if type(each) is graphql.Executor]


async def test_a_subscription_with_wrong_variables_ends_at_once(counter: Counted) -> None:
    (only,) = await subscribe(counter, "subscription ($to: Int!) { count(to: $to) }")
    assert only.data is None
    assert only.errors
