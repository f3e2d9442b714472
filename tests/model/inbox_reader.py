"""Somebody who follows their inbox: the newest state of each conversation (promises 3, 5, 6, 7)."""

from __future__ import annotations

from domain.records import Conversation, User
from resolvers.conversations import conversations
from resolvers.pages import Window
from resolvers.services import Services
from resolvers.updates import inbox_updates
from tests.model.model import Model
from tests.model.operation import Operation
from tests.model.readers import Reader


class InboxReader(Reader):
    """Shows what it was told: of each group the number of the newest message."""

    def __init__(self, name: str, model: Model, user: User, size: int | None) -> None:
        super().__init__(name, model, user, size)
        # What the client has when it holds this cursor.
        self._states: list[tuple[str, dict[str, int]]] = []
        self._shown: dict[str, int] = {}

    @property
    def _is_stranger(self) -> bool:
        return False

    def rewind(self, steps: int) -> None:
        self._states = self._states[: max(1, len(self._states) - steps)]

    async def follow(self, services: Services, operation: Operation) -> None:
        self.operation = operation
        since = None
        if not self._states and self._size is not None:
            await self._read(services, operation, self._size)
        if self._states:
            since, shown = self._states[-1]
            self._shown = dict(shown)
        else:
            self._shown, self._since = {}, None
        told: dict[str, int] = {}
        async for update in inbox_updates(services, self.user, since):
            group_uuid, seq = update.message.group_uuid, update.message.seq
            assert seq > told.get(group_uuid, 0), "the same again, or older"
            assert update.conversation.last_message == update.message
            told[group_uuid] = seq
            self._show(update.conversation)
            self._states.append((update.cursor, dict(self._shown)))

    async def _read(self, services: Services, operation: Operation, size: int) -> None:
        """Read the whole list, page by page; the first one tells where to follow it from."""
        self._shown, since, window = {}, None, Window(size, None, False)
        while True:
            made = len(operation.calls)
            page = await conversations(services, self.user, window)
            assert operation.calls[made:] == ["query"], "more than one Query a page"
            uuids = [row.group_uuid for row in page.nodes]
            assert len(uuids) == len(set(uuids)), "a conversation twice"
            for row in page.nodes:
                self._show(row)
            since = since or page.sync_cursor
            if not page.has_next_page:
                break
            window = Window(size, page.end_cursor, False)
        self._states = [(since, dict(self._shown))]

    def _show(self, row: Conversation) -> None:
        message = row.last_message
        assert self.user.uuid in self._model.members(row.group_uuid), "a stranger hears"
        assert self._model.has(message), "hears what was not sent"
        assert {row.owner_uuid, row.other.uuid} == self._model.members(row.group_uuid)
        known = self._shown.get(row.group_uuid, 0)
        self._shown[row.group_uuid] = max(known, message.seq)

    def check_caught_up(self) -> None:
        assert self.is_quiet, "does not listen"
        before = self._since if self._size is None else None
        for uuid in self._model.groups_of(self.user.uuid):
            shown = self._shown.get(uuid) or (before or {}).get(uuid)
            length = len(self._model.logs[uuid])
            assert shown == length, f"shows message {shown} of {length}"
