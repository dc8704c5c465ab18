"""Somebody who came in under a record that was merged since: every page of the evening says so."""

from __future__ import annotations

from datetime import timedelta

from tests.acting import STARTS
from tests.api.desk import Desk
from tests.api.v1.test_cases import about
from tests.case_acting import correction
from tests.ledger.merging import merge_of, signed_by_two

STATE = "list/state?grade=三年级&group=2班"


def become_one(desk: Desk, survivor: int = 1) -> None:
    """The first learner's record gives way to another one's."""
    learners = desk.pilot.learners
    signed_by_two(desk.pilot, merge_of(learners[survivor], learners[0]))
    desk.catch_up(desk.runtime.book.ledger.position())


def came_in(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    become_one(desk)


def test_the_class_list_shows_them_in_and_lets_them_out(desk: Desk) -> None:
    came_in(desk)
    _, survivor, absent = desk.pilot.learners
    host = desk.browser("host")
    before = host.get(f"{desk.session}/{STATE}").json()

    page = host.get(f"{desk.session}/list").text
    assert [page.count(words) for words in ("已签到 18:50", "/check-out", "已签退")] == [1, 2, 0]
    assert f'id="l-{absent}"' in page
    desk.tap(survivor, "check-out")

    assert "已签退 18:50" in host.get(f"{desk.session}/list").text
    assert host.get(f"{desk.session}/{STATE}").json() != before
    assert len(desk.runtime.book.sessions.attendance_ids(desk.pilot.session_id)) == 1


def test_the_scanner_s_list_and_its_answer_know_them(desk: Desk) -> None:
    came_in(desk)
    merged, survivor, absent = (str(each) for each in desk.pilot.learners)
    host = desk.browser("host")

    people = host.get(f"{desk.session}/scan/list").json()["people"]

    since = {each["id"]: each["in"] for each in people}
    assert since == {survivor: (STARTS - timedelta(minutes=10)).isoformat(), absent: None}
    assert merged not in since
    assert "已签到 18:50" in host.get(f"{desk.session}/scan?told={survivor}").text


def test_who_came_under_both_records_is_shown_as_their_own_says(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    desk.clock.move_seconds(300)
    desk.tap(desk.pilot.learners[1])
    become_one(desk)

    page = desk.browser("host").get(f"{desk.session}/list").text

    assert "已签到 18:55" in page
    assert "已签到 18:50" not in page


def test_a_correction_begins_with_when_they_came(desk: Desk) -> None:
    desk.open()
    desk.clock.move_seconds(300)
    desk.tap(desk.pilot.learners[0])
    become_one(desk)
    desk.close()

    form = f"{desk.session}/attendances/{desk.pilot.learners[1]}/correction"

    assert 'value="18:55"' in desk.browser("coordinator").get(form).text


def test_a_case_is_offered_the_corrections_of_every_record(desk: Desk) -> None:
    desk.attested()
    become_one(desk, survivor=2)
    parent = desk.browser("parent", desk.pilot.learners[2])
    dispute = about(desk, reason="there_longer")
    case_id = parent.post("/api/v1/me/disputes", json=dispute).json()["case_id"]

    of_theirs, of_another = correction(desk.pilot, 0), correction(desk.pilot, 1)
    desk.catch_up(desk.runtime.book.ledger.position())

    page = desk.browser("coordinator").get(f"/staff/cases/of/{case_id}").text
    assert str(of_theirs) in page
    assert str(of_another) not in page
