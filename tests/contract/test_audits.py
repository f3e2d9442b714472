"""The audits of npm's graphql-http: whether a server keeps to GraphQL over HTTP.

https://github.com/graphql/graphql-http/tree/main/audits. They send queries by GET and ask for
`__typename` and `__type`, so they are for a server that answers both, as in development.
"""

from __future__ import annotations

import json
from typing import Any

from tests.clients.npm import NpmClients
from tests.contract.person import Person


async def failures(clients: NpmClients, url: str, token: str) -> dict[str, str]:
    """Run all 61; return those that fail, by id: what is asked for, and what came instead."""
    results: list[dict[str, Any]] = json.loads(await clients.run("audit.mjs", url, token))
    assert len(results) == 61
    kinds = {result["name"].split()[0] for result in results}
    assert kinds == {"MUST", "SHOULD", "MAY"}
    return {
        result["id"]: f"{result['name']} ({result['status']}: {result['reason']})"
        for result in results
        if result["status"] != "ok"
    }


async def test_all_of_them_pass(alice: Person, npm_clients: NpmClients) -> None:
    assert await failures(npm_clients, alice.url, alice.token) == {}
