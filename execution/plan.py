"""A plan: one operation, in one shape, ready to run as often as it is asked for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType
from graphql.execution.values import VariableValues

from execution.awaiting import is_later
from execution.collecting import Asked, Collected, Collector, Operated, identity
from execution.conditions import NotCompiled, Shape
from execution.fields import Field
from execution.reader_source import reader_of
from execution.running import Run
from execution.shortcuts import Shortcuts


class Plan:
    """Runs an operation where the variables of its conditions have the values in `shape`.

    Raises NotCompiled where the schema has no such root, or no such field.
    """

    def __init__(self, operated: Operated, shape: Shape, shortcuts: Shortcuts) -> None:
        self.operated = operated
        self._shortcuts = shortcuts
        self._collector = Collector(operated, shape)
        self._selections: dict[Hashable, Sequence[Field]] = {}
        kind = operated.schema.get_root_type(operated.definition.operation)
        if kind is None:
            raise NotCompiled
        self._root = self._fields(kind, self._collector.root(kind))
        for field in self._root:
            field.read = reader_of(self._collector, shortcuts, field.kind, field.asked)
        self._serial = operated.definition.operation is OperationType.MUTATION

    def fields(self, kind: GraphQLObjectType, asked: Asked) -> Sequence[Field]:
        """Return what is asked of an object of type `kind` that is the value of `asked`.

        Only when there is one: a document may reach much more than its data do.
        """
        key = identity(kind, asked)
        if key not in self._selections:
            self._selections[key] = self._fields(kind, self._collector.inside(kind, asked))
        return self._selections[key]

    async def run(
        self, variables: VariableValues, context: object, root: object
    ) -> ExecutionResult:
        """https://spec.graphql.org/draft/#ExecuteRootSelectionSet()"""
        run = Run(self, variables, context, root)
        try:
            if self._serial:
                data: Any = await run.serially(self._root, root)
            else:
                data = run.fields(self._root, root, None)
                if is_later(data):
                    data = await data
        except GraphQLError as error:
            run.note(error, None)
            data = None
        return ExecutionResult(data, run.errors or None)

    def _fields(self, parent: GraphQLObjectType, collected: Collected) -> Sequence[Field]:
        fields = []
        for key, asked in collected.items():
            definition = self.operated.schema.get_field(parent, asked[0].node.name.value)
            if definition is None:
                raise NotCompiled
            fields.append(Field(key, asked, parent, definition, self._shortcuts))
        return fields
