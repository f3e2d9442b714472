"""The model test has teeth: tests/model/mutants says so, and fits the code as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.mutant_runs import ROOT, try_all
from tests.model.mutation import DoesNotApply, Mutation, read_mutations

MUTATIONS = read_mutations()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_each_fits_the_code(mutation: Mutation, tmp_path: Path) -> None:
    copy = tmp_path / mutation.file
    copy.parent.mkdir()
    source = (ROOT / mutation.file).read_text()
    copy.write_text(source)
    undo = mutation.apply(tmp_path)
    assert copy.read_text() != source
    undo()
    assert copy.read_text() == source


@pytest.mark.parametrize("text", ["nothing of it", "twice twice"])
def test_one_that_does_not_fit_is_noticed(text: str, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(text)
    with pytest.raises(DoesNotApply, match=r"tests/model/mutations/ up to date"):
        Mutation("a mutation", "a test", "code.py", "twice", "once").apply(tmp_path)
    assert (tmp_path / "code.py").read_text() == text


@pytest.mark.exploring
def test_none_survives() -> None:
    assert [run.name for run in try_all(MUTATIONS, jobs=2) if run.test is None] == []
