"""infra/template.yaml as data: short forms such as `!Ref X` become `{"Ref": "X"}`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from commands.target import ROOT

PATH = ROOT / "infra" / "template.yaml"


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader: _Loader, name: str, node: yaml.Node) -> dict[str, object]:
    value: object
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        raise TypeError(f"!{name} with a mapping")
    return {name if name == "Ref" else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def read(path: Path = PATH) -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a SafeLoader
    return template


def properties(resource: str) -> dict[str, Any]:
    """The properties of one resource, by its logical name."""
    found: dict[str, Any] = read()["Resources"][resource]["Properties"]
    return found


def allowed(*documents: dict[str, Any]) -> list[tuple[str, object]]:
    """Every action that these policy documents allow, with its resource."""
    return [
        (action, statement["Resource"])
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for action in _as_list(statement["Action"])
    ]


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
