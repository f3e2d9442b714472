"""Small sabotages of the code, each of which breaks a promise: `mutations/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("mutations")


class DoesNotApply(Exception):
    """The code is not what the mutation was written for."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """In `file`, the one occurrence of `old` becomes `new`; `test` is meant to notice."""

    name: str
    test: str
    file: str
    old: str
    new: str

    def apply(self, root: Path) -> Callable[[], object]:
        """Change the copy of the tree at `root`, and return what undoes it; raises DoesNotApply."""
        path = root / self.file
        source = path.read_text()
        count = source.count(self.old)
        if count != 1:
            raise DoesNotApply(
                f"{self.name}: {self.file} has its text {count} times, not once:"
                " bring tests/model/mutations/ up to date"
            )
        path.write_text(source.replace(self.old, self.new))
        return lambda: path.write_text(source)


def read_mutations() -> list[Mutation]:
    """Return all of them, in the order of the promises that they break."""
    files = [tomllib.loads(path.read_text()) for path in sorted(_FOLDER.glob("*.toml"))]
    return [Mutation(**entry) for file in files for entry in file["mutation"]]
