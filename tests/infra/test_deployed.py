"""The deployed stack: the server's rights write messages, the Lambda in the zip moves and rings.

IAM refuses there what the template's policies do not allow, and Postgres what infra/roles.sql
does not grant.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from psycopg.errors import InsufficientPrivilege

from commands.ddb.services import open_services
from commands.target import ROOT
from datasources.aws import dynamodb_client, streams_client
from datasources.broker_bus import BrokerBus
from datasources.brokers import line_to
from datasources.database import connect
from domain.records import User
from local.stream.records import Event, is_wanted, make_event, sequence_number
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from settings import Settings
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.infra.database_roles import SERVER, STREAM
from tests.infra.deployment import Deployment
from tests.infra.emulated_aws import ROOT_USER

_PATIENCE = 60  # seconds, against hangs


@pytest.fixture
async def services(server: Settings) -> AsyncIterator[Services]:
    async with open_services(server, dynamodb_client(server)) as services:
        yield services


@pytest.fixture
async def bus(server: Settings) -> AsyncIterator[BrokerBus]:
    bus = BrokerBus(line_to(server.bus_url.reveal()))
    listening = asyncio.create_task(bus.run())
    yield bus
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def chat(services: Services, one: User, other: User, count: int) -> str:
    """Let `one` write `count` messages to `other`; returns their group."""
    for number in range(1, count + 1):
        command = SendMessage(text=f"{number}", recipient_handle=other.handle)
        delivery = await send_message(services, one, command)
    return delivery.message.group_uuid


async def test_the_lambda_moves_the_rows_and_rings_the_bells(
    deployment: Deployment, services: Services, bus: BrokerBus
) -> None:
    async with asyncio.timeout(_PATIENCE), bus.listen(BAYKO.uuid) as bell:
        group = await chat(services, ANDREW, BAYKO, 3)
        rung = 0
        while rung < 3:
            rung = (await bell.wait(_PATIENCE)).groups.get(group, 0)
    # Rows are moved first: with the ring they are there.
    for person in (ANDREW, BAYKO):
        (row,) = await services.conversations.newest(person.uuid, 10)
        assert (row.last_message.text, row.last_message.seq) == ("3", 3)
        assert row.row_sk == row.last_message.created_at
    assert deployment.dead_letters() == []


@pytest.fixture
async def event(server: Settings, services: Services) -> Event:
    """A batch as Lambda gets it: two messages, as the deployed table's stream has them."""
    group = await chat(services, BAYKO, LONDO, 2)
    streams = streams_client(dataclasses.replace(server, aws_credentials=ROOT_USER))
    (stream,) = streams.list_streams(TableName=server.messages_table)["Streams"]
    arn = stream["StreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records = streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    wanted = [each for each in records if is_wanted(each)]
    return make_event([each for each in wanted if group in str(each["dynamodb"]["Keys"])], arn)


def test_it_takes_a_batch_again_without_complaint(deployment: Deployment, event: Event) -> None:
    assert deployment.invoke("messaging-stream", event) == {"batchItemFailures": []}


def test_it_reports_the_record_that_it_cannot_read(deployment: Deployment, event: Event) -> None:
    damaged = copy.deepcopy(event)
    del damaged["Records"][0]["dynamodb"]["NewImage"]["user_handle"]
    number = sequence_number(damaged["Records"][0])
    answer = deployment.invoke("messaging-stream", damaged)
    assert answer == {"batchItemFailures": [{"itemIdentifier": number}]}


@pytest.fixture
def sign_up(settings: Settings) -> Iterator[dict[str, Any]]:
    """A sign-up of somebody whom the database forgets afterwards."""
    file = ROOT / "tests" / "events" / "post_confirmation_sign_up.json"
    event: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    yield event
    with connect(settings.database_url.reveal()) as connection:
        sub = event["request"]["userAttributes"]["sub"]
        connection.execute("DELETE FROM users WHERE cognito_user_id = %s", [sub])


@pytest.mark.parametrize("known", [False, True])
async def test_a_confirmed_sign_up_becomes_a_person(
    deployment: Deployment,
    services: Services,
    settings: Settings,
    sign_up: dict[str, Any],
    known: bool,
) -> None:
    attributes = sign_up["request"]["userAttributes"]
    if known:
        with connect(settings.database_url.reveal()) as connection:
            connection.execute(
                "INSERT INTO users (handle, email, display_name) VALUES (%s, %s, 'Known')",
                [attributes["preferred_username"], attributes["email"]],
            )
    assert deployment.invoke("post-confirmation", sign_up) == sign_up
    person = await services.users.by_subject(attributes["sub"])
    assert person is not None
    assert person.handle == attributes["preferred_username"]
    assert (person.display_name == "Known") == known


def test_what_was_not_allowed_is_refused(server: Settings, database_urls: dict[str, str]) -> None:
    client = dynamodb_client(server)
    key = {"pk": {"S": "MSG#0"}, "sk": {"S": "0"}}
    with pytest.raises(ClientError, match="AccessDenied"):
        client.scan(TableName=server.messages_table)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_item(TableName=server.messages_table, Key=key)
    for role in (SERVER, STREAM):
        with connect(database_urls[role]) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute("UPDATE users SET handle = handle")
