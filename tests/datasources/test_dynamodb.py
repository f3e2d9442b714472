"""The lean client against an endpoint that does what DynamoDB and networks do on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import orjson
import pytest

from datasources import dynamodb
from datasources.calls import CallRefused
from datasources.credentials import GivenCredentials
from datasources.dynamodb import DynamoDB
from datasources.store_clock import ClockAstray
from domain.errors import StoreUnavailable
from settings import Credentials, Secret

Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

GET = {"TableName": "messages", "Key": {"pk": {"S": "p"}}}
ITEM = {"Item": {"pk": {"S": "p"}}}


def http(body: object, status: int = 200, *, more: str = "") -> bytes:
    text = orjson.dumps(body)
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(text)}\r\n{more}\r\n"
    return head.encode() + text


def error(code: str, status: int = 400) -> bytes:
    return http({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}, status)


class Endpoint:
    """Plays one of `answers` a request: bytes to send, or a thing to do with the connection."""

    def __init__(self, answers: list[bytes | Play]) -> None:
        self._answers: Iterator[bytes | Play] = iter(answers)
        self.connections = 0
        self.bodies: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
                self.bodies.append(await reader.readexactly(length))
                answer = next(self._answers)
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(reader, writer)
        except asyncio.IncompleteReadError:
            pass  # the client closed its side
        finally:
            writer.close()


@asynccontextmanager
async def playing(*answers: bytes | Play) -> AsyncIterator[tuple[Endpoint, DynamoDB]]:
    endpoint = Endpoint(list(answers))
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    client = DynamoDB(
        endpoint=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        region="eu-central-1",
        credentials=GivenCredentials(Credentials("AKIDEXAMPLE", Secret("secret"), None)),
        clock=lambda: datetime.now(UTC),
    )
    try:
        yield endpoint, client
    finally:
        await client.close()
        server.close()
        await server.wait_closed()


async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def cut_half_way(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(http(ITEM)[:-5])
    await writer.drain()
    writer.close()


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()  # until the client gives up


async def test_one_connection_serves_one_call_after_another() -> None:
    async with playing(http(ITEM), http({}), http(ITEM)) as (endpoint, client):
        answers = [await client.call("GetItem", GET) for _ in range(3)]
    assert answers == [ITEM, {}, ITEM]
    assert endpoint.connections == 1


async def test_calls_at_once_have_a_connection_each_and_their_own_answers() -> None:
    arrived = asyncio.Barrier(5)

    async def echo(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = endpoint.bodies[-1]
        await arrived.wait()
        writer.write(http(orjson.loads(body)))

    async with playing(*[echo] * 5) as (endpoint, client):
        answers = await asyncio.gather(*(client.call("GetItem", {"n": n}) for n in range(5)))
    assert answers == [{"n": n} for n in range(5)]
    assert endpoint.connections == 5


async def test_an_answer_may_come_in_pieces_and_in_chunks() -> None:
    async def pieces(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in http(ITEM):
            writer.write(bytes([byte]))
            await asyncio.sleep(0)

    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    async with playing(pieces, chunked, http(ITEM)) as (endpoint, client):
        assert await client.call("GetItem", GET) == ITEM
        assert await client.call("GetItem", GET) == {}
        assert await client.call("GetItem", GET) == ITEM
    assert endpoint.connections == 1


@pytest.mark.parametrize(
    "failure",
    [
        cut,
        cut_half_way,
        b"SMTP? Never heard of it.\r\n\r\n",
        http(ITEM)[:-1] + b"!",
        error("InternalServerError", 500),
        error("ThrottlingException"),
        error("TransactionInProgressException"),
        error("AnythingNew", 503),
    ],
)
async def test_what_may_pass_is_tried_again_with_the_same_bytes(failure: bytes | Play) -> None:
    async with playing(failure, failure, http(ITEM)) as (endpoint, client):
        assert await client.call("GetItem", GET) == ITEM
    assert endpoint.bodies == [orjson.dumps(GET)] * 3


async def test_three_failures_are_enough() -> None:
    async with playing(cut, cut, cut, http(ITEM)) as (endpoint, client):
        with pytest.raises(StoreUnavailable):
            await client.call("GetItem", GET)
    assert len(endpoint.bodies) == 3


async def test_a_silent_endpoint_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb, "_TRY_SECONDS", 0.05)
    async with playing(silence, silence, silence, http(ITEM)) as (endpoint, client):
        with pytest.raises(StoreUnavailable):
            await client.call("GetItem", GET)
        assert await client.call("GetItem", GET) == ITEM
    assert endpoint.connections == 4  # an answer that comes late is nobody's


async def test_where_nobody_listens_the_store_is_away() -> None:
    async with playing() as (_, client):
        pass  # and the server is gone
    with pytest.raises(StoreUnavailable):
        await client.call("GetItem", GET)


@pytest.mark.parametrize("name", ["Date", "date"])
@pytest.mark.parametrize("status", [200, 400])
async def test_every_answer_tells_the_time(name: str, status: int) -> None:
    dated = http({}, status, more=f"{name}: Sun, 22 Nov 2020 14:21:30 GMT\r\n")

    async def in_pieces(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in (dated[:20], dated[20:-30], dated[-30:]):
            writer.write(piece)
            await asyncio.sleep(0.01)

    async with playing(in_pieces, http(ITEM)) as (_, client):
        client.store_clock.check()  # nothing was heard yet
        with suppress(CallRefused):
            await client.call("GetItem", GET)
        with pytest.raises(ClockAstray):
            client.store_clock.check()
        await client.call("GetItem", GET)
        client.store_clock.check()  # an answer without a date is not taken for the one before


@pytest.mark.parametrize("code", ["ValidationException", "TransactionCanceledException"])
async def test_what_will_not_pass_is_told_at_once(code: str) -> None:
    async with playing(error(code), http(ITEM)) as (endpoint, client):
        with pytest.raises(CallRefused) as refused:
            await client.call("GetItem", GET)
        assert await client.call("GetItem", GET) == ITEM
    assert (refused.value.code, refused.value.passing) == (code, False)
    assert endpoint.connections == 1


async def test_who_is_cancelled_leaves_no_answer_to_the_next() -> None:
    asked = asyncio.Event()

    async def late(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()

    async with playing(late, http({"Item": "the next one's"})) as (endpoint, client):
        first = asyncio.create_task(client.call("GetItem", GET))
        await asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await client.call("GetItem", GET) == {"Item": "the next one's"}
    assert endpoint.connections == 2


async def test_a_connection_that_is_to_be_closed_is_not_used_again() -> None:
    answer = http(ITEM, more="Connection: close\r\n")
    async with playing(answer, answer) as (endpoint, client):
        for _ in range(2):
            assert await client.call("GetItem", GET) == ITEM
    assert endpoint.connections == 2


async def test_words_that_nobody_asked_for_end_a_connection() -> None:
    async with playing(http(ITEM) + http({"Item": "stray"}), http(ITEM)) as (_, client):
        assert await client.call("GetItem", GET) == ITEM
        assert await client.call("GetItem", GET) == ITEM


async def test_when_all_calls_fail_repeats_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    failure = error("ThrottlingException")
    async with playing(*[failure] * 200) as (endpoint, client):
        for _ in range(60):
            with pytest.raises(CallRefused):
                await client.call("GetItem", GET)
    # 500 units pay for 100 repeats: fifty calls have two each, ten have none.
    assert len(endpoint.bodies) == 60 + 100
