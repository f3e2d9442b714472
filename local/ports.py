"""Ports on the loopback interface."""

from __future__ import annotations

import errno
import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """True when a server could listen on the loopback interface's `port` now.

    Raises PermissionError where the port is reserved for root.
    """
    with socket.socket() as probe:
        # As servers do: what lingers from connections of an earlier one is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def free_ports(*preferred: int | None, avoid: int) -> list[int]:
    """Distinct free ports, none of them `avoid`: each as preferred if possible, else any."""
    ports: list[int] = []
    for wish in preferred:
        port = wish or avoid
        while port in (avoid, *ports) or not is_free(port):
            port = _any_port()
        ports.append(port)
    return ports


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
