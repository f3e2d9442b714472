"""What to do about the errors of AWS that whoever operates this meets."""

from __future__ import annotations

_ADVICE = {
    "AccessDeniedException": "docs/operations.md lists the rights that are needed",
    "ExpiredTokenException": "renew the AWS credentials",
    "InvalidSignatureException": "check AWS_SECRET_ACCESS_KEY, and this machine's clock",
    "ResourceNotFoundException": (
        "check MESSAGES_TABLE and COGNITO_…; bin/ddb/schema-load makes the table"
    ),
    "UnrecognizedClientException": "check the AWS credentials and AWS_REGION",
}


def advised(code: str, message: str | None = None) -> str:
    """Return the code of an AWS error and its message, with what to do where that is known."""
    line = f"{code}: {message}" if message else code
    advice = _ADVICE.get(code)
    return f"{line.rstrip('.')}: {advice}" if advice else line
