"""The Cognito user pool of a development machine, and the app client that people sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NAME = "cruddur"


@dataclass(frozen=True)
class UserPool:
    """A pool and its one client, by id."""

    pool_id: str
    client_id: str

    @classmethod
    def find_or_create(cls, cognito: CognitoIdentityProviderClient) -> UserPool:
        """Return the pool named NAME and its client; what is missing of them is made."""
        pools = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
        pool_id = next(
            (pool["Id"] for page in pools for pool in page["UserPools"] if pool["Name"] == NAME),
            None,
        ) or _create_pool(cognito)
        clients = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)
        client_id = next(
            (
                client["ClientId"]
                for client in clients["UserPoolClients"]
                if client["ClientName"] == NAME
            ),
            None,
        ) or _create_client(cognito, pool_id)
        return cls(pool_id, client_id)


def _create_pool(cognito: CognitoIdentityProviderClient) -> str:
    pool = cognito.create_user_pool(
        PoolName=NAME,
        UsernameConfiguration={"CaseSensitive": False},
        AutoVerifiedAttributes=["email"],
        Schema=[
            {"Name": name, "AttributeDataType": "String", "Required": True, "Mutable": True}
            for name in ("email", "name", "preferred_username")
        ],
    )
    return pool["UserPool"]["Id"]


def _create_client(cognito: CognitoIdentityProviderClient, pool_id: str) -> str:
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=NAME,
        GenerateSecret=False,
        ExplicitAuthFlows=[
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
    )
    return client["UserPoolClient"]["ClientId"]
