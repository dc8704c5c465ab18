"""An invented certificate, a key that signs it, and the tools that read it back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from certificates import payload, qr
from certificates.keys import FileKeyStore, FileSigner
from certificates.public_keys import PublicKey, by_kid
from certificates.snapshot import Snapshot
from certificates.status import Place

NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"
ANNUAL: dict[str, Any] = {
    "certificate_id": UUID("5f2b9c1e-7a34-5d10-8c66-0d9a4be21f37"),
    "number": "440104-2026-0000123-7",
    "kind": "annual_completion",
    "holder_name": "示例慧",
    "school_name": "示例小学",
    "district_code": "440104",
    "period": "2025学年",
    "period_begins": date(2025, 9, 1),
    "period_ends": date(2026, 7, 10),
    "hours": 1250,
    "face_to_face_hours": 800,
    "exam_result": "pass",
    "awarded_on": date(2026, 7, 10),
    "issued_at": NOW,
    "rulebook_version": "2026.1",
    "wording_version": "2026.1",
    "renderer_version": "2026.1",
    "host": "127.0.0.1:8000",
}
STAR: dict[str, Any] = {
    "kind": "star_level",
    "level": 3,
    "stage": "primary",
    "period": "",
    "hours": 3600,
    "exam_result": None,
    "valid_until": date(2028, 8, 31),
}
STATEMENT: dict[str, Any] = {
    "kind": "statement_of_hours",
    "period": "",
    "exam_result": None,
    "valid_until": date(2027, 1, 6),
    "lines": (
        {"on": date(2025, 9, 13), "title": "示例讲座：亲子沟通", "class_hours": 200, "hours": 150},
        {"on": date(2025, 10, 18), "title": "示例工作坊", "class_hours": 400, "hours": 400},
    ),
}
KINDS: dict[str, dict[str, Any]] = {
    "annual": {},
    "stage": {"kind": "stage_completion", "stage": "primary", "period": "小学学段"},
    "star": STAR,
    "statement": STATEMENT,
}


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def base_url() -> str:
    return BASE_URL


@pytest.fixture(params=KINDS)
def each_kind(request: pytest.FixtureRequest) -> dict[str, Any]:
    return KINDS[request.param]


@pytest.fixture(scope="session")
def snapshot() -> Callable[..., Snapshot]:
    """Make a snapshot of any kind, with some fields other than usual."""

    def make(form: str = "annual", /, **changes: Any) -> Snapshot:
        return Snapshot.model_validate(ANNUAL | KINDS[form] | changes)

    return make


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> FileKeyStore:
    store = FileKeyStore(tmp_path_factory.mktemp("keys") / "keys.json", bytes(range(32)))
    store.create("k2026a", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return store


@pytest.fixture(scope="session")
def signer(store: FileKeyStore) -> FileSigner:
    return store.signer(NOW)


@pytest.fixture(scope="session")
def keys(store: FileKeyStore) -> dict[bytes, PublicKey]:
    return dict(by_kid(store.public_keys()))


@pytest.fixture(scope="session")
def seal(signer: FileSigner) -> Callable[..., bytes]:
    """Sign a snapshot into the bytes behind its QR code."""

    def sign(snapshot: Snapshot, index: int = 4711, base_url: str = BASE_URL) -> bytes:
        place = Place(1, index)
        return payload.sealed(payload.claims_of(snapshot, place, bytes(16), base_url), signer)

    return sign


@pytest.fixture(scope="session")
def qr_text(seal: Callable[..., bytes]) -> Callable[..., str]:
    def make(snapshot: Snapshot, index: int = 4711, base_url: str = BASE_URL) -> str:
        return qr.link(base_url, seal(snapshot, index, base_url))

    return make


@pytest.fixture(scope="session")
def tool() -> Callable[[str, str], str]:
    """Find a program, or leave the test out; where everything is promised, fail instead."""

    def find(program: str, package: str) -> str:
        found = shutil.which(program)
        if found is None:
            reason = f"{program} is missing: apt-get install {package}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        return found

    return find


@pytest.fixture(scope="session")
def page_folder() -> Path:
    return Path(__file__).parents[2] / "certificates" / "page"
