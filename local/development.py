"""Everything that `bin/dev` runs: the stores, the stream runner, the server, the pages' build."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from local.data_directory import ROOT
from local.http_check import HttpCheck
from local.log_tail import LogTail
from local.process import Program, Service
from local.progress import step
from local.stack import Stack
from local.supervisor import Supervisor
from local.web_build import WebBuild
from local.welcome import welcome
from settings import Settings, process_environment

_LOOK = 0.1  # seconds between two looks at the children
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# From the shell; none names a store.
_PASSED_ON = ("ALLOWED_ORIGINS", "LOG_FORMAT", "LOG_LEVEL", "WEB_PAGES")
_PASSED_ON_PREFIXES = ("METRICS_", "OTEL_")


class Development:
    """One run of it, until a signal comes."""

    def __init__(self, data_dir: Path, *, port: int, reset: bool, seed: bool) -> None:
        self._stack = Stack(data_dir, server_port=port, reset=reset)
        self._data = self._stack.data
        self._port = port
        self._seed = seed
        self._programs: list[Service] = []  # ours, which lose nothing when they are killed
        self._told_to_stop = False

    def run(self) -> None:
        """Start all, say how to use it, keep it running; on Ctrl-C stop all, in order.

        Raises LauncherError; KeyboardInterrupt if the signal comes before all was started.
        """
        self._stop_on_signals()
        with contextlib.ExitStack() as running:
            with self._step("starting Postgres and the AWS emulator"):
                running.enter_context(self._stack)
            self._load()
            server = self._server()
            with self._step("starting the stream runner and the server"):
                for service in (self._stream_runner(), server):
                    service.start()
                    running.callback(service.stop)
                    self._programs.append(service)
                server.wait_until_ready()
            tail = LogTail(server.program.log)
            pages = Settings.from_environment(server.program.environment).web_pages
            print(welcome(self._stack, self._port, pages=pages), flush=True)
            build = WebBuild(self._data, _say)
            if pages:
                build.start()
                running.callback(build.stop)
            with contextlib.suppress(KeyboardInterrupt):
                self._watch(tail, build)
            with step("stopping"):
                running.close()

    def _load(self) -> None:
        """Make database and table every time, as far as they are missing; fill them once."""
        memory = self._data.recall()
        pool = self._stack.environment["COGNITO_USER_POOL_ID"]
        if not self._seed or memory.loaded_pool == pool:
            with self._step("loading the schema"):
                self._program("load", "local.load").run()
            return
        with self._step("loading schema, people and conversations"):
            self._program("load", "local.load", "--seed").run()
        memory.loaded_pool = pool
        self._data.remember(memory)

    def _watch(self, tail: LogTail, build: WebBuild) -> NoReturn:
        postgres, emulator = self._stack.services
        stream_runner, server = self._programs
        supervisor = Supervisor(_say, time.monotonic)
        supervisor.watch(postgres)
        # It forgets its stream records, and who reads them would not notice.
        supervisor.watch(emulator, dependents=[stream_runner])
        supervisor.watch(stream_runner)
        supervisor.watch(server)
        while True:
            self._check_signals()
            supervisor.look()
            build.look()
            sys.stdout.write(tail.read())
            sys.stdout.flush()
            time.sleep(_LOOK)

    def _stop_on_signals(self) -> None:
        """The first signal interrupts what is going on, each later one hurries the stopping."""

        def stop(_number: int, _frame: FrameType | None) -> NoReturn:
            self._told_to_stop = True
            for number in _SIGNALS:
                signal.signal(number, self._hurry)
            raise KeyboardInterrupt

        for number in _SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, stop)

    @contextlib.contextmanager
    def _step(self, title: str) -> Iterator[None]:
        with step(title):
            yield
        self._check_signals()

    def _check_signals(self) -> None:
        """Interrupt again, where nobody heard of it: finalizers ignore what is raised in them.

        https://docs.python.org/3/library/signal.html#note-on-signal-handlers-and-exceptions
        """
        if self._told_to_stop:
            raise KeyboardInterrupt

    def _hurry(self, _number: int, _frame: FrameType | None) -> None:
        for service in self._programs:
            service.kill()
        for service in self._stack.services:
            service.ask_to_stop()

    def _server(self) -> Service:
        check = HttpCheck(self._port, "/readyz")
        return Service(
            program=self._program("server", "server"),
            pid_file=self._data.pid_file("server"),
            is_ready=check,
            symptom=check.symptom,
        )

    def _stream_runner(self) -> Service:
        return Service(
            program=self._program(
                "stream-runner", "local.stream_runner", "--data-dir", str(self._data.path)
            ),
            pid_file=self._data.pid_file("stream-runner"),
            is_ready=lambda: True,  # it waits for the stores by itself
        )

    def _program(self, name: str, module: str, *arguments: str) -> Program:
        """Describe a Python program of ours, with the settings as its environment."""
        given = process_environment()
        return Program(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            environment={
                "PATH": os.defpath,
                "PYTHONPATH": str(ROOT),
                "PYTHONSAFEPATH": "1",
                "PYTHONUNBUFFERED": "1",
                "LOG_FORMAT": "text" if sys.stdout.isatty() else "json",
                **{
                    key: value
                    for key, value in given.items()
                    if key in _PASSED_ON or key.startswith(_PASSED_ON_PREFIXES)
                },
                **self._stack.environment,
            },
            directory=ROOT,
            log=self._data.log(name),
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
