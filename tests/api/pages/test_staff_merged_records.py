"""Somebody who came in under a record that was merged since: every page of the evening says so."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from openpyxl import load_workbook

from api.access.record_codes import learner_code
from tests.acting import SCHOOL, STARTS
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


def test_who_came_under_two_records_has_one_line_of_the_register(desk: Desk) -> None:
    desk.attested()  # the first left in time, the second has no check-out
    become_one(desk)
    first, second, _ = desk.pilot.learners
    coordinator = desk.browser("coordinator")

    page = coordinator.get(f"{desk.session}/register").text

    assert "导出 Excel（1 行）" in page
    assert page.count('<tr><td class="num">') == 1
    assert f"{learner_code(first)}</span></td>" in page  # the record that counts leads
    assert f"同一人的另一份记录 {learner_code(second)}，18:50 签到" in page
    assert "<td>三年级2班</td><td>（示例）陈小2、（示例）陈小3</td>" in page
    assert "待补签退 1 人" in page
    assert f'name="learner_id" value="{second}"' in page
    file = coordinator.get(f"{desk.session}/register.xlsx").content
    [_, _, _, row] = load_workbook(BytesIO(file)).worksheets[0].values
    assert len(str(row[-1]).split()) == 2
    entries = coordinator.get(f"{desk.session_api}/register").json()["attendances"]
    assert [each["person_id"] for each in entries] == [str(second)] * 2


def test_what_is_counted_of_a_term_is_persons(desk: Desk) -> None:
    desk.open()
    for learner in desk.pilot.learners[:2]:
        desk.tap(learner)
    desk.close()
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "2"})
    desk.browser("host").post(f"{desk.session}/attest-as-host")
    desk.browser("coordinator").post(f"{desk.session}/attest-as-coordinator")
    desk.runtime.book.awards.run(desk.pilot.session_id, desk.clock.at, uuid4())
    become_one(desk)
    models = desk.runtime.models

    [kept] = models.term_archive.sessions_of(SCHOOL, 2026, 1)
    assert (kept.recorded, kept.pending) == (1, 1)
    found = models.term_obstacles.of(SCHOOL, 2026, 1)
    assert {each.code: each.found.count for each in found} == {"check_out_pending": 1}


def test_the_heads_are_compared_with_persons(desk: Desk) -> None:
    desk.open()
    for learner in desk.pilot.learners[:2]:
        desk.tap(learner)
    become_one(desk)
    desk.close()
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "1"})

    page = desk.browser("coordinator").get(desk.session).text

    assert "没有差异" in page
    assert "现在的签到记录" not in page


def test_staff_who_came_under_a_merged_record_are_not_offered_to_attest(desk: Desk) -> None:
    came_in(desk)
    desk.close()
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "1"})

    page = desk.browser("coordinator", desk.pilot.learners[1]).get(desk.session).text

    assert f'action="{desk.session}/attest-as-coordinator"' not in page
