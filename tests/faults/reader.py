"""Somebody who follows news, over as many sockets as it takes."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.contract import documents
from tests.contract.client import HANG_GUARD, PROTOCOL, Json, socket_url
from tests.contract.person import Person
from tests.faults.witness import Unannounced, Witness

_BEFORE_RETURN = 0.2  # seconds


class Reader:
    """Follows one conversation or, where `group` is None, the inbox, from the cursor `since`.

    Whenever that ends, it goes on at the other server, with its last cursor.
    """

    def __init__(
        self, person: Person, *, group: str | None, since: str, urls: list[str], witness: Witness
    ) -> None:
        self.person = person
        self.group = group
        self.events: list[Json] = []
        self.newest: dict[str, Json] = {}  # by the uuid of the group
        self.sockets = 0
        self._since = since
        self._witness = witness
        self._urls = itertools.cycle(urls)

    def __str__(self) -> str:
        return (
            f"{self.person.handle} ({'group' if self.group else 'inbox'}, {self.sockets} sockets)"
        )

    def has_heard(self, group: str | None, message: Json) -> bool:
        """Tell whether it has heard of `message`, or of a later one of this group."""
        newest = self.newest.get(group or "")
        return newest is not None and newest["createdAt"] >= message["createdAt"]

    async def follow(self) -> NoReturn:
        while True:
            await self._follow(next(self._urls))
            await asyncio.sleep(_BEFORE_RETURN)

    async def _follow(self, url: str) -> None:
        """Follow over one socket, to its end or to the end of the subscription."""
        self.sockets += 1
        since = time.monotonic()
        try:
            async with connect(
                socket_url(url), subprotocols=[PROTOCOL], open_timeout=HANG_GUARD, proxy=None
            ) as socket:
                await self._enter(socket)
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] != "next":
                        self._end(message)
                        return
                    self._take(message["payload"])
        except ConnectionClosed as closed:
            self._witness.closed(url, closed.rcvd.code if closed.rcvd else 1006, since)
        except TimeoutError as error:
            raise Unannounced("a socket was never acknowledged") from error
        except (OSError, InvalidHandshake):
            self._witness.lost(url, since)
        else:
            # The loop over the messages ends without an exception where the server says goodbye.
            self._witness.closed(url, socket.close_code or 1005, since)

    async def _enter(self, socket: ClientConnection) -> None:
        init = {"Authorization": f"Bearer {self.person.token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": init}))
        async with asyncio.timeout(HANG_GUARD):
            acknowledgement = json.loads(await socket.recv())
        assert acknowledgement["type"] == "connection_ack"
        variables = {"groupUuid": self.group, "since": self._since}
        payload = {"query": documents.UPDATES, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))

    def _take(self, result: Json) -> None:
        for error in result.get("errors", ()):
            self._witness.refused(error)
        if not result["data"]:
            raise Unannounced("an event was swallowed, and the subscription goes on without it")
        event: Json = result["data"]["messageGroupUpdated"]
        group, message = event["conversation"]["groupUuid"], event["message"]
        before = self.newest.get(group)
        if before and message["createdAt"] < before["createdAt"]:
            raise Unannounced("a conversation went back in time")
        self.newest[group] = message
        self.events.append(event)
        self._since = event["cursor"]

    def _end(self, message: Json) -> None:
        if message["type"] != "error":
            raise Unannounced(f"a subscription ended without a reason: {message}")
        for error in message["payload"]:
            self._witness.refused(error)
