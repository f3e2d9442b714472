"""Who is calling: from an Authorization value to the person in the users table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace

from datasources.token_keys import Token
from datasources.users import Users
from domain.errors import Unauthenticated
from domain.records import User


class Caller(Struct, frozen=True, gc=False):
    """Who holds a valid token. `user` is None where the users table has no such person.

    `subject` is the person as the user pool knows them, and `expires_at` in epoch seconds.
    """

    user: User | None
    expires_at: float
    subject: str


class Authentication:
    """Reads `Bearer` credentials (RFC 6750), over HTTP and WebSocket alike."""

    def __init__(self, verify: Callable[[str], Awaitable[Token]], users: Users) -> None:
        self._verify = verify
        self._users = users

    async def caller(self, authorization: object) -> Caller:
        """Return who sent `authorization` (`Bearer <access token>`); raises Unauthenticated."""
        if not isinstance(authorization, str):
            raise Unauthenticated("Send an access token: Authorization: Bearer <token>.")
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise Unauthenticated("Send an access token: Authorization: Bearer <token>.")
        token = await self._verify(text.strip())
        user = await self._users.by_subject(token.subject)
        return Caller(user, token.expires_at, token.subject)

    async def again(self, caller: Caller) -> Caller:
        """Return `caller` as they are now, whose token is still good."""
        return replace(caller, user=await self._users.by_subject(caller.subject))
