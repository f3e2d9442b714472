"""The table of the template and that of bin/ddb/schema-load are the same."""

from __future__ import annotations

from typing import Any

from datasources.table_definition import create_table
from tests.infra.deployment import Deployment
from tests.infra.template import properties


def test_keys_index_stream_and_billing_are_the_same(deployment: Deployment) -> None:
    client = deployment.aws.client("dynamodb")
    assert create_table(client, "by-schema-load")
    made = client.describe_table(TableName="by-schema-load")["Table"]
    deployed = client.describe_table(TableName=deployment.table)["Table"]
    assert _definition(deployed) == _definition(made)


def test_expiry_is_the_same(deployment: Deployment) -> None:
    """By the template's text: the emulator's CloudFormation passes over it."""
    client = deployment.aws.client("dynamodb")
    create_table(client, "by-schema-load")
    made = client.describe_time_to_live(TableName="by-schema-load")["TimeToLiveDescription"]
    assert properties("MessagesTable")["TimeToLiveSpecification"] == {
        "Enabled": made["TimeToLiveStatus"] == "ENABLED",
        "AttributeName": made["AttributeName"],
    }


def _definition(table: dict[str, Any]) -> dict[str, Any]:
    """What somebody decided about a table, without what DynamoDB says of its state."""
    return {
        "attributes": sorted(map(str, table["AttributeDefinitions"])),
        "keys": table["KeySchema"],
        "indexes": [
            {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
            for index in table["GlobalSecondaryIndexes"]
        ],
        "local indexes": table.get("LocalSecondaryIndexes"),
        "stream": table["StreamSpecification"],
        "billing": table["BillingModeSummary"]["BillingMode"],
    }
