"""Each example sends once and hears of everything, over connections that break."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from commands.target import ROOT
from tests.clients import npm
from tests.contract.client import HANG_GUARD
from tests.contract.person import People, Person, chat, texts
from tests.examples.lossy import LossyProxy
from tests.examples.running import EXAMPLES, Example, running

_PAGE = 20  # messages, in every example
_SAID = 'a "quoted" ✨ text'
_MISSED = ["while nobody listens", "and again"]


@pytest.fixture(scope="module")
def npm_packages() -> None:
    """What examples/package-lock.json names."""
    try:
        npm.install(EXAMPLES)
    except npm.NpmUnusable as error:
        pytest.fail(str(error), pytrace=False)


async def _write_around_an_outage(proxy: LossyProxy, bob: Person, group: str) -> None:
    """Let bob write while there is no network, and once more afterwards."""
    proxy.leave()
    await bob.write(_MISSED[0], to=group)
    await proxy.come_back()
    await bob.write(_MISSED[1], to=group)


@pytest.mark.parametrize(
    "command",
    [
        ["node", "graphql-ws.mjs"],
        ["node", "urql.mjs"],
        ["node", "apollo.mjs"],
        [sys.executable, "python_gql.py"],
    ],
    ids=lambda command: command[1],
)
@pytest.mark.usefixtures("npm_packages")
async def test_a_client_sends_once_pages_and_resumes(
    command: list[str], people: People, tmp_path: Path
) -> None:
    alice, bob = people(2)
    earlier = [f"number {number}" for number in range(_PAGE + 1)]
    group = await chat(bob, alice, *earlier)
    async with (
        LossyProxy(alice.url) as proxy,
        running([*command, bob.handle, _SAID], alice, proxy.url, tmp_path / "stderr") as example,
    ):
        history = await example.lines(len(earlier) + 1)
        assert history[0] == f"{bob.handle}: number 0"
        assert history[-1] == f"{alice.handle}: {_SAID}"
        assert [line.partition(": ")[2] for line in history] == [*earlier, _SAID]
        assert proxy.lost_answers == 1  # so it was sent twice

        await bob.write("hello", to=group)
        assert await example.line() == f"{bob.handle}: hello"
        await _write_around_an_outage(proxy, bob, group)
        assert await example.lines(2) == [f"{bob.handle}: {text}" for text in _MISSED]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
async def test_curl_sends_once_and_resumes(people: People, tmp_path: Path) -> None:
    alice, bob = people(2)
    group = await chat(bob, alice, "before")
    command = ["sh", "curl.sh", bob.handle, _SAID, str(uuid4())]
    async with (
        LossyProxy(alice.url) as proxy,
        running(command, alice, proxy.url, tmp_path / "stderr") as curl,
    ):
        assert texts(json.loads(await curl.line())["data"]["messages"]) == [_SAID, "before"]
        assert proxy.lost_answers == 1

        await bob.write("hello", to=group)
        assert await _heard(curl) == "hello"
        await _write_around_an_outage(proxy, bob, group)
        assert [await _heard(curl), await _heard(curl)] == _MISSED


async def _heard(curl: Example) -> str:
    event = json.loads(await curl.line())["data"]["messageGroupUpdated"]
    return str(event["message"]["message"])


@pytest.mark.usefixtures("npm_packages")
def test_the_relay_compiler_takes_the_schema_and_its_connections(tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "relay"
    shutil.copytree(EXAMPLES / "relay", folder)
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    compiler = EXAMPLES / "node_modules" / ".bin" / "relay-compiler"
    done = subprocess.run(
        [compiler, "relay.config.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANG_GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name.removesuffix(".graphql.js") for path in folder.glob("__generated__/*.js")}
    assert {"InboxPageQuery", "MessagesPageQuery", "MessagesNewsSubscription"} <= made
