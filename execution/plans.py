"""Which plans are kept: of all operations together, those that were asked for last."""

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

# Within the usual limits a document of 3 kB can ask for hundreds, of 200 kB each.
_MOST = 256


class Shapes:
    """What the plans of one operation have in common. Raises NotCompiled where it can have none."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, shortcuts: Shortcuts) -> None:
        # graphql-core refuses to execute anything on such a schema.
        if schema.get_directive("defer") or schema.get_directive("stream"):
            raise NotCompiled
        fragments = fragments_of(operation.document)
        definition = operation.definition
        self.names = variables_of_conditions(definition, fragments)
        self.plan = partial(Plan, schema, fragments, definition, shortcuts)


class Plans:
    """The latest ones, each found by its operation and shape."""

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[object, ...], Plan] = OrderedDict()

    def find(self, shapes: Shapes, variables: Mapping[str, Any]) -> tuple[Plan, bool]:
        """Return the plan for the coerced `variables`, and whether it was there already.

        Raises NotCompiled.
        """
        shape = shape_of(shapes.names, variables)
        key = (shapes, *shape.values())
        plan = self._plans.get(key)
        if plan is not None:
            self._plans.move_to_end(key)
            return plan, True
        plan = self._plans[key] = shapes.plan(shape)
        if len(self._plans) > _MOST:
            self._plans.popitem(last=False)
        return plan, False

    def forget(self, shapes: Shapes) -> None:
        """Drop the plans of an operation that is not kept any more: they hold its document."""
        for key in [key for key in self._plans if key[0] is shapes]:
            del self._plans[key]
