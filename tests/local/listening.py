"""Where processes listen, as Linux sees it."""

from __future__ import annotations

import contextlib
from pathlib import Path

_LISTEN = "0A"  # include/net/tcp_states.h
_LOOPBACK = "0100007F"  # 127.0.0.1 in the byte order of the machines that we know


def listening_ports(pid: int) -> tuple[set[int], set[int]]:
    """The TCP ports on which the process listens: on 127.0.0.1, and anywhere else."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            sockets.add(str(descriptor.readlink()))
    loopback: set[int] = set()
    elsewhere: set[int] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if fields[3] == _LISTEN and f"socket:[{fields[9]}]" in sockets:
                (loopback if address == _LOOPBACK else elsewhere).add(int(port, 16))
    return loopback, elsewhere
