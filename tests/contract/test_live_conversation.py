"""The whole story: two people who write with each other, each through another server process."""

from __future__ import annotations

from tests.contract import documents
from tests.contract.person import People, texts
from tests.contract.waiting import list_topped_by


async def test_two_people_begin_to_write_and_go_on_live(people: People) -> None:
    alice, bob = people(2)
    async with alice.socket() as hers, bob.socket() as his:
        # Alice looks at her empty list and waits.
        inbox = await hers.subscribe(
            documents.UPDATES, since=(await alice.conversations())["syncCursor"]
        )
        # Bob writes to her; she hears of a new conversation and opens it.
        await bob.write("Hello! Are you there?", to=alice)
        event = await inbox.next()
        group = event["conversation"]["groupUuid"]
        history = await alice.messages(group)
        assert texts(history) == ["Hello! Are you there?"]
        assert history["nodes"][0]["sender"]["handle"] == bob.handle

        # Both have it open now, and talk.
        open_here = await hers.subscribe(
            documents.UPDATES, groupUuid=group, since=history["syncCursor"]
        )
        open_there = await his.subscribe(
            documents.UPDATES, groupUuid=group, since=history["edges"][0]["cursor"]
        )
        said = ["I am!", "Good.", "And you?", "Me too."]
        for number, text in enumerate(said):
            await (bob if number % 2 else alice).write(text, to=group)
            for subscription in (open_here, open_there):
                assert (await subscription.next())["message"]["message"] == text

        # Her list heard of it, too: the newest state, whatever was merged on the way.
        while (event := await inbox.next())["message"]["message"] != "Me too.":
            assert event["message"]["message"] in said
        assert event["conversation"]["otherUser"] == await bob.me()

    for person in (alice, bob):
        (row,) = (await list_topped_by(person, "Me too."))["nodes"]
        assert row["groupUuid"] == group
        newest_first = ["Me too.", "And you?", "Good.", "I am!", "Hello! Are you there?"]
        assert texts(await person.messages(group)) == newest_first
