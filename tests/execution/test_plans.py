"""What plans promise beyond equal answers: shapes, order, loads, bounds, and when there is none."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema
from strawberry.dataloader import DataLoader

from documents.limits import Limits
from documents.operations import Operation, Operations
from execution import plans
from execution.compiled import CompiledExecutor, Outcome
from execution.shortcuts import Loaded, Shortcuts

_SDL = """
type Person { name: String! }
scalar Any
type Note { text: String!  tag: Any  author: Person!  reply: Note }
type Query { notes: [Note!]!  one: Int  two: Int  longer(by: [Int]): [Int] }
type Mutation { first: Int  second: Int  third: Int }
"""
_ATTRIBUTES = (("Person", "name"), ("Note", "text"), ("Note", "tag"), ("Note", "reply"))
_LIMITS = Limits(tokens=10_000, depth=1_000, aliases=1_000, cost=1 << 64)
_NOTES = "{ notes { text author { name } } }"


@dataclass
class Person:
    name: str


@dataclass
class Note:
    text: str
    by: str
    tag: object = None
    reply: Note | None = None


class OddNote(Note):
    """As good as any, but not what a plan was told to expect."""


class Notes:
    """A schema with a loader, and what it has seen."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.steps: list[str] = []
        self.batches: list[list[str]] = []
        self.loading = asyncio.Event()
        self.schema: GraphQLSchema = build_schema(_SDL)
        self._set("Note", "author", self._author)
        self._set("Query", "notes", lambda *_: [Note(f"n{i}", f"p{i % 3}") for i in range(9)])
        for name in ("one", "two"):
            self._set("Query", name, lambda *_: 1)
        for name in ("first", "second", "third"):
            self._set("Mutation", name, self._step)
        self.executor = CompiledExecutor(self.schema, self._shortcuts(), self.outcomes.append)
        self.loader: DataLoader[str, Any] = DataLoader(load_fn=self._load)

    def write(self, *authors: str, kind: type[Note] = Note) -> None:
        """Let these be the notes."""
        self._set("Query", "notes", lambda *_: [kind("text", author) for author in authors])

    def prepare(self, document: str) -> Operation:
        return Operations(self.schema, limits=_LIMITS).prepare(document, None)

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

    def _shortcuts(self) -> Shortcuts:
        for kind, name in _ATTRIBUTES:
            self._kind(kind).fields[name].extensions = {"attribute": name}
        author = self._kind("Note").fields["author"]
        classes: dict[str, type] = {"Person": Person, "Note": Note}
        return Shortcuts(
            attribute=lambda field: field.extensions.get("attribute"),
            loaded=lambda field: Loaded(self._load_all, "by") if field is author else None,
            python_class=lambda kind: classes.get(kind.name),
        )

    async def _author(self, note: Note, _info: Any) -> Any:
        return await self.loader.load(note.by)

    def _load_all(self, _context: object, keys: list[str]) -> Awaitable[list[Any]]:
        return self._load(keys)

    async def _load(self, keys: list[str]) -> list[Any]:
        self.batches.append(keys)
        if keys == ["forever"]:
            self.loading.set()
            await asyncio.Event().wait()
        if keys == ["broken"]:
            raise RuntimeError("the loader broke")
        return [Person(key) for key in keys]

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


