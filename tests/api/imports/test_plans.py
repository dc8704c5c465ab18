"""Plans brought again and again: what is the same session, what was moved, what is too much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind
from api.imports.order import Order
from api.imports.taking import take_file
from domain.session import Session
from ledger.plans import Plans
from ledger.registry import NewSchool
from tests.acting import DISTRICT, envelope
from tests.api.imports.conftest import Bring
from tests.api.imports.given import sheet
from tests.database import TestDatabase
from tests.ledger.interrupting import interrupted

OCTOBER = {"计划日期": "2026-10-16", "周次": "7"}
NOVEMBER = {"计划日期": "2026-11-13", "周次": "11"}


def outcomes(
    bring: Bring, *changes: dict[str, str], dry_run: bool = False, anew: Iterable[int] = ()
) -> list[Any]:
    report = bring(Kind.PLAN, sheet(Kind.PLAN, *changes), dry_run=dry_run, anew=anew).report
    return [row.code or row.outcome for row in report.rows]


def sessions(runtime: Runtime) -> list[Session]:
    found = runtime.book.ledger.store.select_notifications(1, 10_000)
    loaded = runtime.book.ledger.load({each.originator_id for each in found}).values()
    kept = [each for each in loaded if isinstance(each, Session)]
    return sorted(kept, key=lambda each: each.plan.begins_at)


def test_a_row_becomes_a_session_with_its_times_and_class_hours(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {})

    [session] = sessions(runtime)
    assert session.plan.begins_at.isoformat() == "2026-09-18T11:00:00+00:00"
    assert (session.plan.class_hours, session.plan.class_hour_minutes) == (200, 40)
    assert (session.plan.stage, session.plan.grades) == ("primary", ("三年级",))


def test_who_speaks_is_in_the_vault_and_in_no_event(bring: Bring, runtime: Runtime) -> None:
    outcomes(bring, {})

    [session] = sessions(runtime)
    people = runtime.book.vault.open([session.id])[session.id]
    assert people.fields["lecturer"] == "（示例）王老师"
    stored = runtime.book.ledger.store.select_notifications(1, 10_000)
    assert all("王老师".encode() not in each.state for each in stored)


def test_who_speaks_is_in_the_vault_before_the_event_that_needs_it(
    bring: Bring, runtime: Runtime, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sealed = runtime.book, list[bool]()

    def cut() -> None:
        sealed.append(any("王老师".encode() in each for each in book.vault.contents()))

    with interrupted(database, cut) as ledger:
        monkeypatch.setattr(book, "plans", Plans(ledger, book.registry, book.sessions))
        outcomes(bring, {})
    assert sealed == [True]


def test_repeats_of_one_title_are_sessions_of_their_own(bring: Bring, runtime: Runtime) -> None:
    assert outcomes(bring, {}, OCTOBER, NOVEMBER) == ["new"] * 3
    assert outcomes(bring, NOVEMBER, {}, OCTOBER) == ["same"] * 3
    assert len(sessions(runtime)) == 3


def test_a_session_whose_date_changed_in_the_plan_is_moved(bring: Bring, runtime: Runtime) -> None:
    outcomes(bring, {}, OCTOBER)

    assert outcomes(bring, {}, {**OCTOBER, "计划日期": "2026-10-23"}) == ["same", "changed"]
    assert len(sessions(runtime)) == 2


def test_failed_rows_brought_again_move_no_other_session(bring: Bring, runtime: Runtime) -> None:
    wrong = {**OCTOBER, "课时": "9"}
    first = bring(Kind.PLAN, sheet(Kind.PLAN, {}, wrong))
    assert first.failed is not None

    corrected = first.failed.replace(b",9,", b",2,")
    again = bring(Kind.PLAN, corrected)

    assert [row.outcome for row in again.report.rows] == ["new"]
    assert [s.plan.begins_at.month for s in sessions(runtime)] == [9, 10]


def test_other_times_on_the_same_day_are_the_same_session(bring: Bring, runtime: Runtime) -> None:
    outcomes(bring, {})

    assert outcomes(bring, {"开始时间": "18:30", "结束时间": "20:00"}) == ["changed"]
    assert len(sessions(runtime)) == 1


@pytest.mark.parametrize(
    ("changes", "clashes"),
    [
        ({"面向年级": "四年级"}, True),  # the same room
        ({"地点": "（示例）图书馆"}, True),  # the same parents
        ({"面向年级": "全校", "地点": "（示例）图书馆"}, True),
        ({"面向年级": "四年级", "地点": "（示例）图书馆"}, False),
        ({"面向年级": "四年级", "开始时间": "20:30", "结束时间": "22:00"}, False),
        ({"方式": "信息推送"}, False),
    ],
)
def test_two_sessions_at_once_share_neither_room_nor_parents(
    bring: Bring, changes: dict[str, str], clashes: bool
) -> None:
    other = {"活动主题": "（示例）亲子共读", **changes}

    assert outcomes(bring, {}, other) == ["new", "clash" if clashes else "new"]


def test_a_clash_with_what_is_recorded_is_doubtful_however_often_it_is_brought(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {})
    other = {"活动主题": "（示例）亲子共读"}

    assert outcomes(bring, other) == ["clash"]
    assert outcomes(bring, other, {}) == ["clash", "same"]
    assert len(sessions(runtime)) == 1


def test_a_plan_that_moves_a_week_later_as_a_whole_does_not_clash_with_itself(
    bring: Bring,
) -> None:
    weeks = ["2026-10-16", "2026-10-23", "2026-10-30", "2026-11-06"]
    titles = ["一", "二", "三"]

    def plan(days: list[str]) -> list[dict[str, str]]:
        return [
            {"活动主题": f"（示例）第{title}讲", "计划日期": day}
            for title, day in zip(titles, days, strict=False)
        ]

    assert outcomes(bring, *plan(weeks)) == ["new"] * 3
    assert outcomes(bring, *plan(weeks[1:])) == ["changed"] * 3


@pytest.mark.parametrize(
    ("grades", "code"),
    [("全校", "grades_needed"), ("六年级、初一", "grades_of_two_stages"), ("初一", None)],
)
def test_a_session_of_a_school_with_several_stages_is_for_grades_of_one(
    runtime: Runtime, bring: Bring, grades: str, code: str | None
) -> None:
    both = NewSchool("4401040003", "示例学校", ("primary", "junior"), DISTRICT)
    runtime.book.registry.register_school(both, envelope())
    order = Order(
        kind=Kind.PLAN, school_code=both.school_code, by=envelope(runtime.now()), dry_run=True
    )

    report = take_file(runtime.book, order, sheet(Kind.PLAN, {"面向年级": grades})).report

    assert [(r.column, r.value, r.code) for r in report.rejections] == (
        [("面向年级", grades, code)] if code else []
    )
