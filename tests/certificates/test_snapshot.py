"""A snapshot holds what is printed, or is no snapshot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from certificates.snapshot import Snapshot


def test_a_snapshot_survives_its_own_json(
    snapshot: Callable[..., Snapshot], each_kind: dict[str, Any]
) -> None:
    printed = snapshot(**each_kind)
    assert Snapshot.model_validate_json(printed.model_dump_json()) == printed


def test_a_snapshot_is_frozen(snapshot: Callable[..., Snapshot]) -> None:
    with pytest.raises(ValidationError):
        snapshot().hours = 1  # type: ignore[misc]


def test_the_last_valid_day_lasts_until_midnight_in_guangzhou(
    snapshot: Callable[..., Snapshot],
) -> None:
    assert snapshot("star").expires_at == datetime(2028, 8, 31, 16, tzinfo=UTC)
    assert snapshot().expires_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "440104-2026-0000123-8"},
        {"number": "440104202600001237"},
        {"kind": "star_level"},
        {"kind": "stage_completion"},
        {"level": 6},
        {"holder_name": ""},
        {"hours": -1},
        {"face_to_face_hours": 1300},
        {"issued_at": datetime(2026, 7, 10)},  # noqa: DTZ001 - the point of the case
        {"lines": ({"on": "2025-09-13", "title": "示例", "class_hours": 1, "hours": 1},)},
        {"child_name": "示例"},
    ],
)
def test_what_contradicts_itself_is_no_snapshot(
    snapshot: Callable[..., Snapshot], changes: dict[str, Any]
) -> None:
    with pytest.raises((ValidationError, Exception), match=r".") as refusal:
        snapshot(**changes)
    assert type(refusal.value).__name__ in {"ValidationError", "InvalidNumber"}
