"""Where a client's AWS credentials come from."""

from __future__ import annotations

from typing import Protocol

from datasources.signature import FrozenCredentials
from settings import Credentials


class CredentialSource(Protocol):
    """Knows what to sign with at this moment."""

    async def current(self) -> FrozenCredentials:
        """Return it; raises StoreUnavailable when none can be had."""
        ...


class GivenCredentials:
    """The pair in the settings, for as long as the process lives: a Lambda's environment has one.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """

    def __init__(self, pair: Credentials) -> None:
        token = pair.session_token.reveal() if pair.session_token else None
        self._pair = FrozenCredentials(pair.access_key_id, pair.secret_access_key.reveal(), token)

    async def current(self) -> FrozenCredentials:
        return self._pair
