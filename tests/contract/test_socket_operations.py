"""Operations on a socket: each lives and ends by itself."""

from __future__ import annotations

from tests.contract import documents
from tests.contract.client import Socket
from tests.contract.person import People, chat, texts


async def assert_alive(socket: Socket) -> None:
    assert await socket.ping({"alive": True}) == {"alive": True}


async def test_a_document_that_cannot_run_is_an_error_of_that_operation_alone(
    people: People,
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as socket:
        live = await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
        for document, code in (
            ("subscription {", "GRAPHQL_PARSE_FAILED"),
            ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { me { handle } } query B { me { uuid } }", "OPERATION_RESOLUTION_FAILURE"),
        ):
            error = await (await socket.subscribe(document)).error()
            assert error["extensions"]["code"] == code
        refused = await socket.subscribe(documents.UPDATES, groupUuid="not a uuid")
        assert (await refused.error())["extensions"]["code"] == "BAD_USER_INPUT"
        await assert_alive(socket)
        await bob.write("still there?", to=group)
        assert (await live.next())["message"]["message"] == "still there?"


async def test_queries_are_answered_over_the_socket(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    async with alice.socket() as socket:
        query = await socket.subscribe(documents.MESSAGES, groupUuid=group)
        assert (await query.data())["messages"] == await alice.messages(group)
        await query.complete()


async def test_mutations_are_answered_over_the_socket(people: People) -> None:
    alice, bob = people(2)
    async with alice.socket() as socket:
        message = {"message": "over the socket", "recipientHandle": bob.handle}
        mutation = await socket.subscribe(documents.SEND_MESSAGE, input=message)
        payload = (await mutation.data())["sendMessage"]
        await mutation.complete()
    assert payload["__typename"] == "SendMessageSuccess"
    group = payload["conversation"]["groupUuid"]
    assert texts(await bob.messages(group)) == ["over the socket"]


async def test_a_field_that_fails_is_told_in_the_result_and_the_socket_lives(
    people: People,
) -> None:
    (alice,) = people(1)
    async with alice.socket() as socket:
        query = await socket.subscribe("query { conversations(first: 0) { syncCursor } }")
        message = await socket.receive(query.id)
        assert message["type"] == "next"
        assert message["payload"]["data"] is None
        (error,) = message["payload"]["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        await query.complete()
        await assert_alive(socket)


async def test_what_one_operation_ends_another_one_goes_on_with(people: People) -> None:
    alice, bob, carol = people(3)
    groups = [await chat(alice, friend, "before") for friend in (bob, carol)]
    async with alice.socket() as socket:
        stopped, live = [
            await socket.subscribe(
                documents.UPDATES,
                groupUuid=group,
                since=(await alice.messages(group))["syncCursor"],
            )
            for group in groups
        ]
        await bob.write("one", to=groups[0])
        assert (await stopped.next())["message"]["message"] == "one"
        await stopped.stop()
        await bob.write("two", to=groups[0])
        await carol.write("three", to=groups[1])
        assert (await live.next())["message"]["message"] == "three"
        await stopped.stop()  # once more: of no consequence
        await assert_alive(socket)


async def test_an_id_is_free_again_when_its_operation_has_ended(people: People) -> None:
    (alice,) = people(1)
    frame = {"id": "mine", "type": "subscribe", "payload": {"query": documents.ME}}
    async with alice.socket() as socket:
        for _ in range(3):
            await socket.send(frame)
            assert (await socket.receive("mine"))["type"] == "next"
            assert (await socket.receive("mine"))["type"] == "complete"


async def test_many_subscriptions_on_one_socket_hear_the_same(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as socket:
        subscriptions = [
            await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
            for _ in range(10)
        ]
        await bob.write("hello all of you", to=group)
        events = [await subscription.next() for subscription in subscriptions]
    assert all(event == events[0] for event in events)
