"""Whether all servers say the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from commands.command import CommandError

# What a send makes anew each time.
_NEW = ("uuid", "createdAt", "lastMessageAt")


def check_equal(operation: str, answers: Mapping[str, Sequence[str]]) -> None:
    """Compare what each connection got last, server by server; raises CommandError."""
    names = list(answers)
    for number, texts in enumerate(zip(*answers.values(), strict=True)):
        data = [_compared(operation, json.loads(text)["data"]) for text in texts if text]
        for name, each in zip(names, data, strict=True):
            if each != data[0]:
                raise CommandError(
                    f"{operation}, connection {number}: {name} answers {each}, {names[0]} {data[0]}"
                )


def _compared(operation: str, data: dict[str, Any]) -> dict[str, Any]:
    if operation == "sendMessage":
        sent = data["sendMessage"]
        for part in (sent["message"], sent["conversation"]):
            part.update({name: bool(part[name]) for name in _NEW if name in part})
    elif not data[operation]["edges"]:
        raise CommandError(f"{operation}: an empty page is no measure of anything")
    return data
