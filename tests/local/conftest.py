from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.data_directory import DataDirectory


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory that does not exist yet."""
    path = tmp_path / "data of mine"
    yield path
    if path.exists():
        # As root, Postgres keeps its files outside the temporary folder.
        DataDirectory(path).erase()
