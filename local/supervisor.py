"""Starts services again that end by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.process import Service

_FIRST_DELAY = 1.0  # seconds; each failure in a row doubles it,
_LONGEST_DELAY = 30.0  # up to this
_HEALTHY = 60.0  # seconds after which an earlier failure is forgiven


@dataclass
class _Watched:
    service: Service
    dependents: Sequence[Service]
    started_at: float
    failures: int = 0
    due: float | None = None


class Supervisor:
    """Looks at its services whenever it is told to. `say` hears one line for each failure.

    `clock` gives seconds that never go back.
    """

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._say = say
        self._clock = clock
        self._watched: list[_Watched] = []

    def watch(self, service: Service, *, dependents: Sequence[Service] = ()) -> None:
        """Keep `service` running; its `dependents` are started again after it."""
        self._watched.append(_Watched(service, dependents, self._clock()))

    def look(self) -> None:
        """Start what is due. Raises StillRunning if a service has left something behind."""
        for watched in self._watched:
            if watched.service.exit_code is not None:
                self._revive(watched)

    def _revive(self, watched: _Watched) -> None:
        now = self._clock()
        service = watched.service
        if watched.due is None:
            if now - watched.started_at > _HEALTHY:
                watched.failures = 0
            delay = min(_FIRST_DELAY * 2**watched.failures, _LONGEST_DELAY)
            watched.failures += 1
            watched.due = now + delay
            self._say(
                f"{service.name} ended (exit code {service.exit_code}); starting it again in "
                f"{delay:.0f} s. Its log: {service.program.log}"
            )
        elif now >= watched.due:
            watched.due = None
            watched.started_at = now
            service.start()
            for dependent in watched.dependents:
                dependent.stop()
                dependent.start()
