"""The table as DynamoDB is asked to make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasources import layout
from datasources.table_definition import create_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAME = "cruddur-messages"


def test_keys_index_stream_and_expiry_are_the_journals(moto_client: DynamoDBClient) -> None:
    assert create_table(moto_client, NAME)
    table = moto_client.describe_table(TableName=NAME)["Table"]
    assert table["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "message-group-sk-index"
    assert index["KeySchema"] == [
        {"AttributeName": "message_group_uuid", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert index["Projection"] == {"ProjectionType": "ALL"}
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    expiry = moto_client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_table_that_is_there_stays(moto_client: DynamoDBClient) -> None:
    create_table(moto_client, NAME)
    key = {"pk": {"S": "p"}, "sk": {"S": "1"}}
    moto_client.put_item(TableName=NAME, Item=key)
    assert not create_table(moto_client, NAME)
    assert moto_client.get_item(TableName=NAME, Key=key)["Item"] == key


def test_an_empty_table_is_marked_as_ours(moto_client: DynamoDBClient) -> None:
    create_table(moto_client, NAME)
    (item,) = moto_client.scan(TableName=NAME)["Items"]
    assert layout.is_ours(item)
    moto_client.delete_item(TableName=NAME, Key={"pk": item["pk"], "sk": item["sk"]})
    create_table(moto_client, NAME)
    assert moto_client.scan(TableName=NAME)["Count"] == 1


def test_one_that_others_have_written_to_is_not(moto_client: DynamoDBClient) -> None:
    create_table(moto_client, NAME)
    (item,) = moto_client.scan(TableName=NAME)["Items"]
    moto_client.delete_item(TableName=NAME, Key={"pk": item["pk"], "sk": item["sk"]})
    theirs = {"pk": {"S": "MSG#x"}, "sk": {"S": "1"}}
    moto_client.put_item(TableName=NAME, Item=theirs)
    create_table(moto_client, NAME)
    assert moto_client.scan(TableName=NAME)["Items"] == [theirs]


def test_expiry_is_switched_on_where_it_was_not(moto_client: DynamoDBClient) -> None:
    create_table(moto_client, NAME)
    off = {"Enabled": False, "AttributeName": "expires_at"}
    moto_client.update_time_to_live(TableName=NAME, TimeToLiveSpecification=off)  # type: ignore[arg-type]
    assert not create_table(moto_client, NAME)
    expiry = moto_client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
    assert expiry["TimeToLiveStatus"] == "ENABLED"
