"""Expected failures as data: one type each, all of the interface UserError."""

from __future__ import annotations

from dataclasses import fields

import strawberry

from domain import errors


@strawberry.interface(description="An expected failure that a client can act on.")
class UserError:
    code: str = strawberry.field(description="A stable code, listed in docs/errors.md.")
    detail: str = strawberry.field(description="What happened, in words for people.")


@strawberry.type(description="The text is empty or only white space.")
class MessageBlank(UserError):
    pass


@strawberry.type(description="The text has more than 1,024 characters (code points).")
class MessageTooLong(UserError):
    pass


@strawberry.type(description="Nobody has this handle.")
class RecipientUnknown(UserError):
    pass


@strawberry.type(description="The recipient is the sender.")
class RecipientIsYourself(UserError):
    pass


@strawberry.type(description="There is no such conversation among the viewer's.")
class GroupNotFound(UserError):
    pass


@strawberry.type(description="The client uuid was used before, for another message.")
class ConflictingRetry(UserError):
    pass


@strawberry.type(description="The viewer has sent too many messages in this minute.")
class RateLimited(UserError):
    retry_after_seconds: int = strawberry.field(
        description="How many seconds to wait before the same message can be sent: 1 to 60."
    )


TYPES: dict[type[errors.UserError], type[UserError]] = {
    errors.MessageBlank: MessageBlank,
    errors.MessageTooLong: MessageTooLong,
    errors.RecipientUnknown: RecipientUnknown,
    errors.RecipientIsYourself: RecipientIsYourself,
    errors.GroupNotFound: GroupNotFound,
    errors.ConflictingRetry: ConflictingRetry,
    errors.RateLimited: RateLimited,
}


def from_failure(failure: errors.UserError) -> UserError:
    """Return `failure` as data: the fields of its type are its attributes."""
    kind = TYPES[type(failure)]
    return kind(**{field.name: getattr(failure, field.name) for field in fields(kind)})
