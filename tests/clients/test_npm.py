"""What is said where Node is missing."""

from __future__ import annotations

import pytest

from tests.clients import npm


def test_without_node_it_says_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(npm.NpmUnusable, match=r"node and npm not found: .*https://nodejs\.org"):
        npm.installed()
