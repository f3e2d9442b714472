"""One call of DynamoDB's data plane, by whatever client: what goes in, what comes out.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import GenericAlias
from typing import Any, Literal, Protocol

Operation = Literal["GetItem", "Query", "Scan", "TransactWriteItems"]

# What DynamoDB answers when the same request may succeed a moment later.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
PASSING = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)


class CallRefused(Exception):
    """DynamoDB refused a call. `answer` is the error's own body, which may hold items."""

    def __init__(self, code: str, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.answer = answer

    @property
    def passing(self) -> bool:
        """True when the same call may succeed a moment later."""
        return self.code in PASSING or self.status >= 500


class Calls(Protocol):
    """Makes calls, repeating what may be repeated."""

    async def call(
        self, operation: Operation, request: Mapping[str, Any], form: type | GenericAlias = dict
    ) -> Mapping[str, Any]:
        """Return the answer; raises CallRefused, or StoreUnavailable where none came.

        `form` is a TypedDict, of which msgspec makes those keys and values only.
        """
        ...
