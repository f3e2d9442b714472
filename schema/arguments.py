"""Optional arguments: one that was left out and one that is null mean the same here."""

from __future__ import annotations

from typing import TypeVar

from strawberry import UNSET

_Value = TypeVar("_Value")


def given(value: _Value | None) -> _Value | None:
    """Return the argument's value, or None where it was left out.

    Left-out ones are UNSET inside Strawberry: a default of None would be printed as `= null`.
    """
    return None if value is UNSET else value
