"""Reads a GraphQL request from an HTTP request: its body, or the parameters of a GET."""

from __future__ import annotations

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from transport.accept import JSON_TYPE
from transport.deadline import Deadline
from transport.head import Head
from transport.requests import BadRequest, GraphQLRequest, decode, read_request


async def read(
    scope: Scope, head: Head, receive: Receive, *, most: int, seconds: float
) -> GraphQLRequest:
    """Read what was sent: a body of at most `most` bytes that takes at most `seconds` to come.

    Raises BadRequest, and Starlette's ClientDisconnect.
    """
    if scope["method"] == "GET":
        parameters: dict[str, object] = dict(QueryParams(scope["query_string"]))
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = decode(str(parameters[name]))
        return read_request(parameters)
    # Browsers send this type to other origins only after asking by OPTIONS (CORS). What they
    # send without, forms and plain text, must not be obeyed.
    media_type = head.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if media_type != JSON_TYPE.encode():
        raise BadRequest(
            f"Send the request as {JSON_TYPE}.", status=415, code="UNSUPPORTED_MEDIA_TYPE"
        )
    if (head.get(b"content-encoding") or b"identity").lower() != b"identity":
        raise BadRequest(
            "Send the body uncompressed.",
            status=415,
            code="UNSUPPORTED_MEDIA_TYPE",
            headers={"Accept-Encoding": "identity"},  # RFC 9110, section 12.5.3
        )
    try:
        with Deadline(seconds):
            body = await _body(head, receive, most)
    except TimeoutError:
        raise BadRequest(
            f"The body took longer than {seconds:g} seconds to come.",
            status=408,
            code="REQUEST_TIMEOUT",
            headers={"Connection": "close"},  # RFC 9110, section 15.5.9
        ) from None
    return read_request(decode(body))


async def _body(head: Head, receive: Receive, most: int) -> bytes:
    announced = head.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > most:
        raise _too_large(most)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(most: int) -> BadRequest:
    detail = f"The body has more than {most} bytes."
    return BadRequest(detail, status=413, code="BODY_TOO_LARGE")
