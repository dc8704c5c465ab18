"""A parent who asked for a link gets an answer, though the child has graduated or moved since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from api.closing import TOTALLED_ON
from domain.enrolment import Leaving
from ledger.transfers import Pupil
from projections.read_models import ReadModels
from projections.term_obstacles import OBSTACLES
from tests.acting import SCHOOL, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pages.test_staff_links import LIST, ask, ticks
from tests.api.v1.test_transfers import IN_MARCH, announced, claim, confirm

JULY = date(2027, 7, 10)
AFTER = datetime(2027, 7, 12, 2, 0, tzinfo=UTC)


def child_of(desk: Desk, number: int) -> UUID:
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[number]).guardianships
    return child


def test_the_last_school_answers_for_a_child_that_graduated(desk: Desk) -> None:
    known, _ = ask(desk, 2)
    new, _ = ask(desk, 2, phone="10077777777", name="（示例）李梅", relation_code="62")
    child = child_of(desk, 0)
    desk.clock.move_to(AFTER)
    pupil = Pupil(child, SCHOOL, 2026, [desk.pilot.learners[0]])
    book = desk.runtime.book
    desk.catch_up(book.transfers.leave(pupil, JULY, Leaving.GRADUATED, envelope(AFTER)))

    teacher = desk.browser("class_teacher")
    boxes, _ = ticks(teacher.get(LIST).text)
    assert teacher.post(LIST, data={"tick": boxes}).status_code == 303

    assert book.learners.survivor_of(known) == desk.pilot.learners[0]
    grandmother = book.learners.get(new)
    assert grandmother.guardianships == {child: ("62", False)}
    assert grandmother.enrolments_at(SCHOOL, 2026) == ()
    assert len(grandmother.enrolments_at(SCHOOL, 2026, date(2027, 7, 9))) == 1
    assert [*grandmother.enrolments.ended.values()] == [(JULY, Leaving.GRADUATED)]


def test_the_new_school_answers_for_a_child_that_moved(desk: Desk) -> None:
    asker, _ = ask(desk, 2, phone="10077777777", name="（示例）李梅", relation_code="62")
    desk.clock.move_to(IN_MARCH)
    made = announced(desk)
    assert claim(desk, code=made["code"]).status_code == 201
    assert confirm(desk, made["transfer_id"]).status_code == 201

    assert ticks(desk.browser("class_teacher").get(LIST).text) == ([], [])
    there, page = desk.browser("class_teacher_elsewhere"), LIST.replace(SCHOOL, ELSEWHERE)
    [box], _ = ticks(there.get(page).text)
    assert there.post(page, data={"tick": box}).status_code == 303

    grandmother = desk.runtime.book.learners.get(asker)
    [place] = grandmother.enrolments_at(ELSEWHERE, 2026)
    assert grandmother.enrolments.begun == {place.key: date(2027, 3, 1)}


def test_a_closing_waits_for_every_read_model_that_its_obstacles_are_read_from(
    desk: Desk,
) -> None:
    models = [
        each for each in vars(ReadModels(desk.runtime.views)).values() if hasattr(each, "tables")
    ]
    read = {
        each.name
        for each in models
        for table in each.tables
        if any(f" {table} " in f"{query} " for query in OBSTACLES.values())
    }
    assert {"session_board", "link_board"} <= read
    assert read <= set(TOTALLED_ON)
