"""The servers that are measured: one process each, in production mode, on the same stores."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import packages
from bench.world import World
from local.data_directory import ROOT
from local.http_check import HttpCheck
from local.ports import free_ports, is_free
from local.process import Program, Service

_PYTHON = [sys.executable, "-m"]
# Counted as in production, and never reached.
_LIMITS = {"MAX_SENDS_PER_MINUTE": "1000000", "MAX_SOCKETS_PER_PERSON": "1000000"}


@dataclass(frozen=True)
class Recipe:
    """How a server is started: a Python module, or a script of Node's in bench/peers."""

    module: str | None = None
    script: str | None = None
    data_path: str = "sdk"

    def command(self) -> list[str | Path]:
        if self.script:
            return [packages.node(), packages.FOLDER / self.script]
        return [*_PYTHON, str(self.module)]


RECIPES: Mapping[str, Recipe] = {
    "ours": Recipe(module="server"),
    "mercurius-jit": Recipe(script="mercurius.mjs"),
    "mercurius-jit-lean": Recipe(script="mercurius.mjs", data_path="lean"),
    "yoga-jit": Recipe(script="yoga.mjs"),
    "apollo": Recipe(script="apollo.mjs"),
    "naive": Recipe(module="bench.naive"),
    "floor": Recipe(module="bench.floor"),
    "graphql-ws": Recipe(script="graphql_ws.mjs"),
}


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    name: str
    port: int
    pid: int


@contextmanager
def serving(world: World, name: str) -> Iterator[Running]:
    """Start the server, wait until it is ready, and stop it at the end."""
    (port,) = free_ports(None, avoid=1)
    recipe = RECIPES[name]
    environment = {
        **world.environment,
        **_LIMITS,
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
        "NODE_ENV": "production",
        "DATA_PATH": recipe.data_path,
    }
    service = Service(
        program=Program(
            name=name,
            command=recipe.command(),
            environment=environment,
            log=world.data.log(name),
        ),
        pid_file=world.data.pid_file(name),
        is_ready=_readiness(name, port),
    )
    service.start()
    try:
        service.wait_until_ready()
        assert service.pid is not None
        yield Running(name, port, service.pid)
    finally:
        service.stop()


def _readiness(name: str, port: int) -> Callable[[], bool]:
    return HttpCheck(port, "/readyz") if name == "ours" else lambda: not is_free(port)
