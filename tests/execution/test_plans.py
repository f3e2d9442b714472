"""What plans promise beyond equal answers: shapes, order, loads, bounds, and when there is none."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema
from strawberry.dataloader import DataLoader

from execution.compiled import CompiledExecutor, Outcome
from execution.operations import Operation, Operations
from execution.shortcuts import Shortcuts

_SDL = """
type Person { name: String! }
type Note { text: String!  author: Person! }
type Query { notes: [Note!]!  one: Int  two: Int }
type Mutation { first: Int  second: Int  third: Int }
"""
_NOTES = "{ notes { text author { name } } }"


class Notes:
    """A schema with loaders, and what it has seen."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.steps: list[str] = []
        self.batches: list[list[str]] = []
        self.loading = asyncio.Event()
        self.schema: GraphQLSchema = build_schema(_SDL)
        self._set("Note", "author", self._author)
        self._set("Query", "notes", lambda *_: [{"text": f"n{i}", "by": i % 3} for i in range(9)])
        for name in ("one", "two"):
            self._set("Query", name, lambda *_: 1)
        for name in ("first", "second", "third"):
            self._set("Mutation", name, self._step)
        loads = Shortcuts(loads=lambda field: self._author if field is self._author_field else None)
        self._author_field = self._kind("Note").fields["author"]
        self.executor = CompiledExecutor(self.schema, loads, self.outcomes.append)
        self.loader: DataLoader[str, Any] = DataLoader(load_fn=self._load)

    def prepare(self, document: str) -> Operation:
        return Operations(self.schema).prepare(document, None)

    async def run(self, document: str | Operation, **variables: Any) -> Any:
        operation = self.prepare(document) if isinstance(document, str) else document
        result = await self.executor.execute(operation, variables, None)
        assert result.errors is None
        return result.data

    def _kind(self, name: str) -> GraphQLObjectType:
        kind = self.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        return kind

    def _set(self, kind: str, name: str, resolver: Any) -> None:
        self._kind(kind).fields[name].resolve = resolver

    async def _author(self, note: dict[str, Any], _info: Any) -> Any:
        return await self.loader.load(f"p{note['by']}")

    async def _load(self, keys: list[str]) -> list[Any]:
        self.batches.append(keys)
        if keys == ["p0"]:
            self.loading.set()
            await asyncio.Event().wait()
        return [{"name": key} for key in keys]

    async def _step(self, _root: object, info: Any) -> int:
        self.steps.append(f"{info.field_name} begins")
        await asyncio.sleep(0)
        self.steps.append(f"{info.field_name} ends")
        return 1


@pytest.fixture
def notes() -> Notes:
    return Notes()


async def test_each_shape_has_its_plan(notes: Notes) -> None:
    operation = notes.prepare("query ($a: Boolean!) { one @skip(if: $a) two @include(if: $a) }")
    assert await notes.run(operation, a=True) == {"two": 1}
    assert await notes.run(operation, a=False) == {"one": 1}
    assert await notes.run(operation, a=True) == {"two": 1}
    assert notes.outcomes == ["compiled", "compiled", "hit"]


async def test_an_operation_keeps_its_latest_plans_only(notes: Notes) -> None:
    parts = [f"n{i}: one @skip(if: $b{i})" for i in range(4)]
    declared = ", ".join(f"$b{i}: Boolean!" for i in range(4))
    operation = notes.prepare(f"query ({declared}) {{ two {' '.join(parts)} }}")
    shapes = [
        {f"b{i}": value for i, value in enumerate(values)}
        for values in product([True, False], repeat=4)
    ]
    for shape in shapes:
        await notes.run(operation, **shape)
    notes.outcomes.clear()
    await notes.run(operation, **shapes[-1])
    await notes.run(operation, **shapes[0])
    assert notes.outcomes == ["hit", "compiled"]


@pytest.mark.parametrize(
    "source", ["{ __schema { queryType { name } } }", '{ one __type(name: "Note") { name } }']
)
async def test_introspection_is_left_to_graphql_core(notes: Notes, source: str) -> None:
    assert await notes.run(source)
    assert notes.outcomes == ["fallback"]


async def test_a_mutation_ends_before_the_next_begins(notes: Notes) -> None:
    await notes.run("mutation { first second third }")
    assert notes.steps == [
        f"{name} {step}" for name in ("first", "second", "third") for step in ("begins", "ends")
    ]


async def test_a_page_is_loaded_at_once_and_by_no_tasks_of_its_own(notes: Notes) -> None:
    tasks: list[Any] = []

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        tasks.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    asyncio.get_running_loop().set_task_factory(make)
    data = await notes.run(_NOTES)
    assert [each["author"]["name"] for each in data["notes"]] == ["p0", "p1", "p2"] * 3
    assert notes.batches == [["p0", "p1", "p2"]]
    assert len(tasks) == 1  # the loader's
    await notes.run(_NOTES)
    assert len(tasks) == 1
    assert len(notes.batches) == 1


async def test_whoever_stops_waiting_leaves_no_load_behind(notes: Notes) -> None:
    notes._set("Query", "notes", lambda *_: [{"text": "n", "by": 0}])  # noqa: SLF001
    running = asyncio.create_task(notes.run(_NOTES))
    await notes.loading.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
