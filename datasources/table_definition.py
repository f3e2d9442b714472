"""The table as DynamoDB knows it: keys, index, stream, time to live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasources import layout
from datasources.keys import ROW_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EXPIRY_ATTRIBUTE = "expires_at"


def create_table(client: DynamoDBClient, name: str) -> bool:
    """Make the table `name` and wait until it is active; False if it was there already.

    An empty one is marked as ours (`datasources/layout.py`).
    """
    created = True
    try:
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
                {"AttributeName": "message_group_uuid", "AttributeType": "S"},
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": ROW_INDEX,
                    "KeySchema": [
                        {"AttributeName": "message_group_uuid", "KeyType": "HASH"},
                        {"AttributeName": "sk", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
    except client.exceptions.ResourceInUseException:
        created = False
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    _expire(client, name)
    if created or not client.scan(TableName=name, Limit=1)["Items"]:
        client.put_item(TableName=name, Item=layout.to_item())
    return created


def _expire(client: DynamoDBClient, name: str) -> None:
    """Switch expiry on, unless it is: DynamoDB refuses to switch it on twice."""
    described = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if described.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"):
        return
    client.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRY_ATTRIBUTE},
    )
