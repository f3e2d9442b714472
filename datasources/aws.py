"""boto3 clients, made from settings: each call makes one, so that nobody shares a global."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config

from datasources.user_pool import UserPool
from settings import Credentials, Settings, StreamSettings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

# One thread a call, and a connection for each.
THREADS = 32
# DynamoDB answers within milliseconds. A call that gets none has its thread for twelve seconds at
# most, pauses included, and then others can use it again.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=3,
    max_pool_connections=THREADS,
    retries={"mode": "standard", "total_max_attempts": 3},
)


def dynamodb_client(settings: StreamSettings) -> DynamoDBClient:
    client: DynamoDBClient = _client(settings, "dynamodb", settings.dynamodb_endpoint)
    return client


def streams_client(settings: Settings) -> DynamoDBStreamsClient:
    client: DynamoDBStreamsClient = _client(settings, "dynamodbstreams", settings.streams_endpoint)
    return client


def cognito_client(settings: Settings) -> CognitoIdentityProviderClient:
    client: CognitoIdentityProviderClient = _client(
        settings, "cognito-idp", settings.cognito_endpoint
    )
    return client


def user_pool(settings: Settings) -> UserPool:
    return UserPool(
        cognito_client(settings),
        pool_id=settings.user_pool_id,
        client_id=settings.user_pool_client_id,
    )


def queue_client(settings: Settings, queue_url: str) -> Any:
    """Make an SQS client for the service that `queue_url` is at. No stubs for it are installed."""
    url = urlsplit(queue_url)
    return _client(settings, "sqs", f"{url.scheme}://{url.netloc}")


def _client(settings: StreamSettings, service: str, endpoint: str | None) -> Any:
    return session(settings).client(service, endpoint_url=endpoint, config=_CONFIG)  # type: ignore[call-overload]


def session(settings: StreamSettings) -> boto3.Session:
    given = settings.aws_credentials
    return boto3.Session(
        botocore_session=botocore.session.Session(session_vars={"profile": _profile(given)}),
        region_name=settings.aws_region,
        aws_access_key_id=given.access_key_id if given else None,
        aws_secret_access_key=given.secret_access_key.reveal() if given else None,
        aws_session_token=(given.session_token.reveal() if given and given.session_token else None),
    )


def _profile(
    given: Credentials | None,
) -> tuple[None, list[str], None, Callable[[str], str | None]]:
    """Say where botocore finds the profile's name: where keys are given, nowhere.

    It would fail over a profile that is not there though nothing is needed of it, and over an
    empty name.
    """
    variables = [] if given else ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]
    return None, variables, None, lambda name: name or None
