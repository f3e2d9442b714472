"""One page of web/: what it is made of, and where it is built."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MADE = {"build", "generated", "node_modules"}  # by a build, wherever they are: no sources
_COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".ttf"}


@dataclass(frozen=True)
class Page:
    """The sources in `folder`, and files elsewhere that go into the page, too: `others`.

    `folder/build` holds `site` (what is served), `site.stamp` (the hash of the sources that it was
    made from), `draft` (a site that is not whole yet), `note` (why there is no site) and `lock`.
    """

    folder: Path
    others: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def build(self) -> Path:
        return self.folder / "build"

    @property
    def draft(self) -> Path:
        return self.build / "draft"

    @property
    def site(self) -> Path:
        return self.build / "site"

    def fingerprint(self) -> str:
        """The hash of all sources, the lock file of the packages among them."""
        digest = hashlib.sha256()
        for path in self._sources():
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def is_up_to_date(self) -> bool:
        return (
            self.site.exists()
            and self._stamp.exists()
            and self._stamp.read_text() == self.fingerprint()
        )

    def publish(self, fingerprint: str) -> None:
        """Compress the draft's files, each beside itself, and put it in the place of the site.

        The stamp goes first and comes last: an interruption leaves a site that is made again.
        """
        for path in [*self.draft.rglob("*")]:
            if path.suffix in _COMPRESSED:
                path.with_name(f"{path.name}.gz").write_bytes(
                    gzip.compress(path.read_bytes(), mtime=0)
                )
        self._stamp.unlink(missing_ok=True)
        shutil.rmtree(self.site, ignore_errors=True)
        self.draft.rename(self.site)
        self._stamp.write_text(fingerprint)
        self.tell("")

    def tell(self, why: str) -> None:
        """Say why there is no site (yet), for whoever opens the page; "" takes that back."""
        note = self.build / "note"
        if why:
            note.write_text(why, encoding="utf-8")
        else:
            note.unlink(missing_ok=True)

    @property
    def _stamp(self) -> Path:
        return self.build / "site.stamp"

    def _sources(self) -> Iterator[Path]:
        yield from _files(self.folder)
        yield from self.others


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in _MADE:
            yield from _files(path)
