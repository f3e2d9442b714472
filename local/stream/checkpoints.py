"""How far each shard of a stream was read, kept in a file."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.private_file import write_private


@dataclass
class _Kept:
    """The file's content. `after` has the last sequence number done of each shard."""

    stream_arn: str = ""
    after: dict[str, str] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)


class Checkpoints:
    """Belongs to one stream at a time: a table that is made anew has a stream of another ARN."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = self._read()

    def follow(self, stream_arn: str, shard_ids: Collection[str]) -> None:
        """Keep what is known of these shards of this stream, and forget everything else."""
        known = self._kept if self._kept.stream_arn == stream_arn else _Kept()
        self._kept = _Kept(
            stream_arn,
            {key: known.after[key] for key in known.after if key in shard_ids},
            [key for key in known.finished if key in shard_ids],
        )

    def after(self, shard_id: str) -> str | None:
        """The sequence number to go on after; None: from the oldest record there is."""
        return self._kept.after.get(shard_id)

    def is_finished(self, shard_id: str) -> bool:
        return shard_id in self._kept.finished

    def advance(self, shard_id: str, sequence_number: str) -> None:
        self._kept.after[shard_id] = sequence_number
        self._write()

    def forget(self, shard_id: str) -> None:
        """Go on from the oldest record that is left."""
        self._kept.after.pop(shard_id, None)
        self._write()

    def finish(self, shard_id: str) -> None:
        """The shard was read to its end, and its children may be read."""
        self._kept.after.pop(shard_id, None)
        self._kept.finished.append(shard_id)
        self._write()

    def _read(self) -> _Kept:
        try:
            return _Kept(**json.loads(self._path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return _Kept()  # from the oldest record: again is allowed, skipped is not

    def _write(self) -> None:
        write_private(self._path, json.dumps(asdict(self._kept)))
