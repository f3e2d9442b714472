"""bin/trust: from the files of clients to a manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import parse, print_ast

from commands.trust import main
from documents.trusted_documents import TrustedDocuments

ME = "query Me { me { ...Person } }\n"
PERSON = "fragment Person on User { handle ...Name }\n"
NAME = "fragment Name on User { displayName }\n"
FOLLOW = "subscription Follow { messageGroupUpdated { cursor } }\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    (folder / "people").mkdir(parents=True)
    (folder / "me.graphql").write_text(ME + FOLLOW)
    (folder / "people" / "person.gql").write_text(NAME + PERSON)
    (folder / "people" / "unused.graphql").write_text("fragment Unused on User { uuid }")
    (folder / "notes.txt").write_text("{")
    return folder


def test_each_operation_has_the_fragments_that_it_uses(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(sources)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in printed["operations"]] == ["Follow", "Me"]
    assert [each["type"] for each in printed["operations"]] == ["subscription", "query"]
    me = printed["operations"][1]["body"]
    assert parse(me, no_location=True) == parse(ME + NAME + PERSON, no_location=True)
    assert me == print_ast(parse(me))
    path = tmp_path / "trusted.json"
    assert main([str(sources), "--write", str(path)]) == 0
    assert json.loads(path.read_text()) == printed
    assert len(TrustedDocuments.read(path)) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{ me { handle } }", "name"),
        ("query Me { me { uuid } }", "another Me"),
        ("query X { me", "Syntax Error"),
        ("query X { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query X { me { ...Missing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query X { " + "me { handle } " * 11 + "}", "LIMIT_EXCEEDED"),
        ("query X { me { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
         "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
def test_what_would_not_be_answered_stops_it(
    sources: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    (sources / "x.graphql").write_text(text)
    assert main([str(sources)]) == 1
    told = capsys.readouterr()
    assert problem in told.err
    assert told.out == ""


def test_a_folder_without_operations_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no operation" in capsys.readouterr().err
