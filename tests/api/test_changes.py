"""Which lines of an account were put right: read off the lines, one change for each decision."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.changes import Change, corrected, standing_of
from projections.account_statement import StatementLine
from projections.certificate_register import RegisteredCertificate
from tests.acting import ENDS

EVENING, WALK = uuid4(), uuid4()
FIRST, SECOND, THIRD = uuid4(), uuid4(), uuid4()


def line(day: int, kind: str, entry_id: UUID, hours: int, **more: object) -> StatementLine:
    """A line of an account, so many days after the evening; lines come in their order."""
    known = dict.fromkeys(StatementLine.__dataclass_fields__)
    at = ENDS + timedelta(days=day)
    said: dict[str, object] = {
        "position": 0, "kind": kind, "entry_id": entry_id, "hours": hours, "balance": 0,
        "session_id": EVENING, "mode": "on_site", "title": "读懂孩子的情绪",
        "occurred_at": at, "recorded_at": at,
    }  # fmt: skip
    return StatementLine(**{**known, **said, **more})  # type: ignore[arg-type]  # many types


def told(*lines: StatementLine) -> list[tuple[int | None, int | None, UUID, str | None]]:
    found: list[Change] = list(corrected(lines))
    return [(each.hours_before, each.hours_after, each.id, each.reason_code) for each in found]


def test_a_first_award_changes_nothing() -> None:
    assert told(line(0, "awarded", FIRST, 200)) == []


def test_a_line_that_was_reversed_and_awarded_again_is_one_change() -> None:
    found = told(
        line(0, "awarded", FIRST, 200),
        line(1, "reversed", FIRST, -200, reason_code="entry_error", replaced_by=SECOND),
        line(1, "awarded", SECOND, 100),
    )
    assert found == [(200, 100, SECOND, "entry_error")]


def test_a_line_that_was_taken_back_for_good_leads_to_what_it_was() -> None:
    found = told(
        line(0, "awarded", FIRST, 200),
        line(1, "reversed", FIRST, -200, reason_code="session_voided"),
    )
    assert found == [(200, 0, FIRST, "session_voided")]


def test_a_line_that_was_put_right_twice_changed_twice() -> None:
    found = told(
        line(0, "awarded", FIRST, 200),
        line(1, "reversed", FIRST, -200, reason_code="entry_error", replaced_by=SECOND),
        line(1, "awarded", SECOND, 100),
        line(2, "reversed", SECOND, -100, reason_code="rule_misapplied", replaced_by=THIRD),
        line(2, "awarded", THIRD, 100),
    )
    assert found == [(200, 100, SECOND, "entry_error"), (100, 100, THIRD, "rule_misapplied")]


def test_what_a_limit_kept_out_and_what_then_came_in_is_a_change_without_a_reason() -> None:
    found = told(
        line(0, "limited", FIRST, 0),
        line(1, "awarded", SECOND, 200),
    )
    assert found == [(0, 200, SECOND, None)]


def test_two_parts_of_one_evening_are_two_stories() -> None:
    """Who spoke and attended is credited for each; the longer session's line is its own."""
    found = told(
        line(0, "awarded", FIRST, 200),
        line(1, "awarded", SECOND, 300, mode="parent_lecturer"),
        line(2, "reversed", FIRST, -200, reason_code="duplicate", replaced_by=THIRD),
        line(2, "awarded", THIRD, 400, session_id=WALK),
    )
    assert found == [(200, 0, FIRST, "duplicate")]


def test_what_was_earned_without_a_session_is_followed_from_entry_to_entry() -> None:
    found = told(
        line(0, "awarded", FIRST, 50, session_id=None, mode="micro_class"),
        line(0, "awarded", THIRD, 50, session_id=None, mode="micro_class"),
        line(
            1, "reversed", FIRST, -50, session_id=None, mode="micro_class",
            reason_code="re_evaluated", replaced_by=SECOND,
        ),
        line(1, "awarded", SECOND, 75, session_id=None, mode="micro_class"),
    )  # fmt: skip
    assert found == [(50, 75, SECOND, "re_evaluated")]


def test_notes_that_move_nothing_are_no_change() -> None:
    found = told(
        line(0, "awarded", FIRST, 200), line(1, "held", FIRST, 0), line(2, "released", FIRST, 0)
    )
    assert found == []


@pytest.mark.parametrize(
    ("state", "review", "stands"),
    [
        ("valid", "completion_withdrawn", ("under_review", "completion_withdrawn")),
        ("valid", None, ("valid", None)),
        ("replaced", "completion_withdrawn", ("replaced", "lost")),
        ("revoked", None, ("revoked", "lost")),
    ],
)
def test_a_certificate_under_review_is_told_so_only_while_it_stands(
    state: str, review: str | None, stands: tuple[str, str | None]
) -> None:
    known: dict[str, object] = dict.fromkeys(RegisteredCertificate.__dataclass_fields__)
    reason = None if state == "valid" else "lost"
    said = {"state": state, "state_reason": reason, "review_reason": review}
    certificate = RegisteredCertificate(**{**known, **said})  # type: ignore[arg-type]  # many types
    assert standing_of(certificate) == stands
