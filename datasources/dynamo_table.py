"""`Table` in DynamoDB's own requests, whoever makes the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasources.attribute_values import to_attribute, to_attributes, to_item
from datasources.calls import CallRefused, Calls, Operation
from datasources.table import (
    Absent,
    AbsentOrExpired,
    Below,
    Condition,
    Delete,
    Equal,
    Item,
    Key,
    Put,
    Refusal,
    TransactionRefused,
    Update,
    Value,
    Write,
)
from domain.errors import StoreUnavailable


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
                "Key": to_attributes(key._asdict()),
                "ConsistentRead": True,
            },
        )
        item = answer.get("Item")
        return None if item is None else to_item(item)

    async def query(
        self,
        pk: str,
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Item]:
        request: dict[str, Any] = {
            "TableName": self._name,
            "ConsistentRead": True,
            "ScanIndexForward": not newest_first,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": to_attribute(pk)},
        }
        for bound, sign in ((above, ">"), (below, "<")):
            if bound is not None:
                request["KeyConditionExpression"] += f" AND sk {sign} :bound"
                request["ExpressionAttributeValues"][":bound"] = to_attribute(bound)
        items: list[Item] = []
        while len(items) < limit:
            request["Limit"] = limit - len(items)
            answer = await self._call("Query", request)
            items += map(to_item, answer["Items"])
            # A page ends at 1 MB, whatever its limit.
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return items

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        items: Any = [self._action(write) for write in writes]
        await self._call(
            "TransactWriteItems", {"TransactItems": items, "ClientRequestToken": token}
        )

    async def _call(self, operation: Operation, request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._calls.call(operation, request)
        except CallRefused as refused:
            if refused.code == "TransactionCanceledException":
                raise TransactionRefused(_reasons(refused.answer)) from None
            if refused.passing:
                raise StoreUnavailable("The message store is busy. Try again.") from refused
            raise

    def _action(self, write: Write) -> dict[str, Any]:
        match write:
            case Put(item, when):
                action: dict[str, Any] = {"Item": to_attributes(item)}
                return {"Put": self._with(action, when)}
            case Update(key, values, when, adds):
                expression = "SET " + ", ".join(f"#{_mark(n)} = :new_{_mark(n)}" for n in values)
                if adds:
                    expression += " ADD " + ", ".join(f"#{_mark(n)} :add_{_mark(n)}" for n in adds)
                action = {
                    "Key": to_attributes(key._asdict()),
                    "UpdateExpression": expression,
                    "ExpressionAttributeNames": {f"#{_mark(n)}": n for n in (*values, *adds)},
                    "ExpressionAttributeValues": _named("new", values) | _named("add", adds),
                }
                return {"Update": self._with(action, when)}
            case Delete(key, when):
                return {"Delete": self._with({"Key": to_attributes(key._asdict())}, when)}

    def _with(self, action: dict[str, Any], when: Condition | None) -> dict[str, Any]:
        action["TableName"] = self._name
        if when is None:
            return action
        names = action.setdefault("ExpressionAttributeNames", {})
        values = action.setdefault("ExpressionAttributeValues", {})
        match when:
            case Absent():
                action["ConditionExpression"] = "attribute_not_exists(pk)"
            case AbsentOrExpired(now):
                action["ConditionExpression"] = "attribute_not_exists(pk) OR expires_at < :now"
                values[":now"] = to_attribute(now)
            case Equal(expected):
                equations = (f"#{_mark(n)} = :old_{_mark(n)}" for n in expected)
                action["ConditionExpression"] = " AND ".join(equations)
                names |= {f"#{_mark(n)}": n for n in expected}
                values |= _named("old", expected)
            case Below(name, limit):
                action["ConditionExpression"] = f"attribute_not_exists(#{name}) OR #{name} < :limit"
                names[f"#{name}"] = name
                values[":limit"] = to_attribute(limit)
        action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        # DynamoDB refuses empty maps of names and values.
        return {part: value for part, value in action.items() if value != {}}


def _named(prefix: str, values: Mapping[str, Value]) -> dict[str, Any]:
    return {f":{prefix}_{_mark(name)}": to_attribute(value) for name, value in values.items()}


def _mark(name: str) -> str:
    """Return what stands for `name` in an expression, where only letters, digits and _ may be.

    Names that others gave to attributes may have any character.
    """
    return name if name.isascii() and name.isidentifier() else f"_{name.encode().hex()}"


def _reasons(response: Mapping[str, Any]) -> list[Refusal | None]:
    return [
        None
        if reason.get("Code", "None") == "None"
        else Refusal(reason["Code"], to_item(reason["Item"]) if reason.get("Item") else None)
        for reason in response.get("CancellationReasons", [])
    ]
