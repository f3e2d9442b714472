"""The custom scalars. Both are text inside: a uuid in canonical form, a moment as time text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

UUID = NewType("UUID", str)
DateTime = NewType("DateTime", str)


# The one form of RFC 9562, section 4. Python's own reader also takes braces, spaces, underscores
# and the digits of other scripts.
_FORM = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _parse_uuid(value: object) -> UUID:
    if isinstance(value, str) and _FORM.fullmatch(value):
        return UUID(value.lower())
    raise GraphQLError("A UUID such as 5ae290ed-55d1-47a0-bc6d-fe2bc2700399 is expected.")


def scalar_map() -> Mapping[object, ScalarDefinition]:
    """Return the scalars by the Python type that stands for them."""
    return {
        UUID: strawberry.scalar(
            name="UUID",
            description="A universally unique identifier, in lower-case text with hyphens.",
            specified_by_url="https://www.rfc-editor.org/rfc/rfc9562",
            serialize=str,
            parse_value=_parse_uuid,
        ),
        DateTime: strawberry.scalar(
            name="DateTime",
            description=(
                "A moment in UTC with microseconds, such as `2026-11-22T14:21:00.123456+00:00`. "
                "Such texts sort as the moments do."
            ),
            specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
            serialize=str,
        ),
    }
