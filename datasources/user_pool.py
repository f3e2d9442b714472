"""The Cognito user pool: who is in it, who joins it, who signs in.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasources.failures import StoreFailure
from domain.handles import folded

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserTypeTypeDef


class SignInRefused(StoreFailure):
    """No such user or not this password; Cognito does not tell which."""


class AlreadyInPool(StoreFailure):
    """The username is taken."""


@dataclass(frozen=True, slots=True)
class PoolUser:
    """A user of the pool. `handle` is the attribute preferred_username, `status` Cognito's word."""

    username: str
    sub: str
    handle: str | None
    email: str | None
    name: str | None
    status: str
    enabled: bool

    @property
    def folded_handle(self) -> str | None:
        """The form in which the handle is compared; None if there is none or it is not one."""
        return folded(self.handle) if self.handle else None


class UserPool:
    """The pool `pool_id`, and `client_id` as the app that people sign up and in with."""

    def __init__(
        self, client: CognitoIdentityProviderClient, *, pool_id: str, client_id: str
    ) -> None:
        self._client = client
        self._pool_id = pool_id
        self._client_id = client_id

    def list_users(self) -> Iterator[PoolUser]:
        """Yield everybody, 60 a request, which is the most that Cognito gives."""
        pages = self._client.get_paginator("list_users").paginate(UserPoolId=self._pool_id)
        for page in pages:
            for user in page["Users"]:
                yield _pool_user(user)

    def find(self, handle: str) -> PoolUser | None:
        """Return the one user whose preferred_username is `handle`, whatever its case, or None.

        Raises StoreFailure when there are several: Cognito does not keep them apart by itself.
        """
        key = folded(handle)
        if key is None:
            return None
        answer = self._client.list_users(
            UserPoolId=self._pool_id, Filter=f'preferred_username = "{key}"'
        )
        found = [_pool_user(user) for user in answer["Users"]]
        if len(found) > 1:
            raise StoreFailure(
                f"{len(found)} users of the pool have the preferred_username {key}:"
                " bin/cognito/list-users shows them; remove all but one"
            )
        return found[0] if found else None

    def sign_up(self, *, handle: str, email: str, name: str, password: str) -> str:
        """Add a user who is not confirmed yet, with the handle as username; returns the `sub`.

        Raises AlreadyInPool.
        """
        attributes = {"email": email, "preferred_username": handle, "name": name}
        try:
            answer = self._client.sign_up(
                ClientId=self._client_id,
                Username=handle,
                Password=password,
                UserAttributes=[{"Name": key, "Value": attributes[key]} for key in attributes],
            )
        except self._client.exceptions.UsernameExistsException:
            raise AlreadyInPool(
                f"{handle} is in the user pool already: bin/cognito/sign-in {handle}"
            ) from None
        return answer["UserSub"]

    def confirm(self, username: str) -> None:
        """Confirm a sign-up and its email address in the place of the person."""
        self._client.admin_confirm_sign_up(UserPoolId=self._pool_id, Username=username)
        self._client.admin_update_user_attributes(
            UserPoolId=self._pool_id,
            Username=username,
            UserAttributes=[{"Name": "email_verified", "Value": "true"}],
        )

    def remove(self, username: str) -> None:
        self._client.admin_delete_user(UserPoolId=self._pool_id, Username=username)

    def sign_in(self, handle: str, password: str) -> str:
        """Return an access token.

        The username may be something else than the handle, often the email address: it is looked
        up. Raises SignInRefused, or StoreFailure when Cognito wants more than the password.
        """
        user = self.find(handle)
        try:
            answer = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={
                    "USERNAME": user.username if user else handle,
                    "PASSWORD": password,
                },
            )
        except (
            self._client.exceptions.NotAuthorizedException,
            self._client.exceptions.UserNotFoundException,
        ):
            raise SignInRefused(
                f"no user {handle} with this password: bin/cognito/list-users shows who is there"
            ) from None
        if "AuthenticationResult" not in answer:
            raise StoreFailure(
                f"Cognito asks for {answer.get('ChallengeName')} first: sign in through the app"
            )
        return answer["AuthenticationResult"]["AccessToken"]


def _pool_user(user: UserTypeTypeDef) -> PoolUser:
    attributes = {each["Name"]: each.get("Value") for each in user.get("Attributes", [])}
    return PoolUser(
        username=user["Username"],
        sub=attributes["sub"] or "",
        handle=attributes.get("preferred_username"),
        email=attributes.get("email"),
        name=attributes.get("name"),
        status=user["UserStatus"],
        enabled=user["Enabled"],
    )
