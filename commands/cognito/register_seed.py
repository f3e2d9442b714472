"""Puts the people of the users table into the user pool of a development machine."""

from __future__ import annotations

from contextlib import closing

from commands.command import CommandError
from datasources.aws import user_pool
from datasources.registrations import Registrations
from domain.handles import folded
from settings import Settings


def register_seeded_people(settings: Settings) -> int:
    """Give everybody whom the pool does not have a pool user with SEED_PASSWORD; returns how many.

    That is the seeded people at first, and later whoever the emulator lost: it saves its state
    only when it is stopped cleanly. Raises CommandError unless all stores are local and there is
    a SEED_PASSWORD. `update_cognito_user_ids` makes the match afterwards.
    """
    if not settings.is_local or settings.seed_password is None:
        raise CommandError("people are registered with SEED_PASSWORD on a development machine only")
    pool = user_pool(settings)
    there = {user.folded_handle: user for user in pool.list_users()}
    with closing(Registrations(settings.database_url.reveal())) as registrations:
        people = registrations.people()
    registered = 0
    for person in people:
        user = there.get(folded(person.handle))
        if user is None:
            pool.sign_up(
                handle=person.handle,
                email=person.email,
                name=person.display_name,
                password=settings.seed_password.reveal(),
            )
        # An earlier run may have been stopped between the two.
        if user is None or user.status == "UNCONFIRMED":
            pool.confirm(person.handle)
            registered += 1
    return registered
