"""bin/stream/redrive: dead letters of the local runner, and of Lambda by way of SQS."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from datasources.aws import dynamodb_client, queue_client, streams_client
from datasources.boto_calls import BotoCalls
from datasources.table import Item
from datasources.table_definition import create_table
from datasources.whole_table import DynamoWholeTable
from maintenance.verification import Verification
from settings import Settings
from tests.commands.scripts import Scripts, variables, write_dev_env
from tests.doubles import damage
from tests.doubles.patient import Patient, healthy_items
from tests.infra.emulated_aws import ROOT_USER, EmulatedAws, emulated_aws


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedAws]:
    with emulated_aws(tmp_path_factory.mktemp("aws")) as aws:
        yield aws


@dataclass(frozen=True)
class Stream:
    """A table with a stream, a group in it whose rows are behind, and the queue for its letters."""

    scripts: Scripts
    patient: Patient
    queue: Any
    queue_url: str

    def records(self) -> tuple[str, str, list[dict[str, Any]]]:
        """Return the stream's ARN, its shard, and what it carries."""
        settings = self.scripts.settings
        table = dynamodb_client(settings).describe_table(TableName=settings.messages_table)
        arn, client = table["Table"]["LatestStreamArn"], streams_client(settings)
        (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records: Any = client.get_records(ShardIterator=iterator)["Records"]
        return arn, shard["ShardId"], records

    def letter(self, **changes: str) -> str:
        """What Lambda sends for the INSERT of the group's last message."""
        arn, shard, records = self.records()
        sk = self.patient.message(8).sk
        (number,) = [
            record["dynamodb"]["SequenceNumber"]
            for record in records
            if record["dynamodb"]["Keys"]["sk"]["S"] == sk
            and record["dynamodb"]["Keys"]["pk"]["S"].startswith("MSG#")
        ]
        return json.dumps(
            {
                "requestContext": {"condition": "RetryAttemptsExhausted"},
                "version": "1.0",
                "DDBStreamBatchInfo": {
                    "shardId": shard,
                    "startSequenceNumber": number,
                    "endSequenceNumber": number,
                    "batchSize": 1,
                    "streamArn": arn,
                    **changes,
                },
            }
        )

    def send(self, text: str) -> None:
        self.queue.send_message(QueueUrl=self.queue_url, MessageBody=text)

    def is_queue_empty(self) -> bool:
        """True when there is nothing in it, hidden messages included."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.queue.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=counts)
        return {int(answer["Attributes"][name]) for name in counts} == {0}

    def is_whole(self) -> bool:
        async def violations() -> list[object]:
            verification = Verification(self.patient.table, pause=asyncio.sleep, patience=0)  # type: ignore[arg-type]
            return [violation async for violation in verification.violations()]

        return asyncio.run(violations()) == []


@pytest.fixture
def stream(aws: EmulatedAws, settings: Settings, tmp_path: Path) -> Iterator[Stream]:
    own = dataclasses.replace(
        settings,
        messages_table=f"test-{uuid4().hex}",
        aws_credentials=ROOT_USER,
        dynamodb_endpoint=aws.endpoint,
        streams_endpoint=aws.endpoint,
        cognito_endpoint=aws.endpoint,
    )
    names = {**variables(own), "MESSAGES_TABLE": own.messages_table}
    client = dynamodb_client(own)
    create_table(client, own.messages_table)
    items, log = asyncio.run(healthy_items())
    _put(client, own.messages_table, items)
    queue = queue_client(own, aws.endpoint)
    url = queue.create_queue(QueueName=f"dead-{uuid4().hex}")["QueueUrl"]
    with ThreadPoolExecutor(4) as threads:
        table = DynamoWholeTable(BotoCalls(client, threads), own.messages_table)
        patient = Patient(table, log)
        asyncio.run(damage.row_behind(patient))
        yield Stream(Scripts(write_dev_env(tmp_path, names), own), patient, queue, url)
    client.delete_table(TableName=own.messages_table)


def _put(client: Any, name: str, items: list[Item]) -> None:
    for item in items:
        client.put_item(TableName=name, Item=item)


def test_a_letter_of_lambda_is_settled_and_goes(stream: Stream) -> None:
    assert not stream.is_whole()
    stream.send(stream.letter())
    out = stream.scripts.succeed("stream/redrive", "--queue-url", stream.queue_url)
    assert stream.patient.group in out
    assert stream.is_whole()
    assert stream.is_queue_empty()


def test_where_the_records_are_gone_everything_behind_is_repaired(stream: Stream) -> None:
    for _ in range(2):
        gone = "arn:aws:dynamodb:us-east-1:000000000000:table/x/stream/1"
        stream.send(stream.letter(streamArn=gone))
    result = stream.scripts.run("stream/redrive", "--queue-url", stream.queue_url)
    assert result.code == 0, result.err
    assert result.err.count("the records are gone") == 1
    assert "2 letters settled" in result.err
    assert stream.is_whole()
    assert stream.is_queue_empty()


def test_what_is_not_right_and_what_is_no_letter_stays(stream: Stream) -> None:
    stream.send(stream.letter())
    stream.send("hello")
    asyncio.run(damage.message_missing(stream.patient))
    result = stream.scripts.run("stream/redrive", "--queue-url", stream.queue_url)
    assert result.code == 1
    assert "message 4 is missing" in result.out
    assert "no dead letter" in result.err
    assert "0 letters settled, 2 left" in result.err
    assert not stream.is_queue_empty()


def test_a_letter_from_a_file(stream: Stream, tmp_path: Path) -> None:
    file = tmp_path / "letter.json"
    file.write_text(json.dumps(json.loads(stream.letter()), indent=2))
    stream.scripts.succeed("stream/redrive", "--file", str(file))
    assert stream.is_whole()
    assert file.exists()


def test_the_local_runners_letters(stream: Stream) -> None:
    """One is of a group that cannot be repaired yet; one was taken by a run that was killed."""
    file = stream.scripts.data_dir / "dead-letters.jsonl"
    taken = file.with_name(f"{file.name}.0.taken")
    line = json.dumps(
        {
            "stream_arn": "arn:aws:dynamodb:us-east-1:000000000000:table/x/stream/1",
            "sequence_number": "12",
            "keys": stream.patient.message(8).attributes(),
            "attempts": 9,
        }
    )
    taken.write_text(f"{line}\n")
    file.write_text(f"{line}\nhello\n")
    result = stream.scripts.run("stream/redrive")
    assert result.code == 1
    assert "2 letters settled, 1 left" in result.err
    assert stream.is_whole()
    assert not file.exists()
    (left,) = file.parent.glob(f"{file.name}.*.taken")
    assert left.read_text() == "hello\n"


def test_there_may_be_none(stream: Stream) -> None:
    assert "0 letters settled" in stream.scripts.run("stream/redrive").err


def test_another_machines_queue_needs_prod(stream: Stream) -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/1/dead"
    result = stream.scripts.run("stream/redrive", "--queue-url", url)
    assert result.code == 2
    assert "--prod" in result.error
