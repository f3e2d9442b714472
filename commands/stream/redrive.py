"""bin/stream/redrive: repairs the groups of which dead letters tell."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from commands.command import CommandError, Parser, UsageError, command
from commands.ddb.maintenance import (
    add_rate_argument,
    open_table,
    print_repaired,
    progress,
)
from commands.ddb.services import new_uuid, now
from commands.output import add_json_argument, note
from commands.stream.letters import Settle, settle_file, settle_queue, settle_runner_file
from commands.target import add_target_arguments, load_settings
from datasources.aws import queue_client, streams_client
from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from datasources.letter_queue import LetterQueue
from datasources.stream_records import StreamRecords
from datasources.whole_table import WholeTable
from maintenance.catch_up import behind
from maintenance.dead_letters import DeadLetter, UnreadableLetter, groups_of, parse
from maintenance.repairs import Repairs
from settings import LOOPBACK_HOSTS, Settings

_RUNNERS_FILE = "dead-letters.jsonl"


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/stream/redrive",
        "Read dead letters of the stream, repair the groups concerned, and delete each letter when"
        " that\nhas succeeded. Where the records are gone by now, every conversation that is behind"
        " is repaired.\nWithout --queue-url and --file: what ./bin/dev's stream runner gave up.",
        example="bin/stream/redrive --prod --queue-url https://sqs.eu-central-1.amazonaws.com/1/dead",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    add_rate_argument(parser)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--queue-url", metavar="URL", help="the on-failure queue of the Lambda")
    source.add_argument(
        "--file", type=Path, metavar="FILE", help="letters that were saved from there; it stays"
    )
    arguments = parser.parse_args(argv)
    if arguments.prod and not (arguments.queue_url or arguments.file):
        raise UsageError("with --prod name --queue-url or --file")
    settings = load_settings(arguments)
    with open_table(settings, arguments.rate) as table, asyncio.Runner() as loop:
        redrive = _Redrive(settings, table, loop, as_json=arguments.json)
        try:
            outcomes = list(_letters(arguments, settings, redrive.settle))
        finally:
            loop.run(redrive.close())
    note(f"{sum(outcomes)} letters settled, {len(outcomes) - sum(outcomes)} left")
    return 0 if all(outcomes) else 1


def _letters(arguments: argparse.Namespace, settings: Settings, settle: Settle) -> Iterator[bool]:
    if arguments.queue_url:
        host = urlsplit(arguments.queue_url).hostname
        if host is None or (not arguments.prod and host not in LOOPBACK_HOSTS):
            raise UsageError("a queue that is not on this machine needs --prod")
        client = queue_client(settings, arguments.queue_url)
        return settle_queue(LetterQueue(client, arguments.queue_url), settle)
    if arguments.file:
        if not arguments.file.is_file():
            raise CommandError(f"no file {arguments.file}")
        return settle_file(arguments.file, settle)
    return settle_runner_file(arguments.data_dir / _RUNNERS_FILE, settle)


class _Redrive:
    """Settles one letter after the other, and prints what was mended."""

    def __init__(
        self, settings: Settings, table: WholeTable, loop: asyncio.Runner, *, as_json: bool
    ) -> None:
        self._table = table
        self._loop = loop
        self._as_json = as_json
        self._caught_up: bool | None = None  # once the whole table has been gone through
        self._records = StreamRecords(streams_client(settings))
        self._publisher = BrokerPublisher(line_to(settings.bus_url.reveal()))
        self._repairs = Repairs(
            table,
            self._publisher,
            apply=True,
            alone=False,
            clock=now,
            new_uuid=new_uuid,
            pause=asyncio.sleep,
        )

    def settle(self, text: str) -> bool:
        """Repair the groups of one letter; False if one could not be, or it is no letter."""
        try:
            letter = parse(text)
        except UnreadableLetter as error:
            note(f"left: {error}")
            return False
        return self._loop.run(self._settle(letter))

    async def close(self) -> None:
        await self._publisher.close()

    async def _settle(self, letter: DeadLetter) -> bool:
        groups = groups_of(letter, self._records)
        if groups is not None:
            return await self._repair(_each(sorted(groups)))
        if self._caught_up is None:
            note("the records are gone: repairing every conversation that is behind …")
            every = (group.uuid async for group in behind(self._table))
            self._caught_up = await self._repair(every)
        return self._caught_up

    async def _repair(self, groups: AsyncIterator[str]) -> bool:
        settled, count = True, 0
        async with progress(lambda: f"{count} conversations …"):
            async for group_uuid in groups:
                outcome = await self._repairs.repair_group(group_uuid)
                print_repaired(outcome, as_json=self._as_json)
                settled = settled and outcome.refusal is None
                count += 1
        return settled


async def _each(uuids: Iterable[str]) -> AsyncIterator[str]:
    for each in uuids:
        yield each


if __name__ == "__main__":
    sys.exit(main())
