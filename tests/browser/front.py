"""The address that browsers know, before server processes that come and go."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.faults.proxy import Proxy


class Front(Proxy):
    """A load balancer of one connection at a time to the next: it passes all on to one process."""

    def move(self, url: str) -> None:
        """Pass new connections to the server at `url`; those that are there end."""
        self._store = urlsplit(url)
        self.cut()
