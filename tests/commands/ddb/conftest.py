"""A table of the test's own on the session's emulator, for scripts and for looking into it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from datasources import keys
from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.table import Item, Key
from datasources.table_definition import create_table
from datasources.whole_table import DynamoWholeTable
from settings import Settings
from tests.commands.scripts import Scripts, variables, write_dev_env


@dataclass(frozen=True)
class OwnTable:
    """The table, the scripts that work on it, and settings that name it."""

    table: DynamoWholeTable
    scripts: Scripts

    @property
    def settings(self) -> Settings:
        return self.scripts.settings

    def fill(self, items: Sequence[Item]) -> None:
        """Put `items` in, and nothing else that would say whose table it is."""
        client, name = dynamodb_client(self.settings), self.settings.messages_table
        client.delete_item(TableName=name, Key=keys.LAYOUT.attributes())
        for start in range(0, len(items), 25):
            puts = [{"PutRequest": {"Item": item}} for item in items[start:][:25]]
            client.batch_write_item(RequestItems={name: puts})  # type: ignore[dict-item]

    async def items(self) -> dict[Key, Item]:
        return {Key.of(item): item async for item in self.table.scan()}


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Iterator[OwnTable]:
    settings = dataclasses.replace(settings, messages_table=f"test-{uuid4().hex}")
    client = dynamodb_client(settings)
    create_table(client, settings.messages_table)
    names = {**variables(settings), "MESSAGES_TABLE": settings.messages_table}
    scripts = Scripts(write_dev_env(tmp_path, names), settings)
    with ThreadPoolExecutor(8) as threads:
        yield OwnTable(
            DynamoWholeTable(BotoCalls(client, threads), settings.messages_table), scripts
        )
    client.delete_table(TableName=settings.messages_table)
