"""Clients are made of the settings alone, whatever else this shell says."""

from __future__ import annotations

import dataclasses

import pytest
from botocore.exceptions import ProfileNotFound

from datasources.aws import cognito_client
from settings import Settings


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
@pytest.mark.parametrize("profile", ["", "of-another-machine"])
def test_keys_that_are_given_need_no_profile(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variable: str, profile: str
) -> None:
    monkeypatch.setenv(variable, profile)
    assert settings.aws_credentials
    assert cognito_client(settings).list_user_pools(MaxResults=1)["UserPools"]


def test_without_keys_an_empty_profile_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "from")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the environment")
    monkeypatch.setenv("AWS_PROFILE", "")
    keyless = dataclasses.replace(settings, aws_credentials=None)
    assert cognito_client(keyless).list_user_pools(MaxResults=1)["UserPools"]
    monkeypatch.setenv("AWS_PROFILE", "of-another-machine")
    with pytest.raises(ProfileNotFound):
        cognito_client(keyless)
