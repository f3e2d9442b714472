"""Three people, hence three pairs; whoever is not in a pair is a stranger to it."""

from __future__ import annotations

from tests.doubles.people import ANDREW, BAYKO, LONDO

PEOPLE = {"andrew": ANDREW, "bayko": BAYKO, "londo": LONDO}
PAIRS = {
    "andrew+bayko": (ANDREW, BAYKO),
    "andrew+londo": (ANDREW, LONDO),
    "bayko+londo": (BAYKO, LONDO),
}
NO_GROUP = "ffffffff-ffff-4fff-bfff-ffffffffffff"


def name_of(user_uuid: str) -> str:
    return next(name for name, user in PEOPLE.items() if user.uuid == user_uuid)
