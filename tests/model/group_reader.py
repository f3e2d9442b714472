"""Somebody who follows a group: each message once, in order (promises 2, 5, 6 and 7)."""

from __future__ import annotations

from domain.records import Message, User
from resolvers.messages import messages
from resolvers.pages import Window
from resolvers.services import Services
from resolvers.updates import group_updates
from tests.model.model import Model
from tests.model.operation import Operation
from tests.model.readers import Reader


class GroupReader(Reader):
    """`cursors` are those that the client holds, each with the message that it stands at."""

    def __init__(
        self, name: str, model: Model, user: User, group_uuid: str, size: int | None
    ) -> None:
        super().__init__(name, model, user, size)
        self.cursors: list[tuple[str, int]] = []
        self._group_uuid = group_uuid
        self._heard = 0

    @property
    def _is_stranger(self) -> bool:
        return self.user.uuid not in self._model.members(self._group_uuid)

    @property
    def _length(self) -> int:
        return len(self._model.logs.get(self._group_uuid, []))

    def rewind(self, steps: int) -> None:
        self.cursors = self.cursors[: max(1, len(self.cursors) - steps)]

    async def follow(self, services: Services, operation: Operation) -> None:
        self.operation = operation
        if not self.cursors and self._size is not None:
            await self._read(services, operation, self._size)
        since = None
        if self.cursors:
            since, self._heard = self.cursors[-1]
        else:
            self._heard, self._since = 0, None
        old = self._length
        async for update in group_updates(services, self.user, self._group_uuid, since):
            seq = update.message.seq
            if self._heard:
                assert seq == self._heard + 1, "a gap, or again"
            else:
                assert seq > old or operation.met_half, "older than the subscription"
                assert seq <= (self._since or {}).get(self._group_uuid, seq) + 1, "a gap"
            assert update.conversation.last_message == update.message
            self._hear(update.message)
            self.cursors.append((update.cursor, seq))
            self._heard = seq

    async def _read(self, services: Services, operation: Operation, size: int) -> None:
        made, there = len(operation.calls), self._length
        page = await messages(services, self.user, self._group_uuid, Window(size, None, False))
        newest = page.nodes[0].seq
        if not operation.met_half:
            assert operation.calls[made:] == ["get", "query"], "more than one Query a page"
            assert newest >= there, "a message is not shown"
        assert len(page.nodes) == min(size, newest)
        for seq, message in zip(range(newest, 0, -1), page.nodes, strict=False):
            assert message.seq == seq, "a hole"
            self._hear(message)
        self.cursors = [(edge.cursor, edge.node.seq) for edge in reversed(page.edges)]
        self.cursors.append((page.sync_cursor, newest))

    def _hear(self, message: Message) -> None:
        assert not self._is_stranger, "a stranger hears"
        assert message.group_uuid == self._group_uuid
        assert self._model.has(message), "hears what was not sent"

    def check_caught_up(self) -> None:
        if self._is_stranger:
            assert self.is_gone, "a stranger listens"
            return
        assert self.is_quiet, "does not listen"
        heard = self._heard or (self._since or {}).get(self._group_uuid)
        assert heard == self._length, f"has heard up to {heard} of {self._length}"
