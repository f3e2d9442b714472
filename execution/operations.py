"""From a document's text to one operation that is ready to run: parse, validate, choose.

Parsing and validating depend on the text alone, so their outcome is kept for the texts that
come again. Runs on graphql-core; knows nothing of messaging.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)


class OperationRefused(Exception):
    """The request names no operation that can run; `errors` say why."""

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


@dataclass(frozen=True, slots=True)
class Operation:
    """A validated document and the one operation in it that is asked for."""

    document: DocumentNode
    definition: OperationDefinitionNode

    @property
    def name(self) -> str | None:
        return self.definition.name.value if self.definition.name else None

    @property
    def type(self) -> OperationType:
        return self.definition.operation


class Operations:
    """Prepares operations against `schema`, keeping up to `capacity` documents."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        rules: Collection[type[ASTValidationRule]] = tuple(specified_rules),
        capacity: int = 512,
    ) -> None:
        self._schema = schema
        self._rules = rules
        self._capacity = capacity
        self._documents: OrderedDict[str, DocumentNode | OperationRefused] = OrderedDict()

    def prepare(self, source: str, operation_name: str | None) -> Operation:
        """Return the operation `operation_name` of `source`, or its only one.

        Raises OperationRefused, with the code GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED
        or OPERATION_RESOLUTION_FAILURE.
        """
        document = self._documents.get(source)
        if document is None:
            document = self._documents[source] = self._read(source)
            if len(self._documents) > self._capacity:
                self._documents.popitem(last=False)
        else:
            self._documents.move_to_end(source)
        if isinstance(document, OperationRefused):
            # A fresh one: the kept one would gather the frames of everybody who is told.
            raise OperationRefused(document.errors, document.code)
        return Operation(document, _choose(document, operation_name))

    def _read(self, source: str) -> DocumentNode | OperationRefused:
        try:
            document = parse(source, allow_empty_selection_sets=False)
        except GraphQLError as error:
            return OperationRefused([error], "GRAPHQL_PARSE_FAILED")
        errors = validate(self._schema, document, self._rules, allow_empty_selection_sets=False)
        return OperationRefused(errors, "GRAPHQL_VALIDATION_FAILED") if errors else document


def _choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """https://spec.graphql.org/draft/#GetOperation()"""
    definitions = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if name is not None:
        definitions = [node for node in definitions if node.name and node.name.value == name]
    if len(definitions) == 1:
        return definitions[0]
    if name is not None:
        why = "There is no operation of this name in the document."
    elif definitions:
        why = "The document has several operations: say which one by operationName."
    else:
        why = "The document has no operation."
    raise OperationRefused([GraphQLError(why)], "OPERATION_RESOLUTION_FAILURE")
