"""Files of questions: new, the same, revised, retired; a dry run records nothing."""

from __future__ import annotations

from typing import Any

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.question_bank import QuestionBank
from tests.acting import SCHOOL
from tests.api.imports.conftest import Bring
from tests.api.imports.given import recorded, sheet

SECOND = {"题号": "2", "题目": "（示例）第二题"}
COURSE = "（示例）亲子沟通"


def outcomes(bring: Bring, *changes: dict[str, str], dry_run: bool = False) -> list[Any]:
    report = bring(Kind.QUESTIONS, sheet(Kind.QUESTIONS, *changes), dry_run=dry_run).report
    return [row.code or row.outcome for row in report.rows]


def bank(runtime: Runtime) -> QuestionBank:
    found = runtime.book.question_banks.find(SCHOOL, COURSE)
    assert found is not None
    return found


def test_the_same_file_again_changes_nothing(bring: Bring, runtime: Runtime) -> None:
    assert outcomes(bring, {}, SECOND) == ["new", "new"]
    before = recorded(runtime)
    assert outcomes(bring, {}, SECOND) == ["same", "same"]
    assert recorded(runtime) == before
    assert len(bank(runtime).questions) == 2


def test_a_number_with_other_words_is_revised_and_may_be_retired(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {}, SECOND)
    assert outcomes(bring, {"解析": "新解析"}, {**SECOND, "是否停用": "是"}) == ["changed"] * 2
    assert [each.explanation for each in bank(runtime).questions.values()] == ["新解析"]
    assert outcomes(bring, {**SECOND, "是否停用": "是"}) == ["same"]


def test_a_dry_run_records_nothing_and_every_course_has_its_bank(
    bring: Bring, runtime: Runtime
) -> None:
    before = recorded(runtime)
    assert outcomes(bring, {}, {"课程": "（示例）另一门"}, dry_run=True) == ["new", "new"]
    assert recorded(runtime) == before
    outcomes(bring, {}, {"课程": "（示例）另一门"})
    assert runtime.book.question_banks.find(SCHOOL, "（示例）另一门") is not None


def test_wrong_rows_come_back_and_the_others_are_taken(bring: Bring, runtime: Runtime) -> None:
    content = sheet(Kind.QUESTIONS, {}, {**SECOND, "正确答案": "F"})
    imported = bring(Kind.QUESTIONS, content)
    assert [each.code for each in imported.report.rejections] == ["answer_names_no_choice"]
    assert imported.failed is not None
    assert len(bank(runtime).questions) == 1


def test_a_number_that_the_bank_never_had_is_not_put_out_without_a_word(bring: Bring) -> None:
    """A slip for another number: the wrong question would go on being asked."""
    outcomes(bring, {})
    assert outcomes(bring, {"题号": "11", "是否停用": "是"}) == ["question_unknown"]
