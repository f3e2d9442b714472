"""bin/web/build: builds the pages of web/, as far as they are not up to date."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from commands.command import Parser, command
from commands.output import note
from commands.target import ROOT
from commands.web import node
from commands.web.errors import BuildFailed
from commands.web.page import Page
from commands.web.steps import run_step
from settings import process_environment

WEB = ROOT / "web"
PAGES = {
    page.name: page
    for page in (
        Page(WEB / "chat", (ROOT / "schema" / "schema.graphql",)),
        Page(WEB / "graphiql", (ROOT / "README.md",)),
    )
}
_NETWORK = (
    "Is the network up? Behind a proxy set HTTPS_PROXY. Then try again: bin/web/build. It said:"
)


@command
def main(argv: Sequence[str] | None = None, pages: Mapping[str, Page] = PAGES) -> int:
    parser = Parser(
        "bin/web/build",
        "Build the pages that the server serves, as far as their sources have changed: the chat\n"
        "page, and GraphiQL, which is served in development only. Node and npm are the machine's;\n"
        "where there are none that are new enough, they are installed from PyPI into .node.",
        example="bin/web/build chat",
    )
    parser.add_argument(
        "pages", nargs="*", metavar="PAGE", help=f"which: {' or '.join(pages)} (default: all)"
    )
    names = parser.parse_args(argv).pages or [*pages]
    if unknown := [name for name in names if name not in pages]:
        parser.error(f"no page {unknown[0]}")
    signal.signal(signal.SIGTERM, _interrupt)
    failures = []
    for name in names:
        try:
            build(pages[name])
        except BuildFailed as failed:
            failures.append(str(failed))
    if failures:
        raise BuildFailed("\n".join(failures))
    return 0


def build(page: Page) -> None:
    """Build one page unless it is up to date; raises BuildFailed.

    What was there before stays until the new one is whole, also if that fails.
    """
    page.build.mkdir(exist_ok=True)
    with _alone(page.build / "lock", page.name):
        if page.is_up_to_date():
            note(f"{page.name}: up to date")
            return
        page.tell("It is being built, which takes a minute or two the first time.")
        try:
            _make(page)
        except BuildFailed as failed:
            page.tell(f"It could not be built. {failed}")
            raise
        except KeyboardInterrupt:
            page.tell("Its build was interrupted. Start it again: bin/web/build")
            raise
    note(f"{page.name}: built")


def _make(page: Page) -> None:
    fingerprint = page.fingerprint()
    tools = node.of_the_machine() or node.of_pypi() or _node_from_pypi()
    environment = _with_first_on_path(process_environment(), tools.folder)
    modules = page.folder / "node_modules"
    lock, stamp = page.folder / "package-lock.json", modules / "installed.lock"
    if not (stamp.exists() and stamp.read_bytes() == lock.read_bytes()):
        # `npm ci` removes what is there first, the stamp too: what is half done has none.
        run_step(
            f"{page.name}: installing its packages",
            [*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            folder=page.folder,
            environment=environment,
            advice=_NETWORK,
        )
        shutil.copyfile(lock, stamp)
    shutil.rmtree(page.draft, ignore_errors=True)
    run_step(
        f"{page.name}: building",
        [*tools.npm, "run", "build"],
        folder=page.folder,
        environment=environment,
        advice="It said:",
    )
    page.publish(fingerprint)


def _node_from_pypi() -> node.Node:
    run_step(
        "installing Node from PyPI",
        node.installation(),
        folder=ROOT,
        environment=process_environment(),
        advice=f"Install Node 20.19 or newer (https://nodejs.org), or: {_NETWORK}",
    )
    return node.finish_installation()


def _with_first_on_path(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    path = environment.get("PATH", os.defpath)
    return {**environment, "PATH": f"{folder}{os.pathsep}{path}"}


@contextmanager
def _alone(path: Path, name: str) -> Iterator[None]:
    """Hold a lock (flock), which the system takes back from whoever is killed."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"{name}: waiting for another build ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
