"""Rules of the house that no linter knows: who reads the environment, who spells keys.

Which room may import which is held by import-linter ([tool.importlinter] in pyproject.toml).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from datasources import keys

ROOT = Path(__file__).parents[1]
ROOMS = ["commands", "configuration", "datasources", "documents", "domain", "execution"]
ROOMS += ["lambdas", "local", "maintenance", "resolvers", "schema", "telemetry", "transport"]
PREFIXES = ("MSG#", "GRP#", "GROUP#", "MEMBER#", "PAIR#", "SENT#", "RATE#", keys.ROW_INDEX)


def sources() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")


def environment_readers(tree: ast.AST) -> Iterator[int]:
    """The lines that reach for the environment of the process."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv" | "environb"):
                yield node.lineno
            case ast.ImportFrom(module="os", names=names) if any(
                each.name in ("environ", "getenv", "environb") for each in names
            ):
                yield node.lineno


def key_spellers(tree: ast.AST) -> Iterator[int]:
    """The lines that spell a key of the table in code; prose may name them."""
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if text.startswith(PREFIXES):
                if id(node) not in prose:
                    yield node.lineno


def found_in(rule: Callable[[ast.AST], Iterator[int]], but: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        if path != ROOT / but
        for line in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_only_settings_read_the_environment() -> None:
    assert found_in(environment_readers, but="settings.py") == []


def test_only_keys_spell_keys() -> None:
    assert found_in(key_spellers, but="datasources/keys.py") == []


@pytest.mark.parametrize(
    "code", ["import os\nos.environ", "from os import environ", "import os\nos.getenv('X')"]
)
def test_a_reader_of_the_environment_would_be_found(code: str) -> None:
    assert list(environment_readers(ast.parse(code)))


def test_a_spelled_key_would_be_found() -> None:
    assert list(key_spellers(ast.parse('"""MSG#: prose."""\npk = f"MSG#{group}"'))) == [2]
    assert list(environment_readers(ast.parse((ROOT / "settings.py").read_text("utf-8"))))
