"""bin/ddb/adopt on the emulator: from a table of the journal's to one that the server takes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time

import pytest
from starlette.requests import Request

from commands.target import ROOT
from datasources.aws import dynamodb_client
from datasources.store_clock import StoreClock
from resolvers import messages as log
from resolvers.pages import window
from resolvers.services import Services
from tests.commands.ddb.conftest import OwnTable
from tests.doubles import journal
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, LONDO, START
from transport.health import Health
from transport.live_connections import LiveConnections

MEMBERS = f"{journal.UNTOLD}={journal.GKAR.uuid},{LONDO.uuid}"


@pytest.fixture
def journals(own: OwnTable) -> OwnTable:
    own.fill(journal.journal())
    return own


def ready(own: OwnTable) -> tuple[int, str]:
    request = Request({"type": "http"})
    live = LiveConnections(most=1, most_a_person=1)
    health = Health(own.table, KnownUsers(), live, StoreClock())
    answer = asyncio.run(health.ready(request))
    return answer.status_code, bytes(answer.body).decode()


async def read(own: OwnTable, group_uuid: str) -> list[str]:
    services = Services.over(
        own.table,
        KnownUsers(),
        MemoryBus(),
        clock=lambda: START,
        new_uuid=lambda: "none",
        pause=asyncio.sleep,
    )
    page = await log.messages(services, ANDREW, group_uuid, window(100, None, None, None))
    return [message.text for message in reversed(page.nodes)]


def test_from_the_journals_table_to_ours(journals: OwnTable) -> None:
    scripts, before = journals.scripts, asyncio.run(journals.items())
    code, body = ready(journals)
    assert code == 503
    assert "bin/ddb/adopt" in body

    found = scripts.run("ddb/verify", "--patience", "0", "--json")
    assert found.code == 1
    codes = {json.loads(line)["invariant"] for line in found.out.splitlines()}
    assert {"layout", "item", "head"} <= codes

    dry = scripts.run("ddb/adopt")
    assert dry.code == 1  # one group is left
    assert "--members" in dry.out
    assert "a dry run" in dry.err
    assert asyncio.run(journals.items()) == before
    assert ready(journals)[0] == 503

    done = scripts.succeed("ddb/adopt", "--apply", "--members", MEMBERS, "--json")
    adopted = {each["group_uuid"]: each for each in map(json.loads, done.splitlines())}
    assert adopted[journal.PLAIN]["numbered"] == 30
    assert not any(each["problem"] for each in adopted.values())
    assert ready(journals)[0] == 200

    assert scripts.run("ddb/verify", "--patience", "0").code == 0
    after = asyncio.run(journals.items())
    assert scripts.succeed("ddb/adopt", "--apply", "--json") == ""
    assert asyncio.run(journals.items()) == after
    assert asyncio.run(read(journals, journal.OFFSETS)) == ["first", "second", "third", "fourth"]
    was, now = (
        {item["message_uuid"]["S"] for item in items.values() if "message_uuid" in item}
        for items in (before, after)
    )
    assert was <= now


def test_a_killed_run_is_finished_by_another_one(journals: OwnTable) -> None:
    script, folder = str(ROOT / "bin/ddb/adopt"), str(journals.scripts.data_dir)
    before = asyncio.run(journals.items())
    slowly = subprocess.Popen(
        [script, "--data-dir", folder, "--apply", "--rate", "100"], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while asyncio.run(journals.items()) == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    slowly.kill()
    assert slowly.wait() != 0
    assert ready(journals)[0] == 503
    journals.scripts.succeed("ddb/adopt", "--apply", "--members", MEMBERS)
    assert journals.scripts.run("ddb/verify", "--patience", "0").code == 0
    assert asyncio.run(read(journals, journal.PLAIN)) == [f"plain {n}" for n in range(30)]


def test_a_group_that_stands_in_a_list_blocks_the_table(own: OwnTable) -> None:
    own.fill(journal.conversation(journal.PLAIN, ANDREW, BAYKO, ("tomorrow", "when?")))
    result = own.scripts.run("ddb/adopt", "--apply")
    assert result.code == 1
    assert "the table becomes ours when" in result.err
    assert ready(own)[0] == 503


def test_what_is_not_of_our_types_is_named_and_left(own: OwnTable) -> None:
    one, *rest = journal.conversation(journal.PLAIN, ANDREW, BAYKO, (journal.at(1), "one"))
    broken = [{**one, "message": {"NULL": True}}, *rest]
    whole = [
        {**item, "starred by": {"SS": ["a"]}, "size": {"N": "1.5"}}
        for item in journal.conversation(journal.NEWER, BAYKO, LONDO, (journal.at(2), "two"))
    ]
    own.fill([*broken, *whole])
    result = own.scripts.run("ddb/adopt", "--apply")
    assert result.code == 1
    assert "message is no text" in result.out
    items = asyncio.run(own.items())
    assert all(item in items.values() for item in broken)
    (two,) = [item for key, item in items.items() if key.pk == f"MSG#{journal.NEWER}"]
    assert two["starred by"] == {"SS": ["a"]}

    found = own.scripts.run("ddb/verify", "--patience", "0")
    assert found.code == 1
    assert f"MSG#{journal.PLAIN}" in found.out
    repaired = own.scripts.run("ddb/repair", "--patience", "0", "--apply", "--alone")
    assert repaired.code == 1
    assert all(item in asyncio.run(own.items()).values() for item in broken)
    assert '{"NULL": true}' in own.scripts.succeed("ddb/scan")


@pytest.mark.parametrize("script", ["ddb/adopt", "ddb/verify", "ddb/repair"])
def test_a_table_with_other_keys_is_none_of_ours(own: OwnTable, script: str) -> None:
    client, name = dynamodb_client(own.settings), own.settings.messages_table
    client.delete_table(TableName=name)
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    client.put_item(TableName=name, Item={"id": {"S": "x"}})
    result = own.scripts.run(script)
    assert result.code == 1
    assert "key" in result.error


@pytest.mark.parametrize("members", ["no", f"{journal.PLAIN}=x,y", f"{journal.PLAIN}={LONDO.uuid}"])
def test_members_that_are_none_are_refused(members: str, own: OwnTable) -> None:
    result = own.scripts.run("ddb/adopt", "--members", members)
    assert result.code == 2
    assert "GROUP=USER,USER" in result.error
