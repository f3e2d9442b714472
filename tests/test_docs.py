"""The docs say what the code does: settings, codes, scripts, links, the map, the examples."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.build import build_schema, core_schema
from settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
NOT_SOURCE = {"node_modules", "__pycache__"}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def sources() -> Iterator[Path]:
    """Every Python file of ours."""
    for folder, rooms, files in os.walk(ROOT):
        rooms[:] = [room for room in rooms if room not in NOT_SOURCE and not room.startswith(".")]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


def first_cells(page: Path) -> set[str]:
    """What stands as code in the first cell of each row of the page's tables."""
    rows = [line for line in text_of(page).splitlines() if line.startswith("|")]
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row.split("|")[1])}


class Recorder(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.asked: set[str] = set()
        self._values = values

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def test_every_variable_has_its_row() -> None:
    environment = Recorder(
        {
            "DATABASE_URL": "postgresql://db.example/cruddur",
            "COGNITO_USER_POOL_ID": "pool",
            "COGNITO_CLIENT_ID": "client",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "another",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example",
        }
    )
    Settings.from_environment(environment)
    assert first_cells(DOCS / "settings.md") == environment.asked


def codes() -> set[str]:
    """Every code that the API's own code spells, wherever it does."""
    found: set[str] = set()
    for room in ("documents", "domain", "execution", "schema", "transport"):
        for path in (ROOT / room).rglob("*.py"):
            found |= set(re.findall(r'"([A-Z][A-Z_]{7,})"', text_of(path)))
    return found


def test_every_code_has_its_row_and_every_row_its_code() -> None:
    assert len(codes()) > 15
    rows = {cell for cell in first_cells(DOCS / "errors.md") if cell.isupper()}
    assert rows == codes()


def test_every_close_code_has_its_row() -> None:
    found: set[str] = set()
    for path in (ROOT / "transport").rglob("*.py"):
        found |= set(re.findall(r"\b(4[04]\d\d|101[23])\b", text_of(path)))
    rows = re.findall(r"^\| (\d{4}) \|", text_of(DOCS / "errors.md"), re.MULTILINE)
    assert {"4400", "4403", "4408"} < found
    assert found <= set(rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text_of(page)):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_script_that_is_named_is_there(page: Path) -> None:
    for script in re.findall(r"(?<![\w/.])(?:\./)?(bin/[\w/-]*\w)", text_of(page)):
        assert (ROOT / script).exists(), script


def test_every_page_that_code_names_is_there() -> None:
    named = {
        (file, page)
        for file in sources()
        for page in re.findall(r"(?<![\w/.])docs/[\w/-]+\.md", text_of(file))
    }
    assert len(named) > 10
    assert [(file.name, page) for file, page in named if not (ROOT / page).exists()] == []


def security_tests() -> set[str]:
    return {
        f"{path.relative_to(ROOT)}::{name}"
        for path in (ROOT / "tests" / "security").glob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", text_of(path), re.MULTILINE)
    }


def test_every_threat_has_its_test_and_every_such_test_its_threat() -> None:
    named = set(re.findall(r"`(tests/[^`]+\.py::\w+)`", text_of(DOCS / "security.md")))
    assert len(named) > 20
    assert security_tests() <= named
    for path, _, name in (each.partition("::") for each in named):
        assert re.search(rf"def {name}\(", text_of(ROOT / path)), f"{path} has no {name}"


def test_every_room_is_on_the_map() -> None:
    rooms = {
        f"{path.name}/"
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in NOT_SOURCE
    }
    files = {path.name for path in ROOT.glob("*.py")}
    on_the_map = first_cells(DOCS / "architecture.md")
    assert rooms | files <= on_the_map, "docs/architecture.md has the directory map"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_fits_the_schema(page: Path) -> None:
    schema = core_schema(build_schema())
    for example in re.findall(r"```graphql\n(.*?)```", text_of(page), re.DOTALL):
        assert validate(schema, parse(example)) == [], example


def test_the_readme_is_short_and_has_one_of_each() -> None:
    text = text_of(ROOT / "README.md")
    assert len(text.splitlines()) <= 150
    for kind in ("query", "mutation", "subscription"):
        assert re.search(rf"```graphql\n{kind} ", text)
