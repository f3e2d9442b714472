"""What must be true when everything is healed and has come to rest."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.whole_table import DynamoWholeTable
from maintenance.verification import Verification
from settings import Settings
from tests.contract.client import Json
from tests.contract.person import Person
from tests.faults.town import Town
from tests.faults.waiting import LONG

_PAGE = 100
_POLL = 0.2


class Verdict:
    """Holds what the people of `town` were told to what they find at the end."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._logs: dict[str, list[Json]] = {}  # oldest first, by group

    async def both_members_read_one_log(self) -> None:
        for talker in self._town.talkers:
            assert talker.group
            log = await _log(talker.person, talker.group)
            assert self._logs.setdefault(talker.group, log) == log
        pairs = len(self._town.talkers) / 2
        assert len(self._logs) == pairs, "two people have two conversations"

    def what_was_sent_is_there_once(self) -> None:
        stored = Counter(each["message"] for log in self._logs.values() for each in log)
        sent = Counter(each.text for talker in self._town.talkers for each in talker.letters)
        lost, doubled = sent - stored, stored - sent
        assert not lost
        assert not doubled
        for talker in self._town.talkers:
            log = self._logs[talker.group or ""]
            assert all(letter.acknowledged in log for letter in talker.letters)

    def every_follower_heard_it_all_in_order(self) -> None:
        for reader in self._town.readers:
            if reader.group:
                heard = [event["message"] for event in reader.events]
                # The subscription began behind the first message.
                assert heard == self._logs[reader.group][1:]
            else:
                newest = {group: log[-1] for group, log in self._logs_of(reader.person).items()}
                assert reader.newest == newest

    async def every_list_is_right(self) -> None:
        """Wait for each person's list to show the newest messages, newest first."""
        for person in self._town.people:
            newest = [log[-1] for log in self._logs_of(person).values()]
            newest.sort(key=lambda message: str(message["createdAt"]), reverse=True)
            listed = await _listed(person)
            for _ in range(int(LONG / _POLL)):
                if listed == newest:
                    break
                await asyncio.sleep(_POLL)
                listed = await _listed(person)
            assert listed == newest

    def _logs_of(self, person: Person) -> dict[str, list[Json]]:
        mine = {talker.group for talker in self._town.talkers if talker.has(person)}
        return {group: log for group, log in self._logs.items() if group in mine}


async def table_is_whole(settings: Settings) -> None:
    """Hold the table itself to every invariant that bin/ddb/verify knows."""
    with ThreadPoolExecutor(1) as threads:
        table = DynamoWholeTable(
            BotoCalls(dynamodb_client(settings), threads), settings.messages_table
        )
        verification = Verification(table, pause=asyncio.sleep, patience=1.0)
        assert [each async for each in verification.violations()] == []
        assert verification.items > 0


async def _log(person: Person, group: str) -> list[Json]:
    log: list[Json] = []
    after = None
    while True:
        page = await person.messages(group, first=_PAGE, after=after)
        log += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return log[::-1]


async def _listed(person: Person) -> list[Json]:
    page = await person.conversations(first=_PAGE)
    return [node["lastMessage"] for node in page["nodes"]]
