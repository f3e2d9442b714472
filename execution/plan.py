"""A plan: one operation, in one shape, ready to run as often as it is asked for."""

from __future__ import annotations

from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationType,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable

from execution.collecting import Collector
from execution.completing import completer
from execution.conditions import NotCompiled, Shape
from execution.fields import Field
from execution.reader_source import Readers
from execution.root_values import read_or
from execution.running import Operated, Run
from execution.selection import Selection
from execution.shortcuts import Shortcuts


class Plan:
    """Runs `definition` where the variables of its conditions have the values in `shape`.

    Raises NotCompiled where the schema has no such root, or no such field.
    """

    def __init__(
        self,
        operated: Operated,
        shape: Shape,
        shortcuts: Shortcuts,
    ) -> None:
        self.schema = operated.schema
        self._operated = operated
        self._shortcuts = shortcuts
        self._collector = Collector(operated.schema, operated.fragments, shape)
        self._readers = Readers(self._collector, shortcuts)
        self._selections: dict[tuple[str | int, ...], Selection] = {}
        kind = operated.schema.get_root_type(operated.definition.operation)
        if kind is None:
            raise NotCompiled
        asked = self._collector.collect(kind, [operated.definition.selection_set])
        self._root = Selection([self._root_field(kind, *each) for each in asked.items()])
        self._serial = operated.definition.operation is OperationType.MUTATION

    def selection(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Selection:
        """Return what `nodes`, merged, ask of an object of type `kind`."""
        key: tuple[str | int, ...] = (kind.name, *map(id, nodes))
        if key not in self._selections:
            asked = self._collector.inside(kind, nodes)
            self._selections[key] = Selection([self._field(kind, *each) for each in asked.items()])
        return self._selections[key]

    async def run(
        self, variables: VariableValues, context: object, root: object
    ) -> ExecutionResult:
        """https://spec.graphql.org/draft/#ExecuteRootSelectionSet()"""
        run = Run(self._operated, variables, context, root)
        try:
            if self._serial:
                data: Any = await self._root.run_serially(run, root)
            else:
                data = self._root.run(run, root, None)
                if is_awaitable(data):
                    data = await data
        except GraphQLError as error:
            run.note(error, None)
            data = None
        return ExecutionResult(data, run.errors or None)

    def _root_field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Field:
        """A field whose value is read in one step, where it can be."""
        field = self._field(parent, key, nodes)
        read = self._readers.reader(field.kind, nodes)
        if read is not None:
            field.complete = read_or(read, field.complete)
        return field

    def _field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Field:
        definition = self.schema.get_field(parent, nodes[0].name.value)
        if definition is None:
            raise NotCompiled
        field = Field(key, nodes, parent, definition, self._shortcuts)
        field.complete = completer(definition.type, field, self)
        return field
