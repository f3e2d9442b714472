"""Which DynamoDB rights a client's calls need, written down as they are made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from mypy_boto3_dynamodb import DynamoDBClient

# A transaction needs the rights of its parts.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


class RecordedCalls:
    """Watches `client` from now on. `needed` holds (action, table or `table/index/name`)."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.needed: set[tuple[str, str]] = set()
        client.meta.events.register("before-call.dynamodb", self._record)

    def _record(self, model: OperationModel, params: dict[str, Any], **_: object) -> None:
        body = json.loads(params["body"])
        if "TransactItems" not in body:
            index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
            self.needed.add((f"dynamodb:{model.name}", body["TableName"] + index))
        for item in body.get("TransactItems", []):
            for part, call in item.items():
                self.needed.add((f"dynamodb:{_PARTS[part]}", call["TableName"]))
