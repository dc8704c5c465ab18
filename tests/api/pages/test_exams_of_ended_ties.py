"""Whoever took an exam stays on its page, also when the guardianship was ended since."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.custody import CustodyReason
from domain.exam_attempt import Attempt
from ledger.exams import PaperResult
from tests.acting import ENDS, SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.api.pages.test_exam_workbooks import rows

GONE, CHILD = "（示例）陈建2", "（示例）陈小2"


@pytest.fixture
def exam(desk: Desk) -> UUID:
    """The first learner's 75 counts; then the tie turns out to have been entered in error."""
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    exam_id = book.exams.publish(SCHOOL, "期末考核", STARTS.date(), envelope())
    for act in (book.exams.enter_results, book.exams.check_results):
        assert act(exam_id, [PaperResult(learner, 75, 1)], envelope(ENDS)) == {}
    [child] = book.learners.get(learner).guardianships
    later = ENDS + timedelta(days=2)
    book.custody.propose(learner, child, CustodyReason.ENTERED_IN_ERROR, envelope(later))
    book.custody.confirm(learner, child, envelope(later))
    desk.clock.move_to(later)
    desk.catch_up(book.ledger.position())
    return exam_id


def test_who_took_part_stays_listed_with_the_ended_tie_named(desk: Desk, exam: UUID) -> None:
    page = desk.browser("coordinator").get(f"/staff/exams/of/{exam}").text
    table = page[page.index("成绩与状态") :]

    assert f"<td>{GONE}" in table
    assert f"三年级2班 · {CHILD} · " in table
    assert "监护关系已于2026-09-20终止" in table
    assert '<td class="num">75</td>' in table
    attempt = Attempt.create_id(exam, desk.pilot.learners[0], 1)
    assert f"/attempts/{attempt}/correction" in table
    assert GONE not in page[: page.index("成绩与状态")]  # no further score is asked for
    [row] = rows(desk.browser("coordinator"), f"/staff/exams/of/{exam}/results.xlsx")
    assert (row["班级"], row["学生姓名"], row["成绩"]) == ("三年级2班", CHILD, 75)
    assert row["备注"] == "监护关系已于2026-09-20终止"
    english = desk.browser("head").get(f"/staff/exams/of/{exam}?lang=en").text
    assert "guardianship ended on 2026-09-20" in english
