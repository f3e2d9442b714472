"""A plan: one operation, in one shape, ready to run as often as it is asked for.

It is an executor of graphql-core's that knows beforehand what that would find out for each request:
which fields are asked, their arguments and resolvers, and how to read the value of a root field in
one step. Whatever else there is to do, graphql-core does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeAlias

import graphql
from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.executor import CollectedErrors
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from execution.conditions import NotCompiled, Shape
from execution.fields import Asked, Field
from execution.loading import Loads
from execution.reader_source import reader_of
from execution.reading import Later, Read, is_later, nothing_yet
from execution.shortcuts import Shortcuts

# What graphql-core's executor tells of a value: its type, who asks, where, and what it is.
_Place: TypeAlias = tuple[GraphQLOutputType, Asked, GraphQLResolveInfo[Any], Path, Any, None]


class Plan(graphql.Executor[None]):
    """Runs an operation where the variables of its conditions have the values in `shape`.

    Each run is a copy, as graphql-core makes one for each event of a subscription. Copies share
    what was found out: it depends on the document alone. Raises NotCompiled where the schema has
    no such root, or no such field.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        definition: OperationDefinitionNode,
        shortcuts: Shortcuts,
        shape: Shape,
    ) -> None:
        super().__init__(
            schema,
            dict(fragments),
            {name: FragmentDetails(node) for name, node in fragments.items()},
            None,
            None,
            definition,
            VariableValues({}, shape),
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=is_later,
        )
        kind = schema.get_root_type(definition.operation)
        if kind is None:
            raise NotCompiled
        self._root = kind
        self._asked = collect_fields(
            schema, self.fragments, self.variable_values, kind, definition
        ).grouped_field_set
        # One field has nothing to be before.
        self._serially = definition.operation is OperationType.MUTATION and len(self._asked) > 1
        self._shortcuts = shortcuts
        self.loads = Loads(None)
        self._fields: dict[tuple[GraphQLObjectType, int], Field] = {}
        self._reads: dict[tuple[object, int], Read] = {}
        for asked in self._asked.values():
            field = self._field(kind, asked)
            read = reader_of(self, shortcuts, field.kind, asked)
            if read is not None:
                self._reads[field.kind, id(asked)] = read

    def run(
        self, variables: VariableValues, context: object, root: object
    ) -> Awaitable[ExecutionResult]:
        """Return the result to come; `root` is the value that the root fields are asked of."""
        run = object.__new__(type(self))
        run.__dict__ = self.__dict__.copy()  # a sixth of what `copy.copy` costs
        run.variable_values = variables
        run.context_value = context
        run.root_value = root
        run.collected_errors = CollectedErrors()
        run.loads = Loads(context)
        return run.result()

    async def result(self) -> ExecutionResult:
        """https://spec.graphql.org/draft/#ExecuteRootSelectionSet()"""
        try:
            data: Any = self.execute_root_grouped_field_set(
                self._root, self.root_value, self._asked, self._serially, None
            )
            if self.is_awaitable(data):
                data = await data
        except GraphQLError as error:
            self.collected_errors.add(error, None)
            data = None
        return ExecutionResult(data, self.collected_errors.errors or None)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: Asked,
        path: Path,
        position_context: None,
    ) -> Any:
        """https://spec.graphql.org/draft/#ExecuteField()"""
        field = self._field(parent_type, field_details_list)
        info = self.build_resolve_info(field.definition, field.nodes, parent_type, path)
        place = (field.kind, field_details_list, info, path)
        try:
            value = self._resolved(field, source, info)
            if self.is_awaitable(value):
                return self.complete_awaitable_value(*place, value, position_context)
            found = self.complete_value(*place, value, position_context)
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            self.handle_field_error(error, field.kind, field_details_list, path)
            return None
        return self._awaited(field, path, found) if self.is_awaitable(found) else found

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: Asked,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: None,
    ) -> Any:
        """Read the whole value of a root field; complete anew what is not as it should be."""
        place = (return_type, field_details_list, info, path, result, position_context)
        read = self._reads.get((return_type, id(field_details_list)))
        if read is None:
            return super().complete_value(*place)
        later = nothing_yet()
        try:
            found = read(result, later)
        except Exception:  # noqa: BLE001, S110 whatever it is, it comes again
            pass  # and not from here, or errors would remember this one
        else:
            return self._filled(found, later, place) if later else found
        return super().complete_value(*place)

    async def _filled(self, found: Any, later: Later, place: _Place) -> Any:
        try:
            await self.loads.fill(later)
        except Exception:  # noqa: BLE001, S110 as above
            pass
        else:
            return found
        found = super().complete_value(*place)
        return await found if self.is_awaitable(found) else found

    async def _awaited(self, field: Field, path: Path, found: Awaitable[Any]) -> Any:
        try:
            return await found
        except Exception as error:  # noqa: BLE001 whatever is wrong is the value's error
            self.handle_field_error(error, field.kind, field.asked, path)

    def _resolved(self, field: Field, source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        if field.loaded is not None:
            try:
                return self.loads.known(field.loaded, source)
            except (AttributeError, KeyError, TypeError):
                pass  # the resolver tells what is wrong, or loads it
        if field.arguments is None:
            return field.resolve(source, info)
        return field.resolve(source, info, **field.arguments.values(self.variable_values))

    def _field(self, parent: GraphQLObjectType, asked: Asked) -> Field:
        """Return what is known of the field; found by its place, as `collect_subfields` does."""
        key = (parent, id(asked))
        field = self._fields.get(key)
        if field is None:
            definition = self.schema.get_field(parent, asked[0].node.name.value)
            if definition is None:
                raise NotCompiled
            field = self._fields[key] = Field(asked, definition, self._shortcuts)
        return field
