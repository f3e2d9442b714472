"""Settings of the stream Lambda, which the server and the scripts have too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from configuration.aws import Credentials, credentials, dynamodb_endpoint
from configuration.secret import Secret
from configuration.variables import Variables

_POSTGRES = ("postgresql", "postgres")
_BUS = (*_POSTGRES, "redis", "rediss")
_TABLE_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """What the stream Lambda needs: the table, and `bus_url`, where updates are rung and heard.

    The scheme of `bus_url` says whether that is Postgres or Redis.
    """

    messages_table: str
    aws_region: str
    aws_credentials: Credentials | None
    dynamodb_endpoint: str
    bus_url: Secret

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read and check the variables; raises SettingsError, which names the first wrong one."""
        read = Variables(environment)
        region = read.text("AWS_REGION", read.text("AWS_DEFAULT_REGION", "us-east-1"))
        return cls(
            messages_table=read.matching("MESSAGES_TABLE", "cruddur-messages", _TABLE_NAME),
            aws_region=region,
            aws_credentials=credentials(read),
            dynamodb_endpoint=dynamodb_endpoint(read, region),
            bus_url=Secret(read.url("UPDATE_BUS_URL", read.text("DATABASE_URL", ""), schemes=_BUS)),
        )


def database_url(environment: Mapping[str, str]) -> Secret:
    """Read DATABASE_URL alone: for a Lambda that needs nothing else. Raises SettingsError."""
    return Secret(Variables(environment).url("DATABASE_URL", schemes=_POSTGRES))
