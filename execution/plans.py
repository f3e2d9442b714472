"""The plans of one operation: one for each shape that is asked for, the latest ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Any

from graphql import GraphQLSchema

from documents.operations import Operation
from documents.selections import fragments_of
from execution.conditions import NotCompiled, shape_of, variables_of_conditions
from execution.plan import Plan
from execution.shortcuts import Shortcuts
from execution.variables import Variables

_MOST = 8


class Plans:
    """Kept with its operation, and dropped with it. Raises NotCompiled where there can be none."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, shortcuts: Shortcuts) -> None:
        # graphql-core refuses to execute anything on such a schema.
        if schema.get_directive("defer") or schema.get_directive("stream"):
            raise NotCompiled
        fragments = fragments_of(operation.document)
        definition = operation.definition
        self.variables = Variables(schema, definition)
        self._names = variables_of_conditions(definition, fragments)
        self._make = partial(Plan, schema, fragments, definition, shortcuts)
        self._plans: OrderedDict[tuple[bool, ...], Plan] = OrderedDict()

    def find(self, variables: Mapping[str, Any]) -> tuple[Plan, bool]:
        """Return the plan for the coerced `variables`, and whether it was there already.

        Raises NotCompiled.
        """
        shape = shape_of(self._names, variables)
        key = tuple(shape.values())
        plan = self._plans.get(key)
        if plan is not None:
            self._plans.move_to_end(key)
            return plan, True
        plan = self._plans[key] = self._make(shape)
        if len(self._plans) > _MOST:
            self._plans.popitem(last=False)
        return plan, False
