"""One launcher at a time, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from local.data_directory import DataDirectory, Memory
from local.errors import DataDirectoryUnusable


def test_it_belongs_to_one_launcher_at_a_time(tmp_path: Path) -> None:
    with (
        DataDirectory(tmp_path / "data").claim(),
        pytest.raises(DataDirectoryUnusable, match=f"process {os.getpid()}: stop that one"),
        DataDirectory(tmp_path / "data").claim(),
    ):
        pass
    with DataDirectory(tmp_path / "data").claim():
        pass


def test_logs_begin_afresh_and_the_last_ones_are_kept(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    for text in ("first", "second"):
        with data.claim():
            assert not data.log("server").exists()
            data.log("server").write_text(text)
    with data.claim():
        assert (data.logs / "server.previous").read_text() == "second"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a folder away")
def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with (
        pytest.raises(DataDirectoryUnusable, match="belongs to"),
        DataDirectory(tmp_path).claim(),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_it_remembers_and_keeps_it_to_itself(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    assert data.recall() == Memory()
    data.remember(Memory(postgres_port=5432, seed_password="x"))
    assert DataDirectory(tmp_path).recall() == Memory(postgres_port=5432, seed_password="x")
    assert stat.S_IMODE((tmp_path / "stack.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "[]", '{"colour": "blue"}'])
def test_a_damaged_memory_says_how_to_start_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "stack.json").write_text(content)
    with pytest.raises(DataDirectoryUnusable, match="--reset"):
        DataDirectory(tmp_path).recall()


def test_erasing_leaves_other_peoples_files_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    data = DataDirectory(tmp_path)
    with data.claim():
        (data.emulator / "state").write_text("x")
        data.dev_env.write_text("x")
        data.remember(Memory(postgres_port=1))
        data.erase()
    assert (tmp_path / "thesis.txt").exists()
    assert not (data.emulator / "state").exists()
    assert not data.dev_env.exists()
    assert data.recall() == Memory()