async def test_of_all_operations_the_latest_plans_are_kept(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_MOST", 3)
    operation = notes.prepare(
        "query A($a: Boolean!, $b: Boolean!) { one @skip(if: $a) two @skip(if: $b) }"
    )
    other = notes.prepare("query B { two }")
    await notes.run(operation, a=True, b=False)
    await notes.run(other)
    await notes.run(operation, a=False, b=True)
    await notes.run(operation, a=True, b=False)
    notes.outcomes.clear()
    await notes.run(operation, a=False, b=False)  # instead of B's, which is the oldest now
    await notes.run(operation, a=True, b=False)
    await notes.run(operation, a=False, b=True)
    await notes.run(other)
    assert notes.outcomes == ["compiled", "hit", "hit", "compiled"]


async def test_plans_go_with_their_operation(notes: Notes) -> None:
    operations = Operations(notes.schema, capacity=1)
    first = operations.prepare("query ($a: Boolean!) { one @skip(if: $a) two }", None)
    kept = weakref.ref(first.document)
    await notes.run(first, a=True)
    await notes.run(first, a=False)
    operations.prepare("{ two }", None)
    assert kept() is first.document
    del first
    gc.collect()  # a plan's readers and their names hold each other
    assert kept() is None


@pytest.mark.parametrize(
    "source", ["{ __schema { queryType { name } } }", '{ one __type(name: "Note") { name } }']
)
async def test_introspection_is_left_to_graphql_core(notes: Notes, source: str) -> None:
    assert await notes.run(source)
    assert notes.outcomes == ["fallback"]


async def test_what_a_resolver_does_to_its_arguments_is_not_seen_again(notes: Notes) -> None:
    notes._set("Query", "longer", lambda *_, by: by.append(2) or by)  # noqa: SLF001
    operation = notes.prepare("{ longer(by: [1]) }")
    for _ in range(2):
        assert await notes.run(operation) == {"longer": [1, 2]}


async def test_a_mutation_ends_before_the_next_begins(notes: Notes) -> None:
    await notes.run("mutation { first second third }")
    assert notes.steps == [
        f"{name} {step}" for name in ("first", "second", "third") for step in ("begins", "ends")
    ]


async def test_a_page_is_loaded_at_once_and_by_no_tasks(notes: Notes) -> None:
    tasks: list[Any] = []

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        tasks.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    asyncio.get_running_loop().set_task_factory(make)
    data = await notes.run(_NOTES)
    assert [each["author"]["name"] for each in data["notes"]] == ["p0", "p1", "p2"] * 3
    assert notes.batches == [["p0", "p1", "p2"]]
    assert tasks == []


async def test_who_is_the_same_is_completed_once(notes: Notes) -> None:
    data = await notes.run(_NOTES)
    first, *_, fourth = [each["author"] for each in data["notes"][:4]]
    assert first is fourth


async def test_each_field_gets_what_it_asks_of_whom_several_ask_for(notes: Notes) -> None:
    notes.write("p0", "p0")
    data = await notes.run(
        "{ notes { author { name } same: author { name } other: author { n: name } } }"
    )
    p0 = {"author": {"name": "p0"}, "same": {"name": "p0"}, "other": {"n": "p0"}}
    assert data["notes"] == [p0, p0]
    assert notes.batches == [["p0"]]


async def test_what_is_asked_in_many_places_is_read_in_each(notes: Notes) -> None:
    # Twice in each of 40 fragments: in 2^40 places, had each a source of its own.
    last = Note("last", "p2")
    notes._set("Query", "notes", lambda *_: [Note("first", "p1", reply=last)])  # noqa: SLF001
    below = [
        f"fragment F{i} on Note {{ a: reply {{ text ...F{i + 1} }} b: reply {{ ...F{i + 1} }} }}"
        for i in range(40)
    ]
    document = " ".join(["{ notes { text ...F0 } }", *below, "fragment F40 on Note { text }"])
    data = await notes.run(document)
    nothing = {"a": None, "b": None}
    assert data["notes"] == [{"text": "first", "a": {"text": "last", **nothing}, "b": nothing}]


async def test_objects_in_objects_are_read_however_deep(notes: Notes) -> None:
    # Python's parser takes 200 brackets in each other.
    depth = 150
    note = Note("0", "p0")
    for i in range(1, depth):
        note = Note(str(i), "p0", reply=note)
    notes._set("Query", "notes", lambda *_: [note])  # noqa: SLF001
    data = await notes.run("{ notes " + "{ text reply " * depth + "{ text }" + "}" * depth + "}")
    found, texts = data["notes"][0], []
    while found is not None:
        texts.append(found["text"])
        found = found.get("reply")
    assert texts == [str(i) for i in reversed(range(depth))]


async def test_what_is_too_deep_for_a_reader_is_left_to_graphql_core(notes: Notes) -> None:
    notes.write("p0")
    depth = 190
    assert await notes.run(
        "{ notes " + "{ text reply " * depth + "{ text }" + "}" * depth + "}"
    ) == {"notes": [{"text": "text", "reply": None}]}


async def test_a_key_is_loaded_once_in_an_operation(notes: Notes) -> None:
    await notes.run("{ notes { author { name } } again: notes { author { n: name } } }")
    assert notes.batches == [["p0", "p1", "p2"]]


async def test_an_exception_in_an_attribute_is_an_error_whatever_its_scalar_takes(
    notes: Notes,
) -> None:
    notes._set("Query", "notes", lambda *_: [Note("n", "p0", ValueError("odd"))])  # noqa: SLF001
    result = await notes.executor.execute(notes.prepare("{ notes { tag } }"), {}, None)
    assert result.data == {"notes": [{"tag": None}]}
    assert result.errors is not None
    assert [(error.message, error.path) for error in result.errors] == [
        ("odd", ["notes", 0, "tag"])
    ]
    # Nor does a log tell that a reader gave up before.
    assert result.errors[0].original_error is not None
    assert result.errors[0].original_error.__context__ is None


async def test_a_scalar_may_be_written_later(notes: Notes) -> None:
    async def soon(value: object) -> object:
        return f"soon {value}"

    notes.schema.type_map["Any"].coerce_output_value = soon  # type: ignore[attr-defined]
    notes._set("Query", "notes", lambda *_: [Note("n", "p0", tag=1)])  # noqa: SLF001
    with pytest.warns(RuntimeWarning, match="never awaited"):  # by the reader, which gives up
        assert await notes.run("{ notes { tag } }") == {"notes": [{"tag": "soon 1"}]}


async def test_what_nobody_needs_any_more_is_run_to_its_end(notes: Notes) -> None:
    ended: list[int] = []

    async def wait(number: int) -> Note:
        await asyncio.sleep(0)
        ended.append(number)
        return Note("n", "p0")

    def items() -> Iterator[Any]:
        yield wait(1)
        yield None
        yield wait(2)
        raise RuntimeError("no more notes")

    notes._set("Query", "notes", lambda *_: items())  # noqa: SLF001
    result = await notes.executor.execute(notes.prepare(_NOTES), {}, None)
    assert result.data is None
    assert result.errors is not None
    assert [error.path for error in result.errors] == [["notes", 1]]
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert ended == [1, 2]


async def test_a_loader_that_fails_is_not_asked_again(notes: Notes) -> None:
    notes.write("broken")
    result = await notes.executor.execute(notes.prepare(_NOTES), {}, None)
    assert result.data is None
    assert result.errors is not None
    assert [error.path for error in result.errors] == [["notes", 0, "author"]]
    assert notes.batches == [["broken"]]


async def test_what_is_unusual_is_loaded_at_once_too(notes: Notes) -> None:
    notes.write("p0", "p1", kind=OddNote)
    assert await notes.run(_NOTES)
    assert notes.batches == [["p0", "p1"]]


async def test_whoever_stops_waiting_leaves_no_load_behind(notes: Notes) -> None:
    notes.write("forever")
    running = asyncio.create_task(notes.run(_NOTES))
    await notes.loading.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
