"""A value that must not be printed."""

from __future__ import annotations


class Secret:
    """A string that does not print: `str` and `repr` give asterisks, `reveal()` the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__
