"""Writes the Lambdas' zip: the same content always gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOMS = ("lambdas", "datasources", "domain", "configuration")
MODULES = ("logs.py", "settings.py")

# Where Lambda unpacks it: /var/task/certificates.pem.
CERTIFICATES = "certificates.pem"

# The oldest time that a zip can tell.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def archive(root: Path, wheels: Sequence[Path], certificates: bytes | None = None) -> bytes:
    """Return the zip of the checkout at `root` and the packages in `wheels`.

    `certificates` are the authorities that Postgres is held to, where URLs say so.
    Nothing is compressed: what zlib makes of the same bytes depends on its version.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        added = [(CERTIFICATES, certificates)] if certificates else []
        for name, content in sorted([*_entries(root, wheels), *added]):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            # A regular file that everybody may read: Lambda runs it under an account of its own.
            entry.external_attr = (0o100755 if ".so" in Path(name).suffixes else 0o100644) << 16
            target.writestr(entry, content)
    return buffer.getvalue()


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _entries(root: Path, wheels: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in [*(root / name for name in MODULES), *_modules(root)]:
        yield path.relative_to(root).as_posix(), path.read_bytes()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as source:
            for entry in source.infolist():
                if not entry.is_dir() and _is_needed(entry.filename):
                    yield entry.filename, source.read(entry)


def _modules(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from (root / room).rglob("*.py")


def _is_needed(name: str) -> bool:
    # Commands of the packages, and lists of all their files, are not.
    return ".data/scripts/" not in name and not name.endswith(".dist-info/RECORD")
