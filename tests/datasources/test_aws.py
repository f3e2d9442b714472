"""Clients are made of the settings alone, whatever else this shell says."""

from __future__ import annotations

import dataclasses

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ProfileNotFound

from datasources.aws import cognito_client
from settings import Settings, StreamSettings


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


@pytest.mark.parametrize("variant", ["", "FIPS", "DUALSTACK"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-eusc", "aws-us-gov"])
def test_every_region_is_where_botocore_looks_for_it(partition: str, variant: str) -> None:
    session = botocore.session.Session()
    # A client takes a while: of the partition that has thirty regions, all in the usual way alone.
    most = 2 if variant else None
    for region in session.get_available_regions("dynamodb", partition)[:most]:
        client = session.create_client(
            "dynamodb",
            region,
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(
                use_fips_endpoint=variant == "FIPS", use_dualstack_endpoint=variant == "DUALSTACK"
            ),
        )
        settings = StreamSettings.from_environment(
            {
                "DATABASE_URL": "postgresql://database.example/x",
                "AWS_REGION": region,
                f"AWS_USE_{variant}_ENDPOINT": "true",
            }
        )
        assert settings.dynamodb_endpoint == client.meta.endpoint_url
