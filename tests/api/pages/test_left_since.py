"""Who has left since is reached for what was before, on pages and as JSON; for nothing after it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.enrolment import Leaving
from ledger.transfers import Pupil
from tests.acting import ENDS, SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool

BEFORE, AFTER = date(2026, 9, 1), date(2026, 10, 1)  # session and exam are on 18 September
LATER = ENDS + timedelta(days=15)
EXAM = {"title": "家庭教育知识考核", "held_on": "2026-09-18"}
CLASS = {"grade": "三年级", "group": "2班"}


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.clock.move_to(LATER)
    return desk


@pytest.fixture
def exam(desk: Desk) -> str:
    answer = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/exams", json=EXAM)
    exam_id: str = answer.json()["exam_id"]
    return exam_id


def gone(desk: Desk, on: date) -> UUID:
    """The third father, who was not checked in: his child leaves the school."""
    book, father = desk.runtime.book, desk.pilot.learners[2]
    [child] = book.learners.get(father).guardianships
    book.transfers.leave(Pupil(child, SCHOOL, 2026, [father]), on, Leaving.LEFT, envelope(LATER))
    desk.catch_up(book.ledger.position())
    return father


@pytest.mark.parametrize(("on", "status"), [(AFTER, 200), (BEFORE, 404)])
def test_an_attendance_is_put_right(desk: Desk, on: date, status: int) -> None:
    address = f"{desk.session}/attendances/{gone(desk, on)}/correction"
    assert desk.browser("coordinator").get(address).status_code == status


@pytest.mark.parametrize(("on", "refused"), [(AFTER, []), (BEFORE, ["learner_unknown"])])
def test_a_result_is_typed(desk: Desk, exam: str, on: date, refused: list[str]) -> None:
    body = {"results": [{"learner_id": str(gone(desk, on)), "score": 86}]}
    answer = desk.browser("class_teacher").post(f"/api/v1/exams/{exam}/results", json=body)
    assert [each["code"] for each in answer.json()["refused"]] == refused


@pytest.mark.parametrize(("on", "status"), [(AFTER, 303), (BEFORE, 409)])
def test_a_result_is_typed_on_the_page(desk: Desk, exam: str, on: date, status: int) -> None:
    father, teacher = gone(desk, on), desk.browser("class_teacher")
    address = f"/staff/exams/of/{exam}"
    is_listed = str(father) in teacher.get(address, params=CLASS).text
    form = {**CLASS, "learner": [str(father)], "score": ["86"]}
    answer = teacher.post(f"{address}/results", data=form)
    assert (is_listed, answer.status_code) == (on == AFTER, status)


@pytest.mark.parametrize(
    ("on", "told"), [(AFTER, ["exam_not_open", None]), (BEFORE, ["learner_unknown"] * 2)]
)
def test_what_was_judged_is_recorded(
    desk: Desk, exam: str, on: date, told: list[str | None]
) -> None:
    """The exam takes no study notes: of somebody who is known that is said, and nothing else."""
    father, teacher = gone(desk, on), desk.browser("class_teacher")
    codes: list[str | None] = []
    for way, facts in (("study-notes", {}), ("oral-results", {"reason": "elderly"})):
        body = {"learner_id": str(father), "passed": True, **facts}
        codes.append(teacher.post(f"/api/v1/exams/{exam}/{way}", json=body).json().get("code"))
    assert codes == told
