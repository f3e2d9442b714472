"""The schema of every kind of item: what `bin/ddb/verify` holds single items to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasources import keys
from datasources.table import Item, Key
from domain import time_text

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ANY = ".+"
_TIME = "time text"
_NAMES = ("user_display_name", "user_handle")


@dataclass(frozen=True, slots=True)
class _Schema:
    """Patterns of the two keys (or that the sort key is a time), and the attributes by type.

    `numbers` maps names to the lowest value. More attributes than these may be there.
    """

    pk: str
    sk: str
    texts: Sequence[str] = ()
    uuids: Sequence[str] = ()
    times: Sequence[str] = ()
    numbers: Mapping[str, int] | None = None


_PERSON = _Schema("", "", texts=_NAMES, uuids=["user_uuid"])
_SCHEMAS = {
    "message": _Schema(
        keys.MESSAGE_PREFIX + _UUID,
        _TIME,
        texts=["message", *_NAMES],
        uuids=["message_uuid", "user_uuid"],
        numbers={"seq": 1},
    ),
    "row": _Schema(
        keys.ROW_PREFIX + _UUID,
        _TIME,
        texts=["message", *_NAMES],
        uuids=["message_group_uuid", "message_uuid", "sender_uuid", "user_uuid"],
        times=["last_message_at"],
        numbers={"seq": 1},
    ),
    "head": _Schema(
        keys.GROUP_PREFIX + _UUID, keys.HEAD, times=["last_sk"], numbers={"last_seq": 1}
    ),
    "member": _Schema(
        keys.GROUP_PREFIX + _UUID,
        keys.MEMBER_PREFIX + _UUID,
        texts=_NAMES,
        uuids=["user_uuid"],
        times=["row_sk"],
        numbers={"seq": 0},
    ),
    "pair": _Schema(f"{keys.PAIR_PREFIX}{_UUID}#{_UUID}", keys.PAIR, uuids=["group_uuid"]),
    "sent": _Schema(
        keys.SENT_PREFIX + _UUID,
        _ANY,
        uuids=["group_uuid"],
        times=["message_sk"],
        numbers={"seq": 1, "expires_at": 0},
    ),
    "rate": _Schema(keys.RATE_PREFIX + _UUID, _TIME, numbers={"sends": 1, "expires_at": 0}),
    "layout": _Schema(keys.LAYOUT.pk, keys.LAYOUT.sk, numbers={"layout": 1}),
    "aside": _Schema(keys.ASIDE_PREFIX + _UUID, _ANY),
}


def validation_error(item: Item) -> str | None:
    """Say what keeps `item` from being one of ours; None if it is one."""
    key = Key.of(item)
    kinds = {kind: schema for kind, schema in _SCHEMAS.items() if re.fullmatch(schema.pk, key.pk)}
    if not kinds:
        return "no kind of item has such a partition key"
    for kind, schema in kinds.items():
        if _is_time(key.sk) if schema.sk == _TIME else re.fullmatch(schema.sk, key.sk, re.DOTALL):
            return _error_in(item, schema) or (_error_in_members(item) if kind == "head" else None)
    if any(schema.sk == _TIME for schema in kinds.values()):
        return "the sort key is no time text"
    return f"no {' or '.join(kinds)} has such a sort key"


def _error_in(item: Item, schema: _Schema) -> str | None:
    for name in schema.texts:
        if "S" not in item.get(name, ()):
            return f"{name} is no text"
    for name in schema.uuids:
        if not re.fullmatch(_UUID, _text(item, name)):
            return f"{name} is no uuid"
    for name in schema.times:
        if not _is_time(_text(item, name)):
            return f"{name} is no time text"
    for name, lowest in (schema.numbers or {}).items():
        number = item.get(name, {}).get("N", "")
        if not re.fullmatch("-?[0-9]+", number) or int(number) < lowest:
            return f"{name} is no number from {lowest} up"
    return None


def _error_in_members(head: Item) -> str | None:
    people: set[str] = set()
    for member in head.get("members", {}).get("L", ()):
        if "M" not in member or _error_in(member["M"], _PERSON):
            return "members holds somebody without uuid or names"
        people.add(member["M"]["user_uuid"]["S"])
    return None if len(people) > 1 else "members holds fewer than two people"


def is_uuid(text: str) -> bool:
    """True for a uuid as this project writes it: lower case, with hyphens."""
    return re.fullmatch(_UUID, text) is not None


def _text(item: Item, name: str) -> str:
    text: str = item.get(name, {}).get("S", "")
    return text


def _is_time(text: str) -> bool:
    try:
        time_text.parse(text)
    except ValueError:
        return False
    return True
