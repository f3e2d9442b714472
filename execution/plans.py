"""The plans of one operation: one for each shape that is asked for, the latest ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from execution.conditions import shape_of, variables_of_conditions
from execution.plan import Plan
from execution.running import Operated
from execution.shortcuts import Shortcuts
from execution.variables import Variables

_MOST = 8


class Plans:
    """Kept with its operation, and dropped with it. Raises NotCompiled where there can be none."""

    def __init__(self, operated: Operated, shortcuts: Shortcuts) -> None:
        self._operated = operated
        self._shortcuts = shortcuts
        self.variables = Variables(operated.schema, operated.definition)
        self._names = variables_of_conditions(operated.definition, operated.fragments)
        self._plans: OrderedDict[tuple[bool, ...], Plan] = OrderedDict()

    def find(self, variables: Mapping[str, Any]) -> tuple[Plan, bool]:
        """Return the plan for the coerced `variables`, and whether it was there already.

        Raises NotCompiled.
        """
        shape = shape_of(self._names, variables) if self._names else {}
        key = tuple(shape.values())
        plan = self._plans.get(key)
        if plan is not None:
            self._plans.move_to_end(key)
            return plan, True
        plan = self._plans[key] = Plan(self._operated, shape, self._shortcuts)
        if len(self._plans) > _MOST:
            self._plans.popitem(last=False)
        return plan, False
