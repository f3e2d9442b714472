"""The failures that a person is expected to meet while running a script or signing up."""

from __future__ import annotations


class StoreFailure(Exception):
    """Its text, one line, says what is wrong and what to do next."""
