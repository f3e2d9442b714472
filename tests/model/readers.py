"""Those who read a list and then follow it, and come back when they were cut off."""

from __future__ import annotations

from abc import ABC, abstractmethod

from domain.errors import GroupNotFound, HistoryInFlight, NotRegistered, StoreUnavailable
from domain.records import User
from resolvers.services import Services
from tests.model.lossy_bus import LossyBus
from tests.model.model import Model
from tests.model.operation import Operation


class Reader(ABC):
    """A client that reads in pages of `size` and follows from there; None: follows from now on.

    `operation` is what a server does for it, or did last.
    """

    def __init__(self, name: str, model: Model, user: User, size: int | None) -> None:
        self.operation: Operation | None = None
        self.user = user
        self._name = name
        self._model = model
        self._size = size
        # How long the logs were when a server had begun to follow.
        self._since: dict[str, int] | None = None

    def __repr__(self) -> str:
        return self._name

    @property
    def is_gone(self) -> bool:
        return self.operation is None or self.operation.over

    @property
    def is_quiet(self) -> bool:
        """Whether a server has read everything for it and waits for its bell."""
        return self.operation is not None and not (self.is_gone or self.operation.stopped)

    def hears_everything(self, bus: LossyBus) -> bool:
        """Whether it need not look by itself.

        It must where a ring was lost, and where a read met half of a transaction: when the bell
        rang, what it rang for was perhaps not to be seen yet.
        """
        met_half = self.operation is not None and self.operation.met_half
        return self.user.uuid not in bus.unheard and not met_half

    def notice(self) -> None:
        """Be told that everything has come to rest."""
        if self._since is None and self.is_quiet:
            self._since = {uuid: len(log) for uuid, log in self._model.logs.items()}

    def judge(self, operation: Operation, outcome: object) -> None:
        """Be told why the server has stopped."""
        match outcome:
            case StoreUnavailable() | HistoryInFlight():
                return
            case NotRegistered():
                pass  # erased
            case GroupNotFound():
                assert self._is_stranger or operation.met_half, "it is their group"
            case _:
                raise AssertionError(outcome)

    @property
    @abstractmethod
    def _is_stranger(self) -> bool: ...

    @abstractmethod
    def rewind(self, steps: int) -> None:
        """Forget the last `steps` events: they never reached the client."""

    @abstractmethod
    async def follow(self, services: Services, operation: Operation) -> None:
        """Go on behind the last cursor; a client that has none yet begins anew."""

    @abstractmethod
    def check_caught_up(self) -> None:
        """Promise 5: nothing is missing."""
