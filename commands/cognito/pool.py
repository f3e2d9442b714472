"""The user pool that the settings name."""

from __future__ import annotations

from datasources.aws import cognito_client
from datasources.user_pool import UserPool
from settings import Settings


def user_pool(settings: Settings) -> UserPool:
    return UserPool(
        cognito_client(settings),
        pool_id=settings.user_pool_id,
        client_id=settings.user_pool_client_id,
    )
