"""What the stores' own errors mean to whoever runs a script, in one line."""

from __future__ import annotations

import psycopg
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 its own name; Python's is not used here
    HTTPClientError,
    NoCredentialsError,
)

from datasources.advice import advised
from datasources.calls import CallRefused
from datasources.failures import StoreFailure
from domain.errors import CruddurError


def explanation(error: BaseException | None) -> str | None:
    """Say in one line what a store's failure means and what to do; None if it is not one.

    Values of rows are never repeated: Postgres puts them into its errors' details.
    """
    match error:
        case StoreFailure():
            text = str(error)
        case CruddurError():
            text = explanation(error.__cause__) or error.detail
        case CallRefused():
            text = explanation(error.__cause__) or advised(error.code)
        case psycopg.Error():
            text = _of_postgres(error)
        case ClientError():
            text = _of_aws(error)
        case NoCredentialsError():
            text = "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case ConnectionError() | HTTPClientError():
            text = f"{error}: start ./bin/dev, or check the AWS endpoint settings"
        case BotoCoreError():
            text = f"AWS: {error}"
        case _:
            return None
    return " ".join(text.split())


def _of_postgres(error: psycopg.Error) -> str:
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn():
            return f"{error.diag.message_primary}: run bin/db/migrate first"
        case psycopg.errors.DuplicateTable():
            return (
                f"{error.diag.message_primary}, though no migration is on record:"
                " start over with bin/db/setup --reset"
            )
    if error.diag.message_primary:
        return f"Postgres: {error.diag.message_primary}"
    # libpq's own words; the first line says what went wrong.
    words = str(error).strip().partition("\n")[0]
    if "does not exist" in words:
        return f"{words}: make it with bin/db/create"
    return f"{words}: start ./bin/dev, or check DATABASE_URL"


def _of_aws(error: ClientError) -> str:
    details = error.response.get("Error", {})
    return f"{error.operation_name}: {advised(details.get('Code', ''), details.get('Message'))}"
