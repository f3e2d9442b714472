"""Ports are kept where possible, and given away where not."""

from __future__ import annotations

import socket

from local.ports import LOOPBACK, free_ports, is_free


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def test_preferred_ports_are_kept() -> None:
    first, second = free_ports(None, None, avoid=1)
    assert free_ports(first, second, avoid=1) == [first, second]


def test_a_port_that_is_taken_avoided_or_wanted_twice_is_replaced() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        taken = server.getsockname()[1]
        (free,) = free_ports(None, avoid=taken)
        ports = free_ports(taken, free, free, avoid=1)
        assert taken not in ports
        assert len(set(ports)) == 3
    assert free_ports(free, avoid=free) != [free]
