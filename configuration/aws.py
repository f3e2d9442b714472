"""Where AWS is, and with which keys."""

from __future__ import annotations

from dataclasses import dataclass

from configuration.secret import Secret
from configuration.variables import Variables

# Of the regions of China and of the European Sovereign Cloud: the usual one, the dual stack's.
_OWN_DOMAINS = {
    "cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """An AWS key pair given as variables; without one botocore looks where it always looks."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None


def credentials(read: Variables) -> Credentials | None:
    key_id = read.text("AWS_ACCESS_KEY_ID", "")
    if not key_id:
        return None
    token = read.text("AWS_SESSION_TOKEN", "")
    return Credentials(
        access_key_id=key_id,
        secret_access_key=Secret(read.text("AWS_SECRET_ACCESS_KEY")),
        session_token=Secret(token) if token else None,
    )


def dynamodb_endpoint(read: Variables, region: str) -> str:
    """Where DynamoDB is: as `endpoint` has it, else in `region`, as the AWS SDKs would look for it.

    Behind the secret regions' own domains it is not: there AWS_ENDPOINT_URL_DYNAMODB says it.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
    """
    fips = "-fips" if read.boolean("AWS_USE_FIPS_ENDPOINT") else ""
    usual, dual_stack = _OWN_DOMAINS.get(region.partition("-")[0], ("amazonaws.com", "api.aws"))
    domain = dual_stack if read.boolean("AWS_USE_DUALSTACK_ENDPOINT") else usual
    return endpoint(read, "DYNAMODB") or f"https://dynamodb{fips}.{region}.{domain}"


def endpoint(read: Variables, service: str) -> str | None:
    """The endpoint of one AWS service, named as the AWS SDKs name it.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    for name in (f"AWS_ENDPOINT_URL_{service}", "AWS_ENDPOINT_URL"):
        if read.text(name, ""):
            return read.url(name, schemes=("https", "http")).rstrip("/")
    return None
