"""Plans brought when sessions were held or moved: what was is not rewritten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.calendar import Term
from ledger.plans import Filing, Plans
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions
from tests.acting import SCHOOL, envelope, planned
from tests.api.imports.conftest import Bring
from tests.api.imports.given import sheet
from tests.api.imports.test_plans import NOVEMBER, OCTOBER, outcomes, sessions
from tests.clock import TestClock
from tests.database import TestDatabase
from tests.ledger.interrupting import interrupted

TOO_LATE = "session_not_announced_in_time"
ZHAO = {"主讲人": "（示例）赵校长"}


def speaker(runtime: Runtime) -> str:
    [session] = sessions(runtime)
    return runtime.book.vault.open([session.id])[session.id].fields["lecturer"]


def test_another_speaker_is_a_change_and_told_before_it_is_made(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {})

    assert outcomes(bring, ZHAO, dry_run=True) == ["changed"]
    assert speaker(runtime) == "（示例）王老师"
    assert outcomes(bring, ZHAO) == ["changed"]
    assert outcomes(bring, ZHAO) == ["same"]
    assert speaker(runtime) == "（示例）赵校长"


@pytest.mark.parametrize("minutes", [-20, 60 * 24 * 60])
def test_who_spoke_at_a_session_that_has_begun_is_not_rewritten(
    bring: Bring, runtime: Runtime, clock: TestClock, minutes: int
) -> None:
    outcomes(bring, {})
    [session] = sessions(runtime)
    before = session.plan.begins_at - timedelta(minutes=20)
    runtime.book.sessions.open(session.id, envelope(before))
    clock.move_to(session.plan.begins_at + timedelta(minutes=minutes))

    assert outcomes(bring, {}) == ["same"]
    assert outcomes(bring, ZHAO) == ["session_begun"]
    assert speaker(runtime) == "（示例）王老师"


def test_nothing_is_announced_for_the_past_nor_moved_there(
    bring: Bring, runtime: Runtime, clock: TestClock
) -> None:
    outcomes(bring, NOVEMBER)
    [session] = sessions(runtime)
    clock.move_to(session.plan.begins_at - timedelta(days=7))
    past, same_time = (
        {"活动主题": "（示例）补开的一课", **OCTOBER},
        {"活动主题": "（示例）亲子共读"},
    )

    assert outcomes(bring, past) == [TOO_LATE]
    assert outcomes(bring, OCTOBER) == [TOO_LATE]
    # What is not moved is still in the way.
    assert outcomes(bring, OCTOBER, {**NOVEMBER, **same_time}) == [TOO_LATE, "clash"]
    assert sessions(runtime) == [session]
    report = bring(Kind.PLAN, sheet(Kind.PLAN, past)).failed
    assert report is not None
    assert "已经开始的活动不能再排定" in report.decode()


def test_a_row_before_the_first_rules_is_wrong_by_itself_and_the_others_are_taken(
    bring: Bring, runtime: Runtime
) -> None:
    august = Term(school_year=2025, term_no=2, begins=date(2026, 3, 1), ends=date(2026, 8, 31))
    runtime.book.registry.open_term(august, envelope())
    early = {"学年": "2025", "学期": "2", "周次": "26", "计划日期": "2026-08-28"}

    report = bring(Kind.PLAN, sheet(Kind.PLAN, early, {})).report

    assert [row.outcome for row in report.rows] == ["rejected", "new"]
    assert [(r.column, r.value, r.code) for r in report.rejections] == [
        ("计划日期", "2026-08-28", "rulebook_none_in_force")
    ]


def test_a_row_that_names_another_speaker_says_so_though_the_plan_is_decided_again(
    bring: Bring, runtime: Runtime, database: TestDatabase
) -> None:
    outcomes(bring, {})
    book, added = runtime.book, planned("（示例）另一课", grades=("四年级",))

    def another() -> None:
        filing = Filing(SCHOOL, 2026, 1)
        Plans(book.ledger, book.registry, book.sessions).file(
            filing, [added], envelope(), dry_run=False, supplement=True
        )

    with interrupted(database, another) as ledger:
        rulebooks = Rulebooks(ledger)
        book.plans = Plans(ledger, Registry(ledger), Sessions(ledger, rulebooks))
        told = outcomes(bring, ZHAO, {"活动主题": "（示例）亲子共读", **NOVEMBER})

    assert told == ["changed", "new"]
