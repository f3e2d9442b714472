"""`Table` in DynamoDB's own requests, whoever makes the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import GenericAlias
from typing import Any, Generic, NotRequired, TypedDict

from datasources.calls import CallRefused, Calls, Operation
from datasources.table import Item, Key, Kind, Refusal, TransactionRefused, Write
from datasources.write_actions import to_action
from domain.errors import StoreUnavailable


class _Page(TypedDict, Generic[Kind]):
    """What is read of the answer to a Query."""

    Items: list[Kind]
    LastEvaluatedKey: NotRequired[Mapping[str, Any]]
    ConsumedCapacity: NotRequired[Mapping[str, Any]]


class DynamoTable:
    """The table `name` at the other end of `calls`."""

    def __init__(self, calls: Calls, name: str) -> None:
        self._calls = calls
        self._name = name

    async def get(self, key: Key) -> Item | None:
        answer = await self._call(
            "GetItem",
            {
                "TableName": self._name,
                "Key": key.attributes(),
                "ConsistentRead": True,
            },
        )
        return answer.get("Item")

    async def query(
        self,
        pk: str,
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Kind]:
        request: dict[str, Any] = {
            "TableName": self._name,
            "ConsistentRead": True,
            "ScanIndexForward": not newest_first,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        }
        for bound, sign in ((above, ">"), (below, "<")):
            if bound is not None:
                request["KeyConditionExpression"] += f" AND sk {sign} :bound"
                request["ExpressionAttributeValues"][":bound"] = {"S": bound}
        items: list[Kind] = []
        page = GenericAlias(_Page, (kind,))
        while len(items) < limit:
            request["Limit"] = limit - len(items)
            answer = await self._call("Query", request, page)
            items += answer["Items"]
            # A page ends at 1 MB, whatever its limit.
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return items

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        actions = [to_action(write, self._name) for write in writes]
        await self._call(
            "TransactWriteItems", {"TransactItems": actions, "ClientRequestToken": token}
        )

    async def _call(
        self, operation: Operation, request: Mapping[str, Any], form: type | GenericAlias = dict
    ) -> Mapping[str, Any]:
        try:
            return await self._calls.call(operation, request, form)
        except CallRefused as refused:
            if refused.code == "TransactionCanceledException":
                raise TransactionRefused(_reasons(refused.answer)) from None
            if refused.passing:
                raise StoreUnavailable("The message store is busy. Try again.") from refused
            raise


def _reasons(response: Mapping[str, Any]) -> list[Refusal | None]:
    return [
        None
        if reason.get("Code", "None") == "None"
        else Refusal(reason["Code"], reason.get("Item"))
        for reason in response.get("CancellationReasons", [])
    ]
