"""From a document's text to one operation that is ready to run: parse, validate, choose.

Parsing and validating depend on the text alone, so their outcome is kept for the texts that
come again. Knows nothing of messaging.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from documents.cost import Cost, page_sizes
from documents.limits import Limits, check_shape, check_size, check_text
from documents.selections import variables_of

# Of one document: whoever sends a wrong one learns enough from these.
_MOST_ERRORS = 20
# Of all texts that are kept. What is made of one takes up to 250 times its memory.
_MOST_CHARACTERS = 1 << 18


class OperationRefused(Exception):
    """The request names no operation that can run; `errors` say why."""

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


# Each is itself alone: an executor may keep by it what it has made of it.
@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Operation:
    """A validated document and the one operation in it that is asked for, with its cost."""

    document: DocumentNode
    definition: OperationDefinitionNode
    cost: Cost

    @property
    def name(self) -> str | None:
        return self.definition.name.value if self.definition.name else None

    @property
    def type(self) -> OperationType:
        return self.definition.operation

    def declared(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of `variables` that the operation knows; others mean nothing."""
        names = variables_of(self.definition)
        return {name: value for name, value in variables.items() if name in names}


class Operations:
    """Prepares operations against `schema`, keeping the latest documents, up to `capacity` of them.

    Without `introspection`, `__schema` and `__type` are refused, and error messages suggest no
    names of the schema.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits | None = None,
        introspection: bool = True,
        capacity: int = 512,
    ) -> None:
        self._schema = schema
        self._limits = limits or Limits()
        self._rules = [*specified_rules]
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)
        self._hide_suggestions = not introspection
        self._capacity = capacity
        self._documents: OrderedDict[str, list[Operation] | OperationRefused] = OrderedDict()

    def prepare(
        self, source: str, operation_name: str | None, variables: Mapping[str, Any] | None = None
    ) -> Operation:
        """Return the operation `operation_name` of `source`, or its only one.

        Raises OperationRefused, with the code GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED,
        OPERATION_RESOLUTION_FAILURE or LIMIT_EXCEEDED.
        """
        operations = self._documents.get(source)
        if operations is None:
            operations = self._documents[source] = self._read(source)
            while self._are_too_many():
                self._documents.popitem(last=False)
        else:
            self._documents.move_to_end(source)
        if isinstance(operations, OperationRefused):
            # A fresh one: the kept one would gather the frames of everybody who is told.
            raise OperationRefused(operations.errors, operations.code)
        operation = _choose(operations, operation_name)
        cost = operation.cost.of(variables or {})
        if cost > self._limits.cost:
            why = f"The operation costs {cost}; at most {self._limits.cost} is allowed."
            raise OperationRefused([GraphQLError(why)], "LIMIT_EXCEEDED")
        return operation

    def _are_too_many(self) -> bool:
        texts = self._documents
        return len(texts) > self._capacity or sum(map(len, texts)) > _MOST_CHARACTERS

    def _read(self, source: str) -> list[Operation] | OperationRefused:
        errors = check_text(source, self._limits)
        if errors:
            return OperationRefused(errors, "LIMIT_EXCEEDED")
        try:
            document = parse(
                source, max_tokens=self._limits.tokens, allow_empty_selection_sets=False
            )
        except GraphQLError as error:
            # graphql-core reports its token limit as a syntax error, too.
            over = error.message.endswith("Parsing aborted.")
            return OperationRefused([error], "LIMIT_EXCEEDED" if over else "GRAPHQL_PARSE_FAILED")
        # Before it is validated: these make that slow.
        errors = check_size(document, self._limits)
        if errors:
            return OperationRefused(errors, "LIMIT_EXCEEDED")
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=_MOST_ERRORS,
            hide_suggestions=self._hide_suggestions,
            allow_empty_selection_sets=False,
        )
        if errors:
            return OperationRefused(errors, "GRAPHQL_VALIDATION_FAILED")
        # Only now: a document with circular fragments has no depth.
        errors = check_shape(document, self._limits)
        if errors:
            return OperationRefused(errors, "LIMIT_EXCEEDED")
        usual = self._limits.page_size
        # Once for all: a document of a hundred operations must not be read a hundred times.
        sizes = page_sizes(self._schema, document, usual)
        return [
            Operation(document, node, Cost(document, node, sizes, usual))
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]


def _choose(operations: Sequence[Operation], name: str | None) -> Operation:
    """https://spec.graphql.org/draft/#GetOperation()"""
    found = [each for each in operations if name is None or each.name == name]
    if len(found) == 1:
        return found[0]
    if name is not None:
        why = "There is no operation of this name in the document."
    elif found:
        why = "The document has several operations: say which one by operationName."
    else:
        why = "The document has no operation."
    raise OperationRefused([GraphQLError(why)], "OPERATION_RESOLUTION_FAILURE")
