"""Keys from files: of one issuer, each in its time, and nothing that is only like them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from certificates import did
from certificates.encodings import Document
from certificates.keys import FileKeyStore
from certificates.offline import KeysUnreadable, Saved, TwoIssuers
from certificates.public_keys import page_list

from .conftest import BASE_URL, NOW

OTHER_URL = "https://other.example"


def did_file(store: FileKeyStore, base_url: str = BASE_URL) -> bytes:
    return json.dumps(did.document(store.public_keys(), base_url)).encode()


@pytest.fixture
def other(tmp_path: Path) -> FileKeyStore:
    store = FileKeyStore(tmp_path / "keys.json", bytes(32))
    store.create("k2026x", NOW, NOW + timedelta(days=9))
    return store


def test_both_files_of_one_issuer_go_together(store: FileKeyStore) -> None:
    files = [page_list(store.public_keys(), BASE_URL), did_file(store)]
    for given in (files, files[::-1]):
        saved = Saved.read(given)
        assert saved.did == did.did_of(BASE_URL)
        assert [key.signs_from for key in saved.keys] == [
            key.signs_from for key in store.public_keys()
        ]


def test_keys_of_one_never_speak_for_another(store: FileKeyStore, other: FileKeyStore) -> None:
    ours = page_list(store.public_keys(), BASE_URL)
    for theirs in (
        did_file(other, OTHER_URL),
        page_list(other.public_keys(), OTHER_URL),
        did_file(store, OTHER_URL),
    ):
        with pytest.raises(TwoIssuers):
            Saved.read([ours, theirs])


@pytest.mark.parametrize(
    "change",
    [
        {"controller": "did:web:other.example"},
        {"publicKeyMultibase": 5},
        {"type": "Other"},
        {"publicKeyMultibase": "z1"},
    ],
)
def test_a_did_document_that_is_none_is_refused(store: FileKeyStore, change: Document) -> None:
    document = json.loads(did_file(store))
    document["verificationMethod"] = [
        {**method, **change} for method in document["verificationMethod"]
    ]
    with pytest.raises(KeysUnreadable):
        Saved.read([json.dumps(document).encode()])
