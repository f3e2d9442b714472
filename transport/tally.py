"""What is counted of one subscription."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self


class Tally:
    """Open for as long as a subscription is, whoever reads its events. This one counts nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The subscription has ended: well, or by `error`."""

    def delivered(self) -> None:
        """An event was sent."""

    def failed(self, answer: Mapping[str, Any]) -> None:
        """It ends with the errors of this response map."""
