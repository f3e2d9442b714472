"""Calls of a table at random, made so that every condition holds and fails often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from datasources.table import (
    Absent,
    AbsentOrBelow,
    Below,
    Condition,
    Delete,
    Equal,
    Item,
    Key,
    Put,
    Table,
    Update,
    Write,
)
from tests.doubles.typed_items import typed

_PARTITIONS = ("script#a", "script#b")
_SORT_KEYS = ("1", "2", "3", "4", "")
# Far ahead: the emulator removes what has expired.
_EXPIRY = 4_102_444_800
_VALUES: Sequence[object] = (0, 1, "", "text", ["a", {"n": 1}], ["a", {"n": 2}], {})


@dataclass(frozen=True, slots=True)
class Get:
    key: Key

    async def make(self, table: Table) -> Item | None:
        return await table.get(self.key)


@dataclass(frozen=True, slots=True)
class Query:
    pk: str
    limit: int
    newest_first: bool
    above: str | None
    below: str | None

    async def make(self, table: Table) -> list[Item]:
        return await table.query(
            self.pk,
            dict,
            limit=self.limit,
            newest_first=self.newest_first,
            above=self.above,
            below=self.below,
        )


@dataclass(frozen=True, slots=True)
class Transact:
    writes: Sequence[Write]
    token: str

    async def make(self, table: Table) -> None:
        await table.transact(self.writes, token=self.token)


Call = Get | Query | Transact


def make_script(calls: int) -> Iterator[Call]:
    """Yield calls, the same each time: half of them write, some with a token used before."""
    chance = Random(7)  # noqa: S311 no secret in it
    made: list[Transact] = []
    for number in range(calls):
        match chance.randrange(8):
            case 0 | 1:
                yield Get(_key(chance))
            case 2 | 3:
                bound = chance.choice(_SORT_KEYS[:4])
                above, below = chance.choice([(None, None), (bound, None), (None, bound)])
                yield Query(
                    chance.choice(_PARTITIONS),
                    chance.randint(1, 4),
                    chance.random() < 0.5,
                    above,
                    below,
                )
            case 4 if made:
                yield chance.choice(made)
            case 5 if made:
                yield Transact(_writes(chance), chance.choice(made).token)
            case _:
                made.append(Transact(_writes(chance), f"token {number}"))
                yield made[-1]


def _writes(chance: Random) -> list[Write]:
    return [_write(chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))]


def _write(chance: Random) -> Write:
    key = _key(chance)
    match chance.randrange(4):
        case 0:
            return Delete(key)
        case 1:
            adds = typed({"n": chance.randint(1, 2)} if chance.random() < 0.5 else {})
            return Update(key, _attributes(chance), _condition(chance) or Absent(), adds)
    return Put({**key.attributes(), **_attributes(chance)}, _condition(chance))


def _condition(chance: Random) -> Condition | None:
    match chance.randrange(5):
        case 0:
            return Absent()
        case 1:
            return AbsentOrBelow(typed({"expires_at": _EXPIRY + chance.randint(-1, 1)}))
        case 2:
            return Equal(typed({chance.choice("xy"): chance.choice(_VALUES)}))
        case 3:
            return Below(typed({"n": chance.randint(1, 4)}))
    return None


def _attributes(chance: Random) -> Item:
    found = {name: chance.choice(_VALUES) for name in "xy"}
    if chance.random() < 0.5:
        found["expires_at"] = _EXPIRY
    return typed(found)


def _key(chance: Random) -> Key:
    sk = chance.choices(_SORT_KEYS, weights=(8, 8, 8, 8, 1))[0]
    return Key(chance.choice(_PARTITIONS), sk)
