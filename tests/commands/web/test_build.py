"""bin/web/build with an npm that does as it is told: what is built when, what is left behind."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.target import ROOT
from commands.web import node
from commands.web.build import PAGES, build
from commands.web.errors import BuildFailed
from commands.web.page import Page
from tests.local.alive import is_alive

HANG_GUARD = 60  # seconds
NPM = """
import pathlib, subprocess, sys, time
calls = pathlib.Path("build/calls")
calls.write_text((calls.read_text() if calls.exists() else "") + sys.argv[1] + " ")
if sys.argv[1] == "ci":
    pathlib.Path("node_modules").mkdir(exist_ok=True)
elif pathlib.Path("source").read_text() == "hang":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    pathlib.Path("build/pid").write_text(str(child.pid))
    time.sleep(1000)
elif pathlib.Path("source").read_text() == "wrong":
    sys.exit("source is <wrong>")
else:
    types = pathlib.Path("src/generated")
    types.mkdir(parents=True, exist_ok=True)
    (types / "types.ts").write_text("made by the build")
    assets = pathlib.Path("build/draft/assets")
    assets.mkdir(parents=True)
    (assets / "main-x1.js").write_text(pathlib.Path("source").read_text())
    pathlib.Path("build/draft/index.html").write_text("the page")
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    folder = tmp_path / "web" / "page"
    folder.mkdir(parents=True)
    (folder / "source").write_text("right")
    (folder / "package-lock.json").write_text("the packages")
    (tmp_path / "npm.py").write_text(NPM)
    (tmp_path / "schema.graphql").write_text("the schema")
    tools = node.Node([sys.executable, tmp_path / "npm.py"], Path(sys.executable).parent)
    monkeypatch.setattr(node, "of_the_machine", lambda: tools)
    return Page(folder, (tmp_path / "schema.graphql",))


def calls(page: Page) -> str:
    """What npm was called for since the last look."""
    path = page.build / "calls"
    text = path.read_text() if path.exists() else ""
    path.unlink(missing_ok=True)
    return text.strip()


def shown(page: Page) -> str:
    return (page.site / "assets" / "main-x1.js").read_text()


def test_what_is_up_to_date_is_left_alone(page: Page) -> None:
    build(page)
    assert calls(page) == "ci run"
    build(page)
    assert calls(page) == ""


@pytest.mark.parametrize(
    ("changed", "expected"),
    [("source", "run"), ("../../schema.graphql", "run"), ("package-lock.json", "ci run")],
)
def test_what_has_changed_is_built_again(page: Page, changed: str, expected: str) -> None:
    build(page)
    calls(page)
    (page.folder / changed).write_text("another")
    build(page)
    assert calls(page) == expected
    assert page.is_up_to_date()


def test_files_are_compressed_the_same_each_time(page: Page) -> None:
    build(page)
    compressed = page.site / "assets" / "main-x1.js.gz"
    first = compressed.read_bytes()
    assert gzip.decompress(first) == b"right"
    (page.folder / "README.md").write_text("changed")
    build(page)
    assert compressed.read_bytes() == first


def test_a_build_that_fails_says_why_and_leaves_what_there_was(page: Page) -> None:
    build(page)
    (page.folder / "source").write_text("wrong")
    with pytest.raises(BuildFailed, match="source is <wrong>"):
        build(page)
    assert "source is <wrong>" in (page.build / "note").read_text()
    assert shown(page) == "right"
    assert not page.is_up_to_date()

    (page.folder / "source").write_text("mended")
    build(page)
    assert shown(page) == "mended"
    assert not (page.build / "note").exists()


@pytest.fixture
def hanging(page: Page, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """bin/web/build, and npm and its child that never end."""
    (page.folder / "source").write_text("hang")
    code = f"""
import sys
from pathlib import Path
from commands.web import build, node
from commands.web.page import Page
tools = node.Node([sys.executable, {str(tmp_path / "npm.py")!r}], Path("/"))
node.of_the_machine = lambda: tools
sys.exit(build.main([], pages={{"page": Page(Path({str(page.folder)!r}))}}))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


def test_an_interruption_leaves_no_orphan_and_no_half_of_a_page(
    page: Page, hanging: subprocess.Popen[bytes]
) -> None:
    pid = page.build / "pid"
    wait_until(pid)
    child = int(pid.read_text())
    assert is_alive(child)
    hanging.terminate()
    assert hanging.wait(HANG_GUARD) == 130
    deadline = time.monotonic() + HANG_GUARD
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "interrupted" in (page.build / "note").read_text()
    assert not page.site.exists()


def wait_until(path: Path) -> None:
    deadline = time.monotonic() + HANG_GUARD
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_what_is_built_of_web_asks_for_nothing_elsewhere(name: str) -> None:
    page = PAGES[name]
    build(page)
    html = (page.site / "index.html").read_text()
    links = [part.split('"')[0] for part in html.replace('src="', 'href="').split('href="')[1:]]
    assert links
    for link in links:
        assert link.startswith("/"), link
        assert not link.startswith("//"), link
        assert (page.site / "assets" / Path(link).name).exists()
    for sheet in page.site.rglob("*.css"):
        assert "url(http" not in sheet.read_text().replace('"', "").replace("'", "")
    assert {file.suffix for file in page.site.rglob("*.gz")}


@pytest.mark.long
def test_a_chat_page_that_is_open_needs_no_other_script() -> None:
    page = PAGES["chat"]
    build(page)
    (script,) = page.site.rglob("*.js")
    assert script.name in (page.site / "index.html").read_text()
