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
    "`conversations` without people": Cost("query", 0),
    # The head says where the last message is. What is in it, each send would have to copy there.
    "`conversation`": Cost("get get", 1),
    "`conversation` without `lastMessage`": Cost("get", 1),
    # The head proves the membership; both are asked for at the same time.
    "`messages`, any page": Cost("get query", 1),
    "`messages` without `sender`": Cost("get query", 0),
    # The two lists come at different times, and neither waits for the people of the other.
    "`conversations` and `messages` in one document": Cost("get query query", 2),
    "`conversation` of others": Cost("get", 0),
    "`messages` of others": Cost("get query", 0),
    "a page from a cursor that is none, or of too many": Cost("", 0),
    "anything, for who is not registered": Cost("", 0),
    "`sendMessage` into a group whose head is remembered": Cost("transact", 1),
    "into it, without people": Cost("transact", 0),
    "into a group whose head is not": Cost("get transact", 1),
    # The refusal brings the head as it is now.
    "into a group where another process has sent meanwhile": Cost("transact transact", 1),
    # The statement finds the recipient. The sender was looked up with the token.
    "to a handle, the pair and its head remembered": Cost("transact", 1),
    "to a handle, neither remembered": Cost("get get transact", 1),
    # To try it without a look would be a refused transaction of nine writes for everybody else.
    "to a handle, the first message ever": Cost("get transact", 1),
    # The refusal brings the pair; the head is behind it.
    "to a handle, while the other one begins": Cost("get get transact transact", 1),
    # The refusal brings what was sent, and the head where that has moved. Only the message itself
    # proves that it is there, and is the same.
    "again, when it is still the last message": Cost("get transact", 1),
    "again, when there are newer ones": Cost("get get transact", 1),
    "again, when there are newer ones, without `lastMessage`": Cost("get transact", 1),
    "again, by a process that does not remember the head": Cost("get get transact", 1),
    # What was sent is consulted before any refusal.
    "again, to a handle that its owner has no more": Cost("get get get", 2),
    "another text with the same client uuid": Cost("get transact", 0),
    "to another person with the same client uuid": Cost("transact", 1),
    "to a handle that nobody has": Cost("", 1),
    "to a handle that nobody has, with a client uuid": Cost("get", 1),
    "to oneself": Cost("", 1),
    "into a group of others": Cost("get", 0),
    "a text that is blank, or too long": Cost("", 0),
    # A retry is answered before any limit.
    "over the limit of a minute": Cost("transact", 0),
    "`messageGroupUpdated` of a group, of others": Cost("get", 0),
    # The head says that there is nothing newer.
    "of a group: to begin, or to look again, without news": Cost("get", 0),
    # The membership is proved again for each batch, and for each event that the viewer is
    # registered: the same statement reads the other member.
    "of a group: from `since`, with one event": Cost("get query", 1),
    "of a group: each event after that": Cost("get query", 1),
    "of all conversations: to begin, or to look again, without news": Cost("query", 0),
    "of all conversations: from `since`, with one event": Cost("query", 1),
    "of all conversations: each event after that": Cost("query", 1),
}
