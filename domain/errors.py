"""Every failure that a client can be told of, by stable code.

    CruddurError
    ├── UserError               an expected outcome: a member of a payload union
    │   ├── MessageBlank            MESSAGE_BLANK
    │   ├── MessageTooLong          MESSAGE_TOO_LONG
    │   ├── RecipientUnknown        RECIPIENT_UNKNOWN
    │   ├── RecipientIsYourself     RECIPIENT_IS_YOURSELF
    │   ├── GroupNotFound           GROUP_NOT_FOUND (in `errors` where a query meets it)
    │   ├── ConflictingRetry        CONFLICTING_RETRY
    │   └── RateLimited             RATE_LIMITED
    └── RequestError            in the answer's `errors`, with `extensions.code`
        ├── Unauthenticated         UNAUTHENTICATED
        ├── NotRegistered           NOT_REGISTERED
        ├── BadInput                BAD_USER_INPUT
        ├── BadCursor               BAD_CURSOR
        ├── StoreUnavailable        STORE_UNAVAILABLE
        └── HistoryInFlight         HISTORY_IN_FLIGHT

`docs/errors.md` has a row for each code; tests hold this tree, the schema and that page together.
"""

from __future__ import annotations

from typing import ClassVar


class CruddurError(Exception):
    """A failure with a code that clients may rely on and a detail that people may read."""

    code: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UserError(CruddurError):
    """An expected outcome of a mutation: data in the schema, not an error of the request."""


class MessageBlank(UserError):
    code = "MESSAGE_BLANK"


class MessageTooLong(UserError):
    code = "MESSAGE_TOO_LONG"


class RecipientUnknown(UserError):
    code = "RECIPIENT_UNKNOWN"


class RecipientIsYourself(UserError):
    code = "RECIPIENT_IS_YOURSELF"


class GroupNotFound(UserError):
    """There is no such group, or the viewer is not in it: the two must look the same."""

    code = "GROUP_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such conversation among yours.")


class ConflictingRetry(UserError):
    code = "CONFLICTING_RETRY"

    def __init__(self) -> None:
        super().__init__("This clientMessageUuid was used for another message.")


class RateLimited(UserError):
    """The sender has sent as many messages in this minute as one person may."""

    code = "RATE_LIMITED"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many messages in a minute. Try again in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


class RequestError(CruddurError):
    """A request that cannot be answered; `retryable` where the same one may succeed later."""

    retryable: ClassVar[bool] = False


class Unauthenticated(RequestError):
    code = "UNAUTHENTICATED"


class NotRegistered(RequestError):
    code = "NOT_REGISTERED"


class BadInput(RequestError):
    code = "BAD_USER_INPUT"


class BadCursor(RequestError):
    code = "BAD_CURSOR"


class StoreUnavailable(RequestError):
    """A store did not answer. A write may have happened: repeat it with its client uuid."""

    code = "STORE_UNAVAILABLE"
    retryable = True


class HistoryInFlight(RequestError):
    """A read kept meeting half of somebody's transaction."""

    code = "HISTORY_IN_FLIGHT"
    retryable = True
