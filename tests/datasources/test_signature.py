"""Our signatures are botocore's own, whatever is signed."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from datasources.signature import FrozenCredentials, Signer

_TOKEN = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 Hypothesis adds the zone below
    lambda moment: moment.replace(tzinfo=UTC)
)
_HOSTS = st.sampled_from(["dynamodb.eu-central-1.amazonaws.com", "127.0.0.1:4566"])
_OPERATIONS = st.sampled_from(["GetItem", "Query", "TransactWriteItems"])


def _by_botocore(
    credentials: FrozenCredentials, host: str, target: str, body: bytes, now: datetime
) -> dict[str, str]:
    request = AWSRequest("POST", f"https://{host}/", data=body)
    request.headers["content-type"] = "application/x-amz-json-1.0"
    request.headers["host"] = host
    request.headers["x-amz-target"] = target
    with patch("botocore.auth.get_current_datetime", return_value=now.replace(tzinfo=None)):
        SigV4Auth(Credentials(*credentials), "dynamodb", "eu-central-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


@given(
    secrets=st.lists(_TOKEN, min_size=2, max_size=2),
    session_token=st.none() | _TOKEN,
    host=_HOSTS,
    operation=_OPERATIONS,
    bodies=st.lists(st.binary(max_size=300), min_size=4, max_size=4),
    moments=st.lists(_MOMENTS, min_size=2, max_size=2),
)
def test_the_headers_are_those_of_botocore(
    secrets: list[str],
    session_token: str | None,
    host: str,
    operation: str,
    bodies: list[bytes],
    moments: list[datetime],
) -> None:
    signer = Signer(host=host, region="eu-central-1")
    target = f"DynamoDB_20120810.{operation}"
    # One signer, whose key must follow the day and the credentials there and back.
    cases = [(secret, moment) for secret in secrets for moment in moments]
    for body, (secret, moment) in zip(bodies, cases, strict=True):
        credentials = FrozenCredentials("AKIDEXAMPLE", secret, session_token)
        lines = signer.headers(credentials, target, body, moment).split("\r\n")
        assert lines.pop() == ""
        headers = dict(line.split(":", 1) for line in lines)
        assert headers == _by_botocore(credentials, host, target, body, moment)
