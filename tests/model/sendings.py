"""What people send, again where they got no answer, and what they may be told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.errors import (
    ConflictingRetry,
    GroupNotFound,
    HistoryInFlight,
    NotRegistered,
    RecipientIsYourself,
    RecipientUnknown,
    StoreUnavailable,
)
from domain.records import Message
from resolvers.send_message import Delivery, SendMessage, send_message
from resolvers.services import Services
from tests.model.model import Model
from tests.model.operation import Operation, Pace
from tests.model.simulation import Simulation


@dataclass(eq=False)
class Sending:
    """One message that somebody wants sent. Its text is its own.

    `rivals` are the texts that its sender sends with the same client uuid, its own included.
    `open` until there is an answer that a further try would not change.
    """

    sender_uuid: str
    command: SendMessage
    rivals: list[str]
    attempts: int = 0
    answers: list[Message] = field(default_factory=list)
    open: bool = True

    def __repr__(self) -> str:
        return self.command.text


class Sendings:
    """Makes attempts, and judges what they are told (promises 1, 4 and 6)."""

    def __init__(self, simulation: Simulation, model: Model) -> None:
        self.all: list[Sending] = []
        self._simulation = simulation
        self._model = model

    def attempt(self, sending: Sending, server: str, pace: Pace) -> None:
        if sending not in self.all:
            self.all.append(sending)
        sending.attempts += 1
        attempt = _Attempt(
            self._model,
            self._simulation,
            sending,
            changes=self._simulation.users.changes,
            stored=self._model.stored(sending.command.text),
        )
        name = f"{sending} by server {server}, attempt {sending.attempts}"
        self._simulation.serve(server, name, attempt.work, pace, attempt.judge)

    def check(self) -> None:
        """Promise 1: what was acknowledged is there, and a client uuid never stores twice."""
        for sending in self.all:
            assert all(map(self._model.has, sending.answers)), "an acknowledged message is lost"
            if sending.command.client_uuid is None:
                stored = self._model.stored(sending.command.text)
                assert len(stored) <= sending.attempts, "stored twice by one attempt"
            else:
                stored = [each for text in sending.rivals for each in self._model.stored(text)]
                assert len(stored) <= 1, "stored twice with one client uuid"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """`changes` and `stored` tell how the directory and the log stood when it began."""

    model: Model
    simulation: Simulation
    sending: Sending
    changes: int
    stored: list[Message]

    async def work(self, services: Services, _operation: Operation) -> tuple[Delivery, Message]:
        """Return what is told, and the last message of the conversation by that."""
        viewer = await services.users.by_subject(self.sending.sender_uuid)
        if viewer is None:
            raise NotRegistered("the sender has been erased")
        delivery = await send_message(services, viewer, self.sending.command)
        last = delivery.conversation.last_message
        return delivery, last if isinstance(last, Message) else await last

    def judge(self, operation: Operation, outcome: object) -> None:
        command, sender = self.sending.command, self.sending.sender_uuid
        named = (
            self.simulation.users.holders(command.recipient_handle, self.changes)
            if command.recipient_handle is not None
            else set()
        )
        match outcome:
            case (Delivery() as delivery, Message() as last):
                self._acknowledged(delivery, last, named)
            case StoreUnavailable() | HistoryInFlight():
                return
            case GroupNotFound():
                assert command.group_uuid is not None, "a handle is no group"
                # Only a group that is being made is hidden from its members.
                stranger = sender not in self.model.members(command.group_uuid)
                assert stranger or operation.met_half, "it is their group"
            case RecipientUnknown():
                assert None in named, "the recipient is known"
                assert not self._has_receipt(operation), "it has been sent before"
            case RecipientIsYourself():
                assert sender in named, "it is not oneself"
                assert not self._has_receipt(operation), "it has been sent before"
            case ConflictingRetry():
                assert self._conflicts(named), "it is the same message"
            case NotRegistered():
                pass  # erased
            case _:
                raise AssertionError(outcome)
        self.sending.open = False

    def _acknowledged(self, delivery: Delivery, last: Message, named: set[str | None]) -> None:
        sending, message, conversation = self.sending, delivery.message, delivery.conversation
        members = self.model.members(message.group_uuid)
        assert sending.sender_uuid in members, "a stranger has written"
        assert message.text == sending.command.text
        assert message.sender.uuid == sending.sender_uuid
        assert self.model.has(message), "acknowledged, but not stored"
        if sending.command.group_uuid is not None:
            assert message.group_uuid == sending.command.group_uuid
        elif not self.stored:
            assert any(members == {sending.sender_uuid, uuid} for uuid in named), "to another"
        if sending.command.client_uuid is not None:
            assert all(message == answer for answer in sending.answers), "two answers"
        assert conversation.group_uuid == message.group_uuid
        assert {conversation.owner_uuid, conversation.other.uuid} == members
        assert self.model.has(last)
        assert last.seq >= message.seq
        sending.answers.append(message)

    def _has_receipt(self, operation: Operation) -> bool:
        """Whether there was a receipt to be found all the time."""
        has_one = self.sending.command.client_uuid is not None and bool(self.stored)
        return has_one and not operation.met_half

    def _conflicts(self, named: set[str | None]) -> bool:
        """Whether the client uuid stands for another text, or for another conversation."""
        if self.sending.command.client_uuid is None:
            return False
        for text in self.sending.rivals:
            for message in self.model.stored(text):
                members = self.model.members(message.group_uuid)
                same = self.sending.command.group_uuid == message.group_uuid or all(
                    uuid in members for uuid in named
                )
                if text != self.sending.command.text or not same:
                    return True
        return False
