"""Sending a message: into a group (pattern C) or to a handle (pattern D)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from datasources import groups
from datasources.groups import Membership
from datasources.sends import AlreadySent, Contended, HeadMoved, PairTaken, PlaceTaken
from domain import time_text
from domain.errors import (
    BadInput,
    ConflictingRetry,
    GroupNotFound,
    HistoryInFlight,
    RecipientIsYourself,
    RecipientUnknown,
    StoreUnavailable,
)
from domain.records import Conversation, Group, Message, Position, Sent, User
from domain.rules import check_text
from resolvers import conversations
from resolvers.conversations import CurrentConversation
from resolvers.services import Services

_TRIES = 30
_LONGEST_PAUSE = 0.2


class SendMessage(Struct, frozen=True, kw_only=True):
    """What a client asks to be sent: exactly one of `group_uuid` and `recipient_handle`."""

    text: str
    group_uuid: str | None = None
    recipient_handle: str | None = None
    client_uuid: str | None = None


class Delivery(Struct, frozen=True):
    """A stored message, and its conversation as it stands.

    `people` are its members as they are today, where they had to be looked up.
    """

    message: Message
    conversation: Conversation | CurrentConversation
    people: Sequence[User]


async def send_message(services: Services, viewer: User, command: SendMessage) -> Delivery:
    """Store the message; a repeat with the same `client_uuid` returns what the first one stored.

    Raises MessageBlank, MessageTooLong, RecipientUnknown, RecipientIsYourself, GroupNotFound,
    ConflictingRetry, RateLimited, BadInput, HistoryInFlight; StoreUnavailable when it is not known
    whether it was stored.
    """
    if (command.group_uuid is None) == (command.recipient_handle is None):
        raise BadInput("Give exactly one of groupUuid and recipientHandle.")
    check_text(command.text)
    sending = _Sending(services, viewer, command)
    try:
        if command.group_uuid is not None:
            return await sending.into(command.group_uuid)
        return await sending.to_handle(command.recipient_handle or "")
    except (RecipientUnknown, RecipientIsYourself, GroupNotFound):
        # A stored send outlives its reasons: the recipient may have another handle by now.
        sent = await sending.receipt()
        if sent is None:
            raise
        if command.group_uuid not in (None, sent.group_uuid):
            raise ConflictingRetry from None
        return await sending.replay(sent, await services.groups.find(sent.group_uuid))


class _Sending(Struct, frozen=True):
    services: Services
    viewer: User
    command: SendMessage
    people: list[User] = []

    async def into(self, group_uuid: str) -> Delivery:
        heads = self.services.heads
        async with self.services.sends.turn(self.viewer.uuid), heads.turn(group_uuid):
            group = heads.recall(group_uuid) or await self.services.groups.find(group_uuid)
            for attempt in range(_TRIES):
                membership = groups.membership(self.viewer.uuid, group)
                try:
                    return await self._append(membership)
                except AlreadySent as already:
                    if already.moved:
                        group = already.moved.group
                    return await self.replay(already.sent, group)
                except HeadMoved as moved:
                    group = moved.group
                except Contended:
                    await self._back_off(attempt)
        raise StoreUnavailable("This conversation is very busy. Try again.")

    async def to_handle(self, handle: str) -> Delivery:
        recipient = await self.services.users.by_handle(handle)
        if recipient is None:
            raise RecipientUnknown("Nobody has this handle.")
        if recipient.uuid == self.viewer.uuid:
            raise RecipientIsYourself("You cannot write to yourself.")
        self.people.extend((self.viewer, recipient))
        pairs, pair = self.services.pairs, (self.viewer.uuid, recipient.uuid)
        now = time_text.write(self.services.clock())
        for attempt in range(_TRIES):
            group_uuid = await pairs.group_uuid(*pair)
            try:
                if group_uuid is not None:
                    return await self.into(group_uuid)
                return await self._begin(recipient, now)
            except AlreadySent:
                # There is no group of the two that it could have gone to.
                raise ConflictingRetry from None
            except PlaceTaken:
                now = time_text.following(now)
            except PairTaken as taken:
                pairs.remember(*pair, taken.group_uuid)
            except (Contended, GroupNotFound):
                # Not found: the pair was there a moment before its head.
                pairs.forget(*pair)
                await self._back_off(attempt)
        raise StoreUnavailable("This conversation is very busy. Try again.")

    async def receipt(self) -> Sent | None:
        """What the client uuid has sent before, if one was given and it has."""
        if self.command.client_uuid is None:
            return None
        return await self.services.receipts.find(
            self.viewer.uuid, self.command.client_uuid, self.services.clock()
        )

    async def replay(self, sent: Sent, group: Group | None) -> Delivery:
        """Answer a repeat into `group`, as it stands.

        Raises ConflictingRetry unless what was sent went there and has the same text.
        """
        if group is None:
            raise HistoryInFlight("The message is still being written. Try again.")
        if sent.group_uuid == group.uuid:
            membership = groups.membership(self.viewer.uuid, group)
            message = await self.services.messages.at(membership, sent.position)
            if message.text == self.command.text:
                if sent.position == group.last:
                    return self._delivered(membership, message)
                current = CurrentConversation(self.services.messages, membership)
                return Delivery(message, current, self.people)
        raise ConflictingRetry

    async def _append(self, membership: Membership) -> Delivery:
        group = membership.group
        now = self.services.clock()
        sk = time_text.write(now)
        if sk <= group.last.sk:
            sk = time_text.following(group.last.sk)
        message = self._message(group.uuid, sk, group.last.seq + 1)
        try:
            await self.services.sends.append(group, message, self.command.client_uuid, now=now)
        except StoreUnavailable:
            # Stored or not: the head has to be read before the next send.
            self.services.heads.forget(group.uuid)
            raise
        return self._delivered(membership, message)

    async def _begin(self, recipient: User, now: str) -> Delivery:
        group = Group(
            uuid=self.services.new_uuid(),
            members=(self.viewer, recipient),
            last=Position(sk=now, seq=1),
        )
        message = self._message(group.uuid, now, 1)
        sends = self.services.sends
        async with sends.turn(self.viewer.uuid):
            await sends.begin(group, message, self.command.client_uuid, now=self.services.clock())
        self.services.pairs.remember(self.viewer.uuid, recipient.uuid, group.uuid)
        return self._delivered(groups.membership(self.viewer.uuid, group), message)

    def _message(self, group_uuid: str, sk: str, seq: int) -> Message:
        uuid = self.services.new_uuid()
        return Message(group_uuid, uuid, self.command.text, self.viewer, sk, seq)

    def _delivered(self, membership: Membership, message: Message) -> Delivery:
        self.services.heads.remember(replace(membership.group, last=message.position))
        return Delivery(message, conversations.state(membership, message), self.people)

    async def _back_off(self, attempt: int) -> None:
        # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        ceiling = min(_LONGEST_PAUSE, 0.005 * 2**attempt)
        await self.services.pause(random.uniform(0, ceiling))  # noqa: S311 no secret in it
