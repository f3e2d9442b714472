"""Reads single variables: typed, checked, and refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

_Choice = TypeVar("_Choice", bound=str)


class SettingsError(ValueError):
    """A variable is missing or malformed; the text names it and says what would be right."""


class Variables:
    """Takes values out of a mapping; every refusal names the variable."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name, "").strip() or default
        if value is None:
            raise SettingsError(f"{name} is not set, and it has no default: see docs/settings.md")
        return value

    def integer(self, name: str, default: int, *, lowest: int = 1, highest: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            raise SettingsError(f"{name} must be a whole number from {lowest} to {highest}")
        return int(value)

    def limit(self, name: str, default: int, *, highest: int) -> int | None:
        """A whole number, or None for `off` (or 0)."""
        if self.text(name, str(default)) in ("off", "0"):
            return None
        return self.integer(name, default, highest=highest)

    def milliseconds(self, name: str, default: int) -> float:
        """A time that the variable gives in milliseconds, in seconds."""
        return self.integer(name, default, highest=3_600_000) / 1000

    def ratio(self, name: str) -> float:
        try:
            value = float(self.text(name, "1"))
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise SettingsError(f"{name} must be a number from 0 to 1")
        return value

    def boolean(self, name: str) -> bool:
        """As OpenTelemetry has it: true is true, in any case; everything else is false."""
        return self.text(name, "").lower() == "true"

    def pairs(self, name: str) -> dict[str, str]:
        """`key=value,key=value`, percent-encoded, as OpenTelemetry has it."""
        pairs = {}
        for part in filter(None, (part.strip() for part in self.text(name, "").split(","))):
            key, equals, value = part.partition("=")
            if not equals or not key.strip():
                # What stands there is not repeated: it may be a key to the collector.
                raise SettingsError(f"{name} must be a list such as key=value,key=value")
            pairs[unquote(key.strip())] = unquote(value.strip())
        return pairs

    def choice(self, name: str, choices: tuple[_Choice, ...]) -> _Choice:
        """One of `choices`; the first is the default."""
        value = self.text(name, choices[0])
        for choice in choices:
            if value == choice:
                return choice
        raise SettingsError(f"{name} must be one of: {', '.join(choices)}")

    def file(self, name: str) -> Path | None:
        value = self.text(name, "")
        if value and not Path(value).is_file():
            raise SettingsError(f"{name} must be the path of a file that is there")
        return Path(value) if value else None

    def switch(self, name: str, *, default: bool) -> bool:
        return self.choice(name, ("on", "off") if default else ("off", "on")) == "on"

    def matching(self, name: str, default: str, pattern: re.Pattern[str]) -> str:
        value = self.text(name, default)
        if not pattern.fullmatch(value):
            raise SettingsError(f"{name} must match {pattern.pattern}")
        return value

    def url(self, name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and parts.netloc and parts.port != 0
        except ValueError:  # a port that is no number, a bracket that is not closed
            usable = False
        if not usable:
            # The value is not repeated: a URL may carry a password.
            beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
            raise SettingsError(f"{name} must be a URL that begins with {beginnings}")
        return value

    def origins(self, name: str) -> tuple[str, ...]:
        """Browser origins, separated by commas, such as `https://app.example`."""
        origins = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        for origin in origins:
            scheme, _, host = origin.partition("://")
            if scheme not in ("https", "http") or not host or "/" in host:
                raise SettingsError(f"{name} must list origins such as https://app.example")
        return origins
