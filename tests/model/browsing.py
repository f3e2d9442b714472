"""Leafing through a group's messages, down to the first and up again (promises 2, 6 and 7)."""

from __future__ import annotations

from domain.errors import GroupNotFound, HistoryInFlight, StoreUnavailable
from domain.records import User
from resolvers.conversations import conversation
from resolvers.messages import messages
from resolvers.pages import Window
from resolvers.services import Services
from tests.model.model import Model
from tests.model.operation import Operation


class Browsing:
    """One person's way through the pages, `size` messages each."""

    def __init__(self, model: Model, user: User, group_uuid: str, size: int) -> None:
        self._model = model
        self._user = user
        self._group_uuid = group_uuid
        self._size = size

    @property
    def _is_stranger(self) -> bool:
        return self._user.uuid not in self._model.members(self._group_uuid)

    async def work(self, services: Services, operation: Operation) -> None:
        there = len(self._model.logs.get(self._group_uuid, []))
        found = await conversation(services, self._user, self._group_uuid)
        if found is None:
            assert self._is_stranger or operation.met_half, "it is their conversation"
        else:
            last = await found.last_message
            assert self._model.has(last)
            assert last.seq >= there or operation.met_half
        down, lowest = await self._walk(services, operation, None, backward=False)
        assert down == list(range(down[0], 0, -1)), "a hole"
        assert down[0] >= there or operation.met_half, "a message is not shown"
        up, _ = await self._walk(services, operation, lowest, backward=True)
        assert up == list(range(2, len(up) + 2)), "a hole"
        assert len(up) + 1 >= down[0] or operation.met_half, "a message is gone"

    async def _walk(
        self, services: Services, operation: Operation, cursor: str | None, *, backward: bool
    ) -> tuple[list[int], str]:
        """Return the numbers of all messages on the way, and the cursor of the last one."""
        numbers: list[int] = []
        while True:
            made = len(operation.calls)
            window = Window(self._size, cursor, backward)
            page = await messages(services, self._user, self._group_uuid, window)
            if not operation.met_half:
                assert operation.calls[made:] == ["get", "query"], "more than one Query a page"
            assert all(map(self._model.has, page.nodes)), "shows what was not sent"
            found = [message.seq for message in page.nodes]
            numbers += reversed(found) if backward else found
            cursor = (page.start_cursor if backward else page.end_cursor) or cursor
            if not (page.has_previous_page if backward else page.has_next_page):
                return numbers, cursor or ""

    def judge(self, operation: Operation, outcome: object) -> None:
        match outcome:
            case None:
                assert not self._is_stranger, "a stranger reads"
            case GroupNotFound():
                assert self._is_stranger or operation.met_half, "it is their group"
            case StoreUnavailable() | HistoryInFlight():
                return
            case _:
                raise AssertionError(outcome)
