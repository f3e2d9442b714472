"""Manifests of trusted documents."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from documents.trusted_documents import ManifestError, TrustedDocuments, manifest

TEXT = "query Me {\n  me {\n    handle\n  }\n}"
ID = sha256(TEXT.encode()).hexdigest()


def written(folder: Path, content: object) -> Path:
    path = folder / "manifest.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("content", [manifest([TEXT]), {ID: TEXT}], ids=["ours", "plain"])
def test_both_forms_are_read(tmp_path: Path, content: object) -> None:
    documents = TrustedDocuments.read(written(tmp_path, content))
    assert len(documents) == 1
    assert documents.find(ID) == TEXT
    assert documents.find(ID[:-1] + "x") is None


def test_the_manifest_names_what_it_holds() -> None:
    (operation,) = manifest([TEXT])["operations"]
    assert operation == {"id": ID, "name": "Me", "type": "query", "body": TEXT}


@pytest.mark.parametrize(
    "content",
    [[], "x", {"operations": {}}, {"operations": [1]}, {"operations": [{"id": ID}]}, {ID: 7}],
    ids=str,
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(ManifestError, match="bin/trust"):
        TrustedDocuments.read(written(tmp_path, content))


def test_an_id_that_is_not_the_hash_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="is not the SHA-256"):
        TrustedDocuments.read(written(tmp_path, {ID: TEXT + " "}))


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    with pytest.raises(ManifestError, match=r"manifest\.json"):
        TrustedDocuments.read(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"manifest\.json"):
        TrustedDocuments.read(path)
