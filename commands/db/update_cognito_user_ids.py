"""bin/db/update_cognito_user_ids: notes in the users table which Cognito user each person is."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from commands.command import Parser, command
from commands.output import add_json_argument, note, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import user_pool
from datasources.registrations import Person, Registrations
from datasources.user_pool import PoolUser
from domain.handles import folded
from settings import Settings


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of each person (by handle) and of each pool user (by username).

    `ambiguous` people have several namesakes in the pool: nobody decides for them.
    """

    matched: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    missing_in_pool: list[str] = field(default_factory=list)
    missing_in_users: list[str] = field(default_factory=list)


def match(
    people: Sequence[Person], pool_users: Iterable[PoolUser]
) -> tuple[Matching, list[tuple[Person, str]]]:
    """Match by preferred_username, whatever its case; returns the report and each new `sub`.

    Whoever is matched with a `sub` that the pool still has stays so: somebody else may take the
    name later, but not the `sub`.
    """
    by_sub = {user.sub: user for user in pool_users}
    kept = {person.cognito_user_id for person in people} & by_sub.keys()
    free = [user for user in by_sub.values() if user.sub not in kept]
    namesakes = Counter(user.folded_handle for user in free)
    by_handle = {user.folded_handle: user for user in free}
    report = Matching()
    subs: list[tuple[Person, str]] = []
    for person in people:
        key = folded(person.handle)
        if person.cognito_user_id in kept:
            report.unchanged.append(person.handle)
        elif namesakes[key] > 1:
            report.ambiguous.append(person.handle)
        elif key in by_handle:
            report.matched.append(person.handle)
            subs.append((person, by_handle[key].sub))
        else:
            report.missing_in_pool.append(person.handle)
    found = kept | {sub for _, sub in subs}
    report.missing_in_users.extend(
        user.username for user in by_sub.values() if user.sub not in found
    )
    return report, subs


def update(settings: Settings) -> Matching:
    """Match everybody in the users table with the user pool; all is written, or nothing."""
    registrations = Registrations(settings.database_url.reveal())
    with closing(registrations):
        # In this order: whoever signs up while the pool is read is noticed when it is written.
        people = registrations.people()
        report, subs = match(people, user_pool(settings).list_users())
        registrations.assign(subs)
    return report


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/update_cognito_user_ids",
        "Go through the whole user pool and note in the users table which Cognito user each person"
        "\nis: the one whose preferred_username is the person's handle.",
        example="bin/db/update_cognito_user_ids --json",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    note("reading the user pool …")
    report = dataclasses.asdict(update(settings))
    if arguments.json:
        print_json(report)
    else:
        print_table(
            ("outcome", "who"),
            [(outcome, name) for outcome, names in report.items() for name in names],
        )
        print(", ".join(f"{len(names)} {outcome}" for outcome, names in report.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
