"""Whether all servers say the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from commands.command import CommandError

# What a send makes anew each time.
_NEW = ("uuid", "createdAt", "lastMessageAt")


def check_equal(operation: str, answers: Mapping[str, Sequence[str]]) -> None:
    """Compare what each connection got last, server by server; raises CommandError.

    On a busy machine a connection may have got nothing yet: "".
    """
    for number, texts in enumerate(zip(*answers.values(), strict=True)):
        said = [
            (name, _compared(operation, json.loads(text)["data"]))
            for name, text in zip(answers, texts, strict=True)
            if text
        ]
        for name, data in said[1:]:
            first, expected = said[0]
            if data != expected:
                raise CommandError(
                    f"{operation}, connection {number}: {name} answers {data}, {first} {expected}"
                )


def _compared(operation: str, data: dict[str, Any]) -> dict[str, Any]:
    if operation == "sendMessage":
        sent = data["sendMessage"]
        for part in (sent["message"], sent["conversation"]):
            part.update({name: bool(part[name]) for name in _NEW if name in part})
    elif not data[operation]["edges"]:
        raise CommandError(f"{operation}: an empty page is no measure of anything")
    return data
