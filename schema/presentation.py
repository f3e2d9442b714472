"""How errors reach a client: with a stable code, or masked with the request id and logged once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from graphql import ExecutionResult, FieldNode, GraphQLError

from domain.errors import CruddurError, HistoryInFlight, RequestError, StoreUnavailable

_log = logging.getLogger(__name__)


def present_result(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    """Return the response map of an executed operation."""
    if result.errors is None:
        return {"data": result.data}
    if result.data is None and not any(error.path for error in result.errors):
        # Refused before execution, as by a variable of the wrong type: then there is no
        # `data` entry. https://spec.graphql.org/draft/#sec-Response-Format
        return {"errors": present_errors(result.errors, request_id, code="BAD_USER_INPUT")}
    return {"errors": present_errors(result.errors, request_id), "data": result.data}


def present_errors(
    errors: Sequence[GraphQLError], request_id: str, code: str | None = None
) -> list[dict[str, Any]]:
    """Return `errors` as clients see them; `code` is that of errors without a cause of ours."""
    # One failure may be met by many fields, as where a batch of people cannot be loaded.
    causes = [_cause(error) for error in errors]
    for cause in {id(each): each for each in causes}.values():
        _warn(cause, request_id)
    presented = [
        _present(error, cause, request_id, code)
        for error, cause in zip(errors, causes, strict=True)
    ]
    for error in errors:
        _forget_frames(error)
    return presented


def failure(error: CruddurError, request_id: str) -> dict[str, Any]:
    """Return one of our failures, met outside of any field, as an entry of `errors`."""
    _warn(error, request_id)
    return {"message": error.detail, "extensions": _extensions(error)}


def internal_error(request_id: str) -> dict[str, Any]:
    """Return the entry of `errors` that stands for an unexpected one."""
    return {
        "message": "Something went wrong here. Tell us the request id.",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
    }


def _warn(cause: Exception | None, request_id: str) -> None:
    """Log what went wrong behind an error that only says to try again."""
    if isinstance(cause, StoreUnavailable | HistoryInFlight):
        fields = {"code": cause.code, "request_id": request_id}
        _log.warning("not answered", exc_info=cause, extra={"fields": fields})


def _present(
    error: GraphQLError, cause: Exception | None, request_id: str, code: str | None
) -> dict[str, Any]:
    presented: dict[str, Any] = dict(error.formatted)
    if isinstance(cause, CruddurError):
        presented["message"] = cause.detail
        presented["extensions"] = _extensions(cause)
    elif cause is None or (code is not None and error.nodes):
        # graphql-core's own: a request that is wrong in itself. A variable that a scalar
        # refused has a cause too, and the node of the variable's definition.
        presented["extensions"] = {"code": code or "BAD_USER_INPUT"}
    else:
        # Neither the text nor the frames' values are logged: they may hold messages or tokens.
        # Nor is the path, whose aliases are the client's words.
        fields = [node.name.value for node in error.nodes or () if isinstance(node, FieldNode)]
        _log.error(
            "unexpected error in %s",
            fields[0] if fields else "operation",
            exc_info=cause,
            extra={"fields": {"request_id": request_id}},
        )
        presented |= internal_error(request_id)
    return presented


def _cause(error: GraphQLError) -> Exception | None:
    """What made it, if that was not graphql-core: an argument's error is in that of its field."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _forget_frames(error: BaseException) -> None:
    """Let go of all that led to `error`: frames that hold it, and with it the whole request.

    Nobody else would before the garbage collector comes, which server.py has come seldom.
    """
    while isinstance(error, GraphQLError) and error.original_error:
        error.__traceback__ = None
        error = error.original_error
    cause: BaseException | None = error
    while cause:
        cause.__traceback__ = None
        cause = cause.__context__


def _extensions(error: CruddurError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": error.code}
    if isinstance(error, RequestError):
        extensions["retryable"] = error.retryable
    return extensions
