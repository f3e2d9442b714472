"""Cases after the ideas of graphql-core's own tests of execution, with what they must answer.

Random cases compare the two ways of execution; these say what is right.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from documents.operations import Operations
from execution.compiled import CompiledExecutor
from execution.run import Executor

_SDL = """
interface Pet { name: String }
type Dog implements Pet { name: String  barks: Boolean }
type Cat implements Pet { name: String  meows: Boolean }
union Animal = Dog | Cat
input Point { x: Int!  y: Int = 7 }
type Query {
  nest: Query  nestRequired: Query!  ok: Int  later: Int  broken: Int  brokenRequired: Int!
  nullRequired: Int!  laterBroken: Int  numbers: [Int!]  holes: [Int]  laterNumbers: [Int!]
  pets: [Pet!]!  animals: [Animal!]!  stranger: Animal  text(x: String = "none", at: Point): String
  two(x: Int! = 1, y: Int = 2): String
}
type Mutation { set(to: Int!): Int!  fail: Int }
"""


class Zoo:
    """The schema, and the order in which its mutations ran."""

    def __init__(self, kind: type[Executor]) -> None:
        self.schema: GraphQLSchema = build_schema(_SDL)
        self.steps: list[object] = []
        self.executor = kind(self.schema)
        animals = [{"kind": "Dog", "name": "Odie", "barks": True}, {"kind": "Cat", "name": "Tom"}]
        values: dict[str, Any] = {
            "nest": {},
            "nestRequired": {},
            "pets": animals,
            "animals": animals,
            "ok": 1,
            "nullRequired": None,
            "numbers": [1, None, 3],
            "holes": [1, None, ValueError("two")],
            "stranger": {"kind": "Query"},
        }
        fields = self._fields("Query")
        for name, value in values.items():
            fields[name].resolve = lambda *_, value=value: value
        for name in ("broken", "brokenRequired"):
            fields[name].resolve = _fail
        fields["later"].resolve = lambda *_: _soon(2)
        fields["laterBroken"].resolve = lambda *_: _soon(ValueError("later"))
        fields["laterNumbers"].resolve = lambda *_: [_soon(1), _soon(None)]
        for name in ("text", "two"):
            fields[name].resolve = lambda *_, **given: str(given)
        self._fields("Mutation")["set"].resolve = self._set
        self._fields("Mutation")["fail"].resolve = _fail
        for name in ("Pet", "Animal"):
            self.schema.type_map[name].resolve_type = lambda value, *_: value["kind"]  # type: ignore[attr-defined]

    async def ask(self, source: str, **variables: Any) -> tuple[Any, list[Any]]:
        """Return the data, and the message and path of each error."""
        operation = Operations(self.schema).prepare(source, None)
        result = await self.executor.execute(operation, variables, None)
        return result.data, [(each.message, each.path) for each in result.errors or []]

    def _fields(self, kind: str) -> Any:
        found = self.schema.type_map[kind]
        assert isinstance(found, GraphQLObjectType)
        return found.fields

    async def _set(self, *_: object, to: int) -> int:
        self.steps.append(to)
        await asyncio.sleep(0)
        self.steps.append(f"{to} is set")
        return to


async def _soon(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def _fail(*_: object) -> None:
    raise ValueError("broken")


@pytest.fixture(params=[Executor, CompiledExecutor])
def zoo(request: pytest.FixtureRequest) -> Zoo:
    return Zoo(request.param)


_NULL = "Cannot return null for non-nullable field Query."
_STRANGER = "Runtime Object type 'Query' is not a possible type for 'Animal'."


@pytest.mark.parametrize(
    ("source", "data", "errors"),
    [
        ("{ ok later }", {"ok": 1, "later": 2}, []),
        ("{ later ok }", {"later": 2, "ok": 1}, []),
        ("{ b: ok a: ok ok }", {"b": 1, "a": 1, "ok": 1}, []),
        ("{ broken ok }", {"broken": None, "ok": 1}, [("broken", ["broken"])]),
        ("{ laterBroken ok }", {"laterBroken": None, "ok": 1}, [("later", ["laterBroken"])]),
        # A null that must not be travels to the nearest thing that may be null.
        ("{ nest { nullRequired ok } ok }", {"nest": None, "ok": 1},
         [(_NULL + "nullRequired.", ["nest", "nullRequired"])]),
        ("{ nest { nestRequired { nestRequired { brokenRequired } } } }", {"nest": None},
         [("broken", ["nest", "nestRequired", "nestRequired", "brokenRequired"])]),
        ("{ nestRequired { brokenRequired } }", None,
         [("broken", ["nestRequired", "brokenRequired"])]),
        # What goes wrong below a null that stands already is not told.
        ("{ nest { laterBroken nullRequired } later l: later }",
         {"nest": None, "later": 2, "l": 2},
         [(_NULL + "nullRequired.", ["nest", "nullRequired"])]),
        # Lists: of what must be there, of what may be missing, of what comes later.
        ("{ numbers }", {"numbers": None}, [(_NULL + "numbers.", ["numbers", 1])]),
        ("{ holes }", {"holes": [1, None, None]}, [("two", ["holes", 2])]),
        ("{ laterNumbers }", {"laterNumbers": None},
         [(_NULL + "laterNumbers.", ["laterNumbers", 1])]),
        # Fields of one name are merged, wherever they are asked for.
        ("{ nest { ok } ...F nest { l: later } } fragment F on Query { nest { ok o: ok } }",
         {"nest": {"ok": 1, "o": 1, "l": 2}}, []),
        ("{ ...F ...F ... on Query { ok } } fragment F on Query { ok }", {"ok": 1}, []),
        # What is asked of an abstract type depends on what it turns out to be.
        ("{ pets { __typename name ... on Dog { barks } ... on Cat { meows } } }",
         {"pets": [{"__typename": "Dog", "name": "Odie", "barks": True},
                   {"__typename": "Cat", "name": "Tom", "meows": None}]}, []),
        ("{ animals { ... on Pet { name } ... on Cat { __typename } } }",
         {"animals": [{"name": "Odie"}, {"name": "Tom", "__typename": "Cat"}]}, []),
        ("{ stranger { __typename } }", {"stranger": None}, [(_STRANGER, ["stranger"])]),
        # Conditions: of fields, spreads and fragments; @skip wins.
        ("{ ok @skip(if: true) later @include(if: true) }", {"later": 2}, []),
        ("{ ok ... on Query @include(if: false) { later } }", {"ok": 1}, []),
        ("{ ok ...F @skip(if: true) } fragment F on Query { later }", {"ok": 1}, []),
        ("{ ok later @skip(if: true) @include(if: true) }", {"ok": 1}, []),
        # Arguments: left out, null, by default, and inside an input object.
        ("{ text }", {"text": "{'x': 'none'}"}, []),
        ("{ text(x: null) }", {"text": "{'x': None}"}, []),
        ("{ text(at: {x: 1}) }", {"text": "{'x': 'none', 'at': {'x': 1, 'y': 7}}"}, []),
        ("query ($x: String) { text(x: $x) }", {"text": "{'x': 'none'}"}, []),
        ('query ($x: String = "given") { text(x: $x) }', {"text": "{'x': 'given'}"}, []),
        ("query ($x: Int! = 5) { text(at: {x: $x, y: null}) }",
         {"text": "{'x': 'none', 'at': {'x': 5, 'y': None}}"}, []),
        ("query ($at: Point = {x: 2}) { text(at: $at) }",
         {"text": "{'x': 'none', 'at': {'x': 2, 'y': 7}}"}, []),
    ],
)  # fmt: skip
async def test_what_is_answered(zoo: Zoo, source: str, data: Any, errors: list[Any]) -> None:
    found, wrong = await zoo.ask(source)
    assert (found, wrong) == (data, errors)
    if found is not None:
        assert list(found) == list(data)


async def test_a_variable_stands_in_its_place_among_the_arguments(zoo: Zoo) -> None:
    source = "query ($x: Int) { two(x: $x) }"
    assert await zoo.ask(source, x=5) == ({"two": "{'x': 5, 'y': 2}"}, [])
    assert await zoo.ask(source) == ({"two": "{'x': 1, 'y': 2}"}, [])
    data, [(message, path)] = await zoo.ask(source, x=None)
    assert (data, path) == ({"two": None}, ["two"])
    assert message.startswith("Argument 'x' has invalid value")


async def test_mutations_run_one_after_the_other_beyond_one_that_fails(zoo: Zoo) -> None:
    data, errors = await zoo.ask("mutation { a: set(to: 1) fail b: set(to: 2) }")
    assert data == {"a": 1, "fail": None, "b": 2}
    assert errors == [("broken", ["fail"])]
    assert zoo.steps == [1, "1 is set", 2, "2 is set"]


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ({"y": 1}, "Expected value of type 'Point' to include required field 'x'"),
        ({"x": None}, "Expected value of non-null type 'Int!' not to be None"),
        ({"x": 1, "z": 1}, "Expected value of type 'Point' not to include unknown field 'z'"),
        (5, "Expected value of type 'Point' to be an object"),
    ],
)
async def test_variables_that_are_wrong_are_told_so(zoo: Zoo, at: object, why: str) -> None:
    data, [(message, path)] = await zoo.ask("query ($at: Point) { text(at: $at) }", at=at)
    assert data is None
    assert path is None
    assert why in message
