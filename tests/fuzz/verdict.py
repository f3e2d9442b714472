"""What an answer may look like, whatever was asked."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from commands.target import ROOT

_PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
_ROWS = [line.split("|")[1] for line in _PAGE.splitlines() if line.startswith("|")]
CODES = {code for row in _ROWS for code in re.findall(r"`([A-Z_]+)`", row)}
CLOSE_CODES = {int(code) for row in _ROWS for code in re.findall(r"^ (\d{4}) $", row)}
# 4500 and this one are for defects of ours.
_DEFECT = "INTERNAL_SERVER_ERROR"


def check_http(answer: httpx.Response) -> None:
    """A status below 500, JSON or events, and errors that the docs know."""
    assert answer.status_code < 500, answer.text
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if media_type == "text/event-stream":
        for line in answer.text.splitlines():
            if line.startswith("data: "):
                check_result(json.loads(line.removeprefix("data: ")))
    else:
        assert media_type in ("application/json", "application/graphql-response+json"), media_type
        check_result(answer.json())


def check_result(result: dict[str, Any]) -> None:
    """A response map (https://spec.graphql.org/draft/#sec-Response-Format)."""
    assert result.keys() <= {"data", "errors", "extensions"}
    assert result.keys() & {"data", "errors"}
    if "errors" in result:
        check_errors(result["errors"])


def check_errors(errors: list[dict[str, Any]]) -> None:
    assert errors
    for error in errors:
        assert isinstance(error["message"], str)
        assert "Traceback" not in error["message"]
        assert error["extensions"]["code"] in CODES - {_DEFECT}, error


def check_close(code: int) -> None:
    """A close code that the docs know, and that is no defect of ours; 1000 and 1001 are polite."""
    assert code in (CLOSE_CODES | {1000, 1001, 1002, 1007, 1009}) - {4500}, code
