"""bin/ddb/adopt on the emulator: from a table of the journal's to one that the server takes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time

import pytest
from starlette.requests import Request

from commands.target import ROOT
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
    health = Health(own.table, KnownUsers(), LiveConnections(most=1, most_a_person=1))
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
    uuids = {item["message_uuid"] for item in before.values() if "message_uuid" in item}
    assert uuids <= {item.get("message_uuid") for item in after.values()}


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


@pytest.mark.parametrize("members", ["no", f"{journal.PLAIN}=x,y", f"{journal.PLAIN}={LONDO.uuid}"])
def test_members_that_are_none_are_refused(members: str, own: OwnTable) -> None:
    result = own.scripts.run("ddb/adopt", "--members", members)
    assert result.code == 2
    assert "GROUP=USER,USER" in result.error
