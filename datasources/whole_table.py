"""A table as maintenance sees it: all of it, and by its index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from datasources import keys
from datasources.dynamo_table import DynamoTable
from datasources.failures import StoreFailure
from datasources.table import Item, Key, Scannable, Table


class WholeTable(Table, Scannable, Protocol):
    """What maintenance needs beyond the operations of the API."""

    async def rows_of(self, group_uuid: str) -> list[Key]:
        """Return where rows of the group stand, as far as the index has heard of them.

        It is a little late: a row may be gone, or not there yet. Read each one again.
        """
        ...


class DynamoWholeTable(DynamoTable):
    """`WholeTable` in DynamoDB's own requests."""

    async def scan(self) -> AsyncIterator[Item]:
        """Raises StoreFailure where the table has other keys than ours."""
        request: dict[str, Any] = {"TableName": self._name, "ConsistentRead": True}
        while True:
            answer = await self._call("Scan", request)
            for item in answer["Items"]:
                if not all("S" in item.get(name, ()) for name in Key.__struct_fields__):
                    raise StoreFailure(f"{self._name} has other keys than pk and sk, two texts")
                yield item
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    async def rows_of(self, group_uuid: str) -> list[Key]:
        request: dict[str, Any] = {
            "TableName": self._name,
            "IndexName": keys.ROW_INDEX,
            "KeyConditionExpression": "message_group_uuid = :group",
            "ExpressionAttributeValues": {":group": {"S": group_uuid}},
            "ProjectionExpression": "pk, sk",
        }
        found: list[Key] = []
        while True:
            answer = await self._call("Query", request)
            found += map(Key.of, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                # A message that carries the attribute would be in the index, too.
                return [key for key in found if key.pk.startswith(keys.ROW_PREFIX)]
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
