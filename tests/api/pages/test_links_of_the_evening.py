"""What parents earn who came in while their link waited, when it is confirmed at last."""

from __future__ import annotations

from uuid import UUID, uuid4

from api.housekeeping import AWARD_RUN_TAKES, Housekeeping
from domain.envelope import Role
from domain.identity import attendance_id
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, SET_UP, entry, envelope
from tests.api.desk import Desk
from tests.api.pages.test_staff_links import LIST, ask
from tests.api.v1.test_closings import DISTRICT_MAY, TERM
from tests.ledger_evening import attend


def child_of(desk: Desk, adult: UUID) -> UUID:
    [child] = desk.runtime.book.learners.get(adult).guardianships
    return child


def confirm(desk: Desk, link_id: UUID, **form: str) -> None:
    answer = desk.browser("coordinator").post(f"{LIST}/{link_id}/confirmation", data=form)
    assert answer.status_code == 303, answer.text


def in_grade_one(desk: Desk) -> UUID:
    row = entry(9, grade="一年级", class_group="1班")
    [result] = desk.runtime.book.rosters.take(
        Roster(SCHOOL, 2026), [row], envelope(SET_UP), dry_run=False
    )
    assert result.id is not None
    desk.catch_up(desk.runtime.book.ledger.position())
    return result.id


def waits(desk: Desk, learner_id: UUID) -> bool:
    key = attendance_id(desk.pilot.session_id, learner_id)
    line = desk.runtime.models.attendances.line(key)
    assert line is not None
    return line.link_id is not None


def test_a_second_child_s_evening_counts_after_the_records_were_merged(desk: Desk) -> None:
    adult = in_grade_one(desk)
    asker, first = ask(desk, 9)
    _, second = ask(desk, 2, learner_id=asker)
    confirm(desk, first, who=f"{child_of(desk, adult)}:{adult}")
    assert desk.runtime.book.learners.survivor_of(asker) == adult
    desk.open()
    attend(desk.pilot, adult)
    desk.catch_up(desk.runtime.book.ledger.position())
    assert waits(desk, adult)

    who = str(child_of(desk, desk.pilot.learners[0]))
    confirm(desk, second, who=who, name="（示例）陈建国", relation="97")

    assert not waits(desk, adult)


def test_who_came_while_the_link_waited_keeps_the_term_open(desk: Desk) -> None:
    learner_id, link_id = ask(desk, 2)
    desk.open()
    attend(desk.pilot, learner_id)
    sessions, session_id = desk.runtime.book.sessions, desk.pilot.session_id
    sessions.close(session_id, envelope(ENDS, Role.HOST))
    sessions.count_heads(session_id, 1, None, envelope(ENDS, Role.HOST))
    for role in (Role.HOST, Role.COORDINATOR):
        sessions.attest(session_id, role, envelope(ENDS, role))
    desk.runtime.book.awards.run(session_id, ENDS, uuid4())
    desk.clock.move_to(DISTRICT_MAY)
    desk.catch_up(desk.runtime.book.ledger.position())
    coordinator = desk.browser("coordinator")
    answer = coordinator.post(f"{TERM}/closing")
    assert answer.json()["obstacles"] == {"link_waiting": 1}
    page = coordinator.get(f"/staff/schools/{SCHOOL}/compliance?term=2026-1").text
    assert "到场家长待确认" in page
    assert f'href="{LIST}"' in page

    assert desk.browser("district_officer").post(f"{TERM}/forced-closing").status_code == 201
    correction = f"/staff/sessions/{session_id}/attendances/{learner_id}/correction"
    assert correction not in coordinator.get(LIST).text
    adult = desk.pilot.learners[0]
    confirm(desk, link_id, who=f"{child_of(desk, adult)}:{adult}")
    desk.clock.move(2 * AWARD_RUN_TAKES)
    Housekeeping(desk.runtime).once(desk.clock.at)
    desk.catch_up(desk.runtime.book.ledger.position())
    assert waits(desk, learner_id)
    assert correction in coordinator.get(LIST).text
    assert coordinator.get(correction).status_code == 200
