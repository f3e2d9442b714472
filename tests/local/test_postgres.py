"""Postgres finds its cluster again, and never somebody else's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.account import Account
from local.data_directory import DataDirectory, Memory
from local.errors import ClusterOfOtherVersion
from local.postgres import Postgres
from local.postgres_home import PostgresHome, find_home

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who cannot run Postgres")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_cluster_of_another_version_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "data"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("16\n")
    home = PostgresHome(tmp_path, tmp_path, None)
    with pytest.raises(ClusterOfOtherVersion, match="made by Postgres 16"):
        Postgres(home, DataDirectory(tmp_path), port=1).prepare()


@needs_root
def test_roots_cluster_stays_in_a_data_directory_that_can_be_reached(open_folder: Path) -> None:
    memory = Memory()
    home = find_home(DataDirectory(open_folder), memory, shared=open_folder / "shared")
    assert home.folder == open_folder / "postgres"
    assert home.account
    assert home.folder.stat().st_uid == home.account.uid
    assert memory.postgres_elsewhere is None


@needs_root
def test_roots_cluster_lives_elsewhere_if_the_data_directory_cannot_be_reached(
    tmp_path: Path, open_folder: Path
) -> None:
    data, memory = DataDirectory(tmp_path), Memory()
    home = find_home(data, memory, shared=open_folder)
    assert home.folder.parent == open_folder
    assert home.account
    assert home.account.can_reach(home.programs / "postgres")
    assert find_home(data, memory, shared=open_folder) == home


@needs_root
def test_a_new_data_directory_does_not_inherit_the_old_ones_cluster(
    tmp_path: Path, open_folder: Path
) -> None:
    old = find_home(DataDirectory(tmp_path), Memory(), shared=open_folder)
    new = find_home(DataDirectory(tmp_path), Memory(), shared=open_folder)
    assert new.folder != old.folder


@needs_root
def test_programs_are_copied_to_where_they_can_be_reached(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "can_reach", lambda _, path: path.is_relative_to(open_folder))
    home = find_home(DataDirectory(tmp_path), Memory(), shared=open_folder)
    for program in ("initdb", "postgres"):
        assert (home.programs / program).is_relative_to(open_folder)
        subprocess.run([home.programs / program, "--version"], check=True)
