from __future__ import annotations

from pathlib import Path

import pytest

from local.stack import Stack
from settings import Settings
from tests.commands.scripts import Scripts, variables, write_dev_env


@pytest.fixture
def scripts(own_settings: Settings, tmp_path: Path) -> Scripts:
    """Scripts whose stores are the test's own: no database yet, and nobody in the user pool."""
    return Scripts(write_dev_env(tmp_path, variables(own_settings)), own_settings)


@pytest.fixture
def shared(stack: Stack, settings: Settings) -> Scripts:
    """Scripts on the session's own stores, seeded: for tests that change nothing there."""
    return Scripts(stack.data.path, settings)
