"""Every way in: the same operation over each transport, and what comes back as one response map."""

from __future__ import annotations

import asyncio
import json

from tests.contract.client import HANG_GUARD, Json
from tests.contract.person import RESPONSE_TYPE, Person

# By GET only queries; as Server-Sent Events ("stream") and over the socket everything.
QUERY_DOORS = ("POST", "GET", "stream", "socket")
MUTATION_DOORS = ("POST", "stream", "socket")
SUBSCRIPTION_DOORS = ("stream", "socket")


async def ask(person: Person, door: str, document: str, **variables: object) -> Json:
    """Return `data` and `errors` of the first answer to an operation."""
    if door == "socket":
        async with person.socket() as socket:
            operation = await socket.subscribe(document, **variables)
            message = await socket.receive(operation.id)
            payload = message["payload"]
            return {"errors": payload} if message["type"] == "error" else dict(payload)
    if door == "stream":
        return await _first_event(person, {"query": document, "variables": variables})
    if door == "GET":
        headers = {"Authorization": f"Bearer {person.token}", "Accept": RESPONSE_TYPE}
        parameters = {"query": document, "variables": json.dumps(variables)}
        answer = await person.http.get(person.url, params=parameters, headers=headers)
        return dict(answer.json())
    return (await person.ask(document, **variables)).body


async def _first_event(person: Person, body: Json) -> Json:
    headers = {"Authorization": f"Bearer {person.token}", "Accept": "text/event-stream"}
    async with (
        asyncio.timeout(HANG_GUARD),  # a stream whose door is shut would be kept alive for ever
        person.http.stream("POST", person.url, json=body, headers=headers) as answer,
    ):
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                return dict(json.loads(line.removeprefix("data: ")))
    raise AssertionError(f"no event, but {answer.status_code}")


def code_of(answer: Json) -> str:
    """The stable code of the errors in it, which is one for all of them."""
    (code,) = {error["extensions"]["code"] for error in answer["errors"]}
    return str(code)
