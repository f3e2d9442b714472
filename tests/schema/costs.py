"""What each operation may ask of the stores, and why not less."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """DynamoDB's calls, sorted, and Postgres's statements where nobody is remembered."""

    calls: str
    statements: int

    @property
    def words(self) -> str:
        """The calls as DynamoDB names them: `2 GetItem, Query`."""
        names = {"get": "GetItem", "query": "Query", "transact": "TransactWriteItems"}
        counts = Counter(self.calls.split())
        each = [
            f"{count} {names[call]}" if count > 1 else names[call] for call, count in counts.items()
        ]
        return ", ".join(each) or "none"


COSTS = {
    "`me`": Cost("", 0),  # who asks was looked up with the token
    "`user`": Cost("", 1),
    "`conversations`, any page": Cost("query", 1),
    # The head says where the last message is. What is in it, each send would have to copy there.
    "`conversation`": Cost("get get", 1),
    # The head proves the membership; both are asked for at the same time.
    "`messages`, any page": Cost("get query", 1),
    # The two lists come at different times, and neither waits for the people of the other.
    "`conversations` and `messages` in one document": Cost("get query query", 2),
    "`conversation` of others": Cost("get", 0),
    "`messages` of others": Cost("get query", 0),
    "`sendMessage` into a group whose head is remembered": Cost("transact", 1),
    "into a group whose head is not": Cost("get transact", 1),
    # The refusal brings the head as it is now.
    "into a group where another process has sent meanwhile": Cost("transact transact", 1),
    # One statement finds the recipient, another the people of the answer, whoever they are.
    "to a handle, the head remembered": Cost("get transact", 2),
    "to a handle, the head not": Cost("get get transact", 2),
    "to a handle, the first message ever": Cost("get transact", 2),
    # The refusal brings what was sent; then the head and the message are read, as they are now.
    "again, when it is still the last message": Cost("get get transact", 1),
    "again, when there are newer ones": Cost("get get get transact", 1),
    "to a handle that nobody has": Cost("", 1),
    "a blank text": Cost("", 0),
    "over the limit of a minute": Cost("transact", 0),
    # The membership is proved again for each event, and that the viewer is registered.
    "`messageGroupUpdated` of a group: from `since`, with one event": Cost("get query", 2),
    "each event after that": Cost("get query", 2),
    "of all conversations: from `since`, with one event": Cost("query", 2),
    "each event after that one": Cost("query", 2),
}
