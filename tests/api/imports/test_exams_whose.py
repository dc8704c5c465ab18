"""Sheets of results against the lists of the exam's day: strangers, who left, merged records."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.enrolment import Leaving
from domain.exam import Exam
from domain.learner import Learner
from ledger.transfers import Pupil
from tests.acting import SCHOOL, Pilot, envelope
from tests.api.imports.conftest import IN_SEPTEMBER, Bring
from tests.api.imports.given import sheet
from tests.ledger.merging import merge_of, signed_by_two

MOTHER = {"家长姓名": "（示例）李秀英", "与学生关系": "母亲", "手机号码": "10000000002"}


def outcomes(bring: Bring, *changes: dict[str, str], **order: bool) -> list[Any]:
    report = bring(Kind.EXAM, sheet(Kind.EXAM, *changes), **order).report
    return [row.code or row.outcome for row in report.rows]


def everything(runtime: Runtime, kind: type[Any]) -> list[Any]:
    found = runtime.book.ledger.store.select_notifications(1, 10_000)
    loaded = runtime.book.ledger.load({each.originator_id for each in found}).values()
    return [each for each in loaded if isinstance(each, kind)]


def test_a_sheet_of_strangers_announces_no_exam(bring: Bring, runtime: Runtime) -> None:
    """A slip in the name of an exam, or a sheet of another school, would else stay for ever."""
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    assert outcomes(bring, {"家长姓名": "（示例）赵无名"}) == ["learner_not_found"]
    assert everything(runtime, Exam) == []


@pytest.mark.parametrize(("held_on", "code"), [("2026-09-04", "new"), ("2026-09-08", None)])
def test_who_had_left_by_the_day_of_the_exam_did_not_sit_it(
    bring: Bring, runtime: Runtime, held_on: str, code: str | None
) -> None:
    """As the page and the JSON interface have it: the lists of that day decide."""
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    [learner] = everything(runtime, Learner)
    [child_id] = learner.guardianships
    pupil = Pupil(child_id, SCHOOL, 2026, [learner.id])
    by = envelope(IN_SEPTEMBER)
    runtime.book.transfers.leave(pupil, date(2026, 9, 5), Leaving.LEFT, by)

    row = {"考核日期": held_on}
    assert outcomes(bring, row) == [code or "learner_not_listed"]
    assert len(everything(runtime, Exam)) == (1 if code else 0)


def test_a_merged_record_has_the_attempts_of_its_person(bring: Bring, runtime: Runtime) -> None:
    again = {"学生姓名": "（示例）陈小亮", "校内学号": "20230999", "年级": "四年级", "班级": "1班"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, {**again, "手机号码": "10000000009"}))
    of_another_child = {"学生姓名": "（示例）陈小亮", "班级": "四年级1班"}
    survivor, merged = learners(runtime)
    signed_by_two(Pilot(runtime.book), merge_of(survivor, merged))

    assert outcomes(bring, {}) == ["new"]
    assert outcomes(bring, of_another_child) == ["same"]


def learners(runtime: Runtime) -> list[UUID]:
    return [each.id for each in everything(runtime, Learner)]


def test_a_day_without_rules_costs_its_own_row(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, MOTHER))

    report = bring(Kind.EXAM, sheet(Kind.EXAM, {"考核日期": "2006-12-18"}, MOTHER)).report

    assert [row.code or row.outcome for row in report.rows] == ["date_without_rules", "new"]
    assert [(each.row, each.column) for each in report.rejections] == [(2, "考核日期")]


@pytest.mark.parametrize("checking", [False, True])
def test_nobody_has_sat_an_exam_that_is_to_come(bring: Bring, checking: bool) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    assert outcomes(bring, {"考核日期": "2026-09-11"}, checking=checking) == ["exam_to_come"]
