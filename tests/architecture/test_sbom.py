"""A bill of materials is held against the lock: nothing may be missing, older or extra."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import sbom

ROOT = Path(__file__).parents[2]
LOCK = sbom.locked((ROOT / "requirements" / "base.txt").read_text())


def bill(**changes: str | None) -> dict[str, str]:
    parts = {name: version for name, version in {**LOCK, **changes}.items() if version}
    listed = [{"name": name.title(), "version": version} for name, version in parts.items()]
    return sbom.listed(json.dumps({"components": listed}))


def test_the_lock_is_read_whole() -> None:
    assert len(LOCK) > 40
    assert LOCK["fastapi"].count(".") == 2
    assert "pytest" not in LOCK


def test_a_bill_of_what_is_locked_is_right() -> None:
    assert list(sbom.differences(bill(), LOCK)) == []


@pytest.mark.parametrize("change", [{"fastapi": None}, {"fastapi": "0.1"}, {"stranger": "1.0"}])
def test_what_differs_is_named(change: dict[str, str | None]) -> None:
    [told] = sbom.differences(bill(**change), LOCK)
    assert told.startswith(next(iter(change)))
