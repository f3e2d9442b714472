"""boto3's side of the table: pages, and what becomes of the failures of a store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from datasources.boto_calls import BotoCalls
from datasources.calls import CallRefused
from datasources.dynamo_table import DynamoTable
from datasources.table import Absent, Delete, Key, Put, Refusal, TransactionRefused
from datasources.table_definition import create_table
from domain.errors import StoreUnavailable
from tests.doubles.typed_items import typed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAME = "cruddur-messages"
KEY = Key("p", "1")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
def stubber(offline_client: DynamoDBClient) -> Iterator[Stubber]:
    with Stubber(offline_client) as stubber:
        yield stubber


@pytest.fixture
def stubbed(
    offline_client: DynamoDBClient, threads: ThreadPoolExecutor, stubber: Stubber
) -> DynamoTable:
    """A table whose answers a test writes."""
    assert stubber.client is offline_client
    return DynamoTable(BotoCalls(offline_client, threads), NAME)


def refuse(stubber: Stubber, operation: str, code: str, **more: Any) -> None:
    stubber.add_client_error(operation, code, http_status_code=400, modeled_fields=more)


async def test_pages_that_end_at_1_mb_are_put_together(
    moto_client: DynamoDBClient, threads: ThreadPoolExecutor
) -> None:
    create_table(moto_client, NAME)
    table = DynamoTable(BotoCalls(moto_client, threads), NAME)
    for number in range(8):
        large = typed({"pk": "p", "sk": str(number), "text": "x" * 300_000})
        await table.transact([Put(large)], token="t")
    alone = moto_client.query(
        TableName=NAME,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "p"}},
    )
    assert "LastEvaluatedKey" in alone, "the items do not fill more than one page"
    whole = await table.query("p", dict, limit=50, newest_first=True)
    assert "".join(item["sk"]["S"] for item in whole) == "76543210"
    part = await table.query("p", dict, limit=6, newest_first=False, above="0")
    assert "".join(item["sk"]["S"] for item in part) == "123456"


async def test_a_last_key_does_not_mean_that_there_is_more(
    stubbed: DynamoTable, stubber: Stubber
) -> None:
    key = {"pk": {"S": "p"}, "sk": {"S": "1"}}
    stubber.add_response("query", {"Items": [key], "LastEvaluatedKey": key})
    stubber.add_response("query", {"Items": []})
    assert await stubbed.query("p", dict, limit=2, newest_first=True) == [key]


async def test_reads_are_strongly_consistent(stubbed: DynamoTable, stubber: Stubber) -> None:
    key = {"pk": {"S": "p"}, "sk": {"S": "1"}}
    stubber.add_response("get_item", {}, {"TableName": NAME, "Key": key, "ConsistentRead": True})
    expected = {
        "TableName": NAME,
        "ConsistentRead": True,
        "ScanIndexForward": False,
        "Limit": 3,
        "KeyConditionExpression": "pk = :pk AND sk < :bound",
        "ExpressionAttributeValues": {":pk": {"S": "p"}, ":bound": {"S": "2"}},
    }
    stubber.add_response("query", {"Items": []}, expected)
    await stubbed.get(KEY)
    await stubbed.query("p", dict, limit=3, newest_first=True, below="2")


async def test_the_token_and_the_wish_for_old_items_are_sent(
    stubbed: DynamoTable, stubber: Stubber
) -> None:
    key = {"pk": {"S": "p"}, "sk": {"S": "1"}}
    put = {
        "Item": key,
        "TableName": NAME,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    actions = [{"Put": put}, {"Delete": {"Key": key, "TableName": NAME}}]
    stubber.add_response(
        "transact_write_items", {}, {"TransactItems": actions, "ClientRequestToken": "a token"}
    )
    await stubbed.transact([Put(KEY.attributes(), Absent()), Delete(KEY)], token="a token")


async def test_refusals_keep_their_order_and_their_kind(
    stubbed: DynamoTable, stubber: Stubber
) -> None:
    refuse(
        stubber,
        "transact_write_items",
        "TransactionCanceledException",
        CancellationReasons=[
            {"Code": "None"},
            {"Code": "TransactionConflict", "Message": "somebody else"},
            {"Code": "ConditionalCheckFailed", "Item": {"pk": {"S": "p"}, "seq": {"N": "7"}}},
            {"Code": "ConditionalCheckFailed"},
        ],
    )
    with pytest.raises(TransactionRefused) as refused:
        await stubbed.transact([Delete(KEY)], token="t")
    assert refused.value.reasons == [
        None,
        Refusal("TransactionConflict", None),
        Refusal("ConditionalCheckFailed", {"pk": {"S": "p"}, "seq": {"N": "7"}}),
        Refusal("ConditionalCheckFailed", None),
    ]
    by_condition = [reason and reason.by_condition for reason in refused.value.reasons]
    assert by_condition == [None, False, True, True]


@pytest.mark.parametrize(
    "code",
    [
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionInProgressException",
    ],
)
async def test_what_may_pass_is_a_store_that_is_unavailable(
    stubbed: DynamoTable, stubber: Stubber, code: str
) -> None:
    refuse(stubber, "transact_write_items", code)
    with pytest.raises(StoreUnavailable):
        await stubbed.transact([Delete(KEY)], token="t")


async def test_so_is_any_failure_on_their_side(stubbed: DynamoTable, stubber: Stubber) -> None:
    stubber.add_client_error("get_item", "NeverHeardOf", http_status_code=502)
    with pytest.raises(StoreUnavailable):
        await stubbed.get(KEY)


@pytest.mark.parametrize(
    "error",
    [EndpointConnectionError(endpoint_url="http://x"), ReadTimeoutError(endpoint_url="http://x")],
    ids=lambda error: type(error).__name__,
)
async def test_so_is_a_store_that_does_not_answer(
    offline_client: DynamoDBClient, threads: ThreadPoolExecutor, error: Exception
) -> None:
    def fail(**_: object) -> None:
        raise error

    events = offline_client.meta.events
    events.register("before-send.dynamodb.GetItem", fail)
    try:
        with pytest.raises(StoreUnavailable):
            await DynamoTable(BotoCalls(offline_client, threads), NAME).get(KEY)
    finally:
        events.unregister("before-send.dynamodb.GetItem", fail)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
async def test_what_somebody_must_put_right_passes_through(
    stubbed: DynamoTable, stubber: Stubber, code: str
) -> None:
    refuse(stubber, "get_item", code)
    with pytest.raises(CallRefused, match=code):
        await stubbed.get(KEY)
