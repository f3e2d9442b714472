"""The documents that may run where no others may, by the SHA-256 of their text.

A manifest of them is JSON: what `bin/trust` and Apollo's tools write, `{"format":
"apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "name", "type", "body"}]}`,
or a plain object from id to document, as Relay's compiler and GraphQL Code Generator write it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, parse

_FORMAT = {"format": "apollo-persisted-query-manifest", "version": 1}


class ManifestError(ValueError):
    """The manifest is not one; the text says what is wrong with it."""


class TrustedDocuments:
    """Finds a document by its id, 64 hexadecimal digits."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._documents = documents

    @classmethod
    def read(cls, path: Path) -> TrustedDocuments:
        """Read a manifest; raises ManifestError, also where an id is not the hash of its text."""
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ManifestError(f"{path} cannot be read: {type(error).__name__}") from error
        documents = _documents(manifest)
        if documents is None:
            raise ManifestError(f"{path} is no manifest: make one with bin/trust")
        for identity, text in documents.items():
            if identity != document_id(text):
                raise ManifestError(f"{path}: {identity} is not the SHA-256 of its document")
        return cls(documents)

    def find(self, identity: str) -> str | None:
        return self._documents.get(identity)

    def __len__(self) -> int:
        return len(self._documents)


def document_id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(documents: Iterable[str]) -> dict[str, Any]:
    """Return the manifest of documents with one operation each, which has a name."""
    operations = []
    for text in documents:
        (operation,) = (
            node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)
        )
        operations.append(
            {
                "id": document_id(text),
                "name": operation.name.value if operation.name else "",
                "type": operation.operation.value,
                "body": text,
            }
        )
    return {**_FORMAT, "operations": operations}


def _documents(found: object) -> dict[str, str] | None:
    """The documents by id; None for what has neither of the two forms."""
    if not isinstance(found, dict):
        return None
    if "operations" in found:
        operations = found["operations"]
        if not isinstance(operations, list) or not all(
            isinstance(each, dict) and {"id", "body"} <= each.keys() for each in operations
        ):
            return None
        found = {each["id"]: each["body"] for each in operations}
    texts = all(isinstance(text, str) for text in found.values())
    return found if texts else None
