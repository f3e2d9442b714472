"""One GraphQL request, as every transport reads it: checked for shape, not yet for meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import replace

from documents.operations import Operation


class BadRequest(Exception):
    """What came is not a GraphQL request; `status` and `headers` are what HTTP says to that."""

    def __init__(
        self,
        detail: str,
        *,
        status: int = 400,
        code: str = "BAD_REQUEST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.headers = headers or {}


class GraphQLRequest(Struct, frozen=True, gc=False):
    """https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters

    `query` or `document_id` is there, or both. The id is a SHA-256, in hexadecimal digits.
    """

    query: str | None
    operation_name: str | None
    variables: Mapping[str, Any]
    document_id: str | None = None

    def for_long(self, operation: Operation) -> GraphQLRequest:
        """Return what a subscription needs of it: no text, and no variables but the declared."""
        return replace(self, query=None, variables=operation.declared(self.variables))


def read_request(parameters: object) -> GraphQLRequest:
    """Check the parameters of a request, already decoded from JSON; raises BadRequest."""
    if not isinstance(parameters, dict):
        raise BadRequest("A GraphQL request is a JSON object. Batches are not accepted.")
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadRequest("The parameter operationName must be a string.")
    for parameter in ("variables", "extensions"):
        value = parameters.get(parameter)
        if value is not None and not isinstance(value, dict):
            raise BadRequest(f"The parameter {parameter} must be an object.")
    document_id = _document_id(parameters)
    query = parameters.get("query")
    if (query is not None or document_id is None) and (not isinstance(query, str) or not query):
        raise BadRequest("The parameter query must be a string that is not empty.")
    return GraphQLRequest(query, name, parameters.get("variables") or {}, document_id)


def _document_id(parameters: Mapping[str, Any]) -> str | None:
    """The id of a document that the server may know: as the draft has it, or as Apollo does.

    https://github.com/graphql/graphql-over-http/blob/persisted-documents/spec/Appendix%20A%20--%20Persisted%20Documents.md
    """
    found = parameters.get("documentId")
    if found is None:
        persisted = (parameters.get("extensions") or {}).get("persistedQuery")
        found = persisted.get("sha256Hash") if isinstance(persisted, dict) else persisted
    if found is not None and not isinstance(found, str):
        raise BadRequest("The parameter documentId must be a string.")
    return found and found.removeprefix("sha256:").lower()


def decode(body: bytes | str) -> object:
    """Decode JSON; raises BadRequest. A lone surrogate is no character, so it is refused too."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest(
            "The body is not JSON in UTF-8. (A lone surrogate such as \\ud83d is no character.)"
        ) from None
