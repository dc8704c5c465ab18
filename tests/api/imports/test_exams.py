"""Sheets of results: whose they are, and who may type and check them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.exam import ExamRecord
from domain.rulebook import Rulebook
from ledger.rulebooks import default_rulebook
from tests.acting import SCHOOL, Pilot, envelope, rehearse
from tests.api.imports.conftest import Bring
from tests.api.imports.given import families, sheet
from tests.clock import TestClock
from tests.ledger.merging import merge_of, signed_by_two

SECOND = {"学生姓名": "（示例）陈小亮", "校内学号": "20230999", "年级": "四年级", "班级": "1班"}


def outcomes(
    bring: Bring, *changes: dict[str, str], checking: bool = False, dry_run: bool = False
) -> list[Any]:
    content = sheet(Kind.EXAM, *changes)
    report = bring(Kind.EXAM, content, checking=checking, dry_run=dry_run).report
    return [row.code or row.outcome for row in report.rows]


def records(runtime: Runtime) -> list[ExamRecord]:
    found = runtime.book.ledger.store.select_notifications(1, 10_000)
    loaded = runtime.book.ledger.load({each.originator_id for each in found}).values()
    return [each for each in loaded if isinstance(each, ExamRecord)]


def test_a_checked_result_counts_and_a_typed_one_does_not(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    assert outcomes(bring, {}) == ["new"]
    assert records(runtime) == []
    assert outcomes(bring, {}, checking=True) == ["new"]
    [record] = records(runtime)
    assert len(record.passed) == 1


def test_the_same_sheet_again_is_no_second_attempt(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    outcomes(bring, {})
    outcomes(bring, {}, checking=True)
    before = runtime.book.ledger.position()

    assert outcomes(bring, {}) == ["same"]
    assert outcomes(bring, {}, checking=True) == ["same"]
    assert runtime.book.ledger.position() == before


def test_another_score_at_the_check_is_for_two_people_to_look_at(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    outcomes(bring, {})

    assert outcomes(bring, {"成绩": "68"}, checking=True) == ["result_differs"]


def test_nothing_typed_is_nothing_to_check(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    assert outcomes(bring, {}, checking=True) == ["exam_not_published"]


def test_a_class_without_its_grade_is_found_where_only_one_child_fits(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    assert outcomes(bring, {"班级": "2班"}) == ["new"]


def test_namesakes_in_one_class_are_told_apart_by_their_parents(bring: Bring) -> None:
    other = {"校内学号": "20239999", "家长姓名": "（示例）陈远山", "手机号码": "10000000003"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, other))

    assert outcomes(bring, {}, {"家长姓名": "（示例）陈远山"}) == ["new", "new"]


def test_namesakes_whose_parents_share_a_name_are_doubtful(bring: Bring) -> None:
    other = {"校内学号": "20239999", "手机号码": "10000000003"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, {**other, "班级": "2班"}))

    assert outcomes(bring, {}) == ["adult_ambiguous"]


def test_two_merged_records_of_one_parent_are_no_doubt(bring: Bring, runtime: Runtime) -> None:
    other = {"校内学号": "20239999", "手机号码": "10000000003", "班级": "2班"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, other))
    runtime.projector.catch_up()
    one, two = runtime.models.roster.learners_of(SCHOOL, 2026)
    signed_by_two(Pilot(runtime.book), merge_of(one, two))

    assert outcomes(bring, {}) == ["new"]
    assert outcomes(bring, {}, checking=True) == ["new"]
    assert [record.learner_id for record in records(runtime)] == [one]


def test_a_parent_of_two_children_sat_the_exam_once(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, SECOND))
    twice = {"班级": "四年级1班", "学生姓名": "（示例）陈小亮"}

    assert outcomes(bring, {}, twice) == ["new", "new"]
    assert outcomes(bring, {}, twice) == ["same", "same"]


def test_of_two_scores_of_one_parent_neither_is_taken(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, SECOND))
    twice = {"班级": "四年级1班", "学生姓名": "（示例）陈小亮", "成绩": "40", "是否合格": "否"}

    for checking in (False, True):
        found = outcomes(bring, {}, twice, checking=checking)
        assert found == ["learner_twice", "learner_twice"]
    assert records(runtime) == []


def test_a_large_sheet_is_typed_and_checked_in_parts(bring: Bring) -> None:
    rows = families(230)
    bring(Kind.ROSTER, sheet(Kind.ROSTER, *rows))

    assert outcomes(bring, *rows, dry_run=True) == ["new"] * 230
    assert outcomes(bring, *rows) == ["new"] * 230
    assert outcomes(bring, *rows, checking=True) == ["new"] * 230


def test_a_later_sitting_on_the_same_sheet_is_another_attempt(
    bring: Bring, runtime: Runtime
) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    for sitting in ("", "第2场"):
        for checking in (False, True):
            assert outcomes(bring, {"场次": sitting}, checking=checking) == ["new"]
    [record] = records(runtime)
    assert [len(ids) for ids in record.attempts.values()] == [2]
    assert outcomes(bring, {"场次": "10"}) == ["sitting_out_of_range"]


def test_a_preview_of_a_check_says_nothing_of_the_score(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    outcomes(bring, {})

    assert outcomes(bring, {"成绩": "68"}, checking=True, dry_run=True) == ["new"]
    assert outcomes(bring, {"成绩": "68"}, checking=True) == ["result_differs"]


def test_a_sheet_is_read_by_the_marks_of_its_exam(
    bring: Bring, runtime: Runtime, clock: TestClock
) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    changed = default_rulebook().model_dump(mode="json")
    changed |= {"version": "2026.2", "effective_from": "2027-03-01"}
    changed["exam"]["pass_mark"] = 70
    book = runtime.book
    book.rulebooks.draft(Rulebook.model_validate(changed), envelope(runtime.now()))
    rehearse(book, "2026.2", "")
    book.rulebooks.publish("2026.2", envelope(runtime.now()))
    clock.move_to(datetime(2027, 3, 2, 2, tzinfo=UTC))

    of_december = {"考核日期": "2026-12-18", "成绩": "65"}
    assert outcomes(bring, {**of_december, "是否合格": "是"}) == ["new"]
    of_march = {**of_december, "考核日期": "2027-03-02", "考核名称": "（示例）三月考核"}
    assert outcomes(bring, {**of_march, "是否合格": "否"}) == ["new"]
