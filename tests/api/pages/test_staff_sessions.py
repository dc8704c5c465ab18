"""The pages of a session: every step, every refusal, and who was there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.attendance import Attendance
from domain.envelope import Channel, Role
from tests.acting import ENDS, STARTS, envelope
from tests.api.desk import Desk


def names(page: str) -> list[str]:
    return re.findall(r"（示例）陈建\d", page)


def test_a_host_opens_the_session_in_one_step_from_the_start_page(desk: Desk) -> None:
    desk.at_the_door()
    host = desk.browser("host")

    assert f'action="{desk.session}/open"' in host.get("/staff").text
    answer = host.post(f"{desk.session}/open")

    assert (answer.status_code, answer.headers["location"]) == (303, desk.session)
    assert "展示二维码" in host.get("/staff").text


def test_before_the_door_opens_the_start_page_offers_no_opening(desk: Desk) -> None:
    page = desk.browser("host").get(desk.session).text

    assert f"{desk.session}/open" not in page


def test_opening_too_early_is_told_on_the_page(desk: Desk) -> None:
    answer = desk.browser("host").post(f"{desk.session}/open")

    assert answer.status_code == 409
    assert "读懂孩子的情绪" in answer.text
    assert 'role="alert"' in answer.text


def test_one_tap_checks_in_and_the_next_one_checks_out(desk: Desk) -> None:
    desk.open()
    learner = desk.pilot.learners[0]
    desk.tap(learner)
    [line] = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert (line.channel, line.recorded_role) == (Channel.STAFF_ENTRY, Role.HOST)

    page = desk.browser("host").get(f"{desk.session}/list").text
    assert f"{desk.session}/check-out" in page
    desk.tap(learner, "check-out")

    [line] = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert line.check_out_channel == Channel.STAFF_ENTRY


def test_a_double_tap_is_one_check_in(desk: Desk) -> None:
    desk.open()
    host, learner = desk.browser("host"), desk.pilot.learners[0]
    form = {"learner_id": str(learner), "scan_id": str(uuid4())}

    answers = [host.post(f"{desk.session}/check-in", data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(desk.runtime.book.sessions.attendance_ids(desk.pilot.session_id)) == 1


def test_a_second_check_in_of_somebody_else_says_since_when(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    form = {"learner_id": str(desk.pilot.learners[0]), "scan_id": str(uuid4())}

    answer = desk.browser("coordinator").post(f"{desk.session}/check-in", data=form)

    assert answer.status_code == 409
    assert "18:50" in answer.text


def test_a_learner_who_is_not_enrolled_is_refused_on_the_list(desk: Desk) -> None:
    desk.open()
    form = {"learner_id": str(uuid4()), "scan_id": str(uuid4())}

    answer = desk.browser("host").post(f"{desk.session}/check-in", data=form)

    assert answer.status_code == 404
    assert names(answer.text)


def test_nobody_records_their_own_attendance(desk: Desk) -> None:
    desk.open()
    own = desk.pilot.learners[0]
    host = desk.browser("host", learner_id=own)
    form = {"learner_id": str(own), "scan_id": str(uuid4())}

    assert "本人由同事登记" in host.get(f"{desk.session}/list").text
    assert host.post(f"{desk.session}/check-in", data=form).status_code == 403
    desk.tap(own, by="coordinator")


def test_nobody_confirms_their_own_stay(desk: Desk) -> None:
    desk.open()
    own = desk.pilot.learners[0]
    desk.tap(own, by="coordinator")
    desk.close()
    host = desk.browser("host", learner_id=own)
    form = {"learner_id": str(own), "scan_id": str(uuid4())}

    assert host.post(f"{desk.session}/stays", data=form).status_code == 403
    assert host.post(f"{desk.session}/check-out", data=form).status_code == 403


def test_every_look_at_the_names_is_logged(desk: Desk) -> None:
    desk.open()
    host = desk.browser("host")
    before = desk.readings("session_class_list")

    assert len(names(host.get(f"{desk.session}/list").text)) >= 3

    assert desk.readings("session_class_list") == before + 1


def test_a_class_teacher_sees_the_list_and_cannot_tap(desk: Desk) -> None:
    desk.open()

    page = desk.browser("class_teacher").get(f"{desk.session}/list").text

    assert names(page)
    assert "check-in" not in page


def test_the_list_of_a_class_that_is_not_there_is_the_first_one(desk: Desk) -> None:
    page = desk.browser("host").get(f"{desk.session}/list?grade=六年级&group=9班").text

    assert names(page)


def test_a_small_difference_needs_no_reason(desk: Desk) -> None:
    desk.open()

    answer = desk.browser("host").post(f"{desk.session}/head-count", data={"present": "3"})

    assert answer.status_code == 303


@pytest.mark.parametrize(("present", "words"), [("4", "多 4 人"), ("9", "多 9 人")])
def test_a_large_difference_is_named_until_it_is_explained(
    desk: Desk, present: str, words: str
) -> None:
    desk.open()
    host = desk.browser("host")

    refused = host.post(f"{desk.session}/head-count", data={"present": present})
    unlisted = host.post(
        f"{desk.session}/head-count", data={"present": present, "explanation": "because"}
    )
    explained = host.post(
        f"{desk.session}/head-count",
        data={"present": present, "explanation": "present_not_checked_in"},
    )

    assert (refused.status_code, unlisted.status_code, explained.status_code) == (409, 409, 303)
    assert words in refused.text
    session = desk.runtime.models.sessions.session(desk.pilot.session_id)
    assert session is not None
    assert session.head_count_explanation == "present_not_checked_in"


def test_two_persons_attest_and_the_start_page_leads_each_of_them_there(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    desk.close()
    host, coordinator = desk.browser("host"), desk.browser("coordinator")
    assert "清点人数" in host.get("/staff").text
    host.post(f"{desk.session}/head-count", data={"present": "1"})

    assert f'href="{desk.session}#attest"' in host.get("/staff").text
    assert host.post(f"{desk.session}/attest-as-host").status_code == 303
    assert f'href="{desk.session}#attest"' in coordinator.get("/staff").text
    assert coordinator.post(f"{desk.session}/attest-as-coordinator").status_code == 303

    assert "已确认" in host.get(desk.session).text


def test_the_same_person_does_not_attest_twice(desk: Desk) -> None:
    desk.open()
    desk.close()
    both = desk.browser("host")
    position = desk.runtime.book.registry.authorise(
        desk.people["host"], Role.COORDINATOR, "4401040001",
        STARTS.date(), ENDS.date(), envelope(),
    )  # fmt: skip
    desk.runtime.settle(position)
    both.post(f"{desk.session}/head-count", data={"present": "0"})
    both.post(f"{desk.session}/attest-as-host")

    assert both.post(f"{desk.session}/attest-as-coordinator").status_code == 403


def test_nobody_attests_a_session_they_attended(desk: Desk) -> None:
    desk.open()
    own = desk.pilot.learners[0]
    desk.tap(own, by="coordinator")
    desk.close()
    host = desk.browser("host", learner_id=own)
    host.post(f"{desk.session}/head-count", data={"present": "1"})

    assert host.post(f"{desk.session}/attest-as-host").status_code == 403


def test_nobody_attests_before_heads_were_counted(desk: Desk) -> None:
    desk.open()
    desk.close()

    answer = desk.browser("host").post(f"{desk.session}/attest-as-host")

    assert answer.status_code == 409
    assert "先清点人数" in answer.text


def test_the_register_has_the_head_the_columns_and_the_foot_of_the_form(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])

    page = desk.browser("host").get(f"{desk.session}/register").text

    wanted = (
        "示例小学家长学校签到表 活动主题 主讲人 时间 地点 课时 年级/班级 应到 实到"
        " 序号 班级 学生姓名 家长姓名 与学生关系 签到时间 家长签名 签退 备注"
        " 考勤员（签名） 负责人（签名） 日期"
    )
    assert [word for word in wanted.split() if word not in page] == []
    assert not re.search(r"\b100\d{8}\b", page)
    assert page.count('<tr class="blank">') == 24


def test_a_missing_check_out_is_confirmed_within_the_days_of_the_rulebook(desk: Desk) -> None:
    desk.open()
    first, second = desk.pilot.learners[:2]
    desk.tap(first)
    desk.tap(second)
    desk.close()
    host = desk.browser("host")
    assert "待补签退 2 人" in host.get(f"{desk.session}/register").text

    form = {"learner_id": str(first), "scan_id": str(uuid4())}
    assert host.post(f"{desk.session}/stays", data=form).status_code == 303

    assert "待补签退 1 人" in host.get(f"{desk.session}/register").text
    desk.clock.move(timedelta(days=7))
    assert "待补签退" not in desk.browser("host").get(f"{desk.session}/register").text


def test_an_auditor_reads_masked_names_in_the_register(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])

    page = desk.browser("auditor").get(f"{desk.session}/register").text

    assert names(page) == []
    assert desk.readings("attendance_register") == 1


def test_the_counts_follow_the_room(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])

    counts = desk.browser("district_officer").get(f"{desk.session}/counts").json()

    assert counts == {"checked_in": 1, "checked_out": 0, "standing": "opened"}


@pytest.mark.parametrize(("asker", "status"), [("city_administrator", 404), ("host", 403)])
def test_an_unknown_session_looks_foreign_but_to_those_who_see_everything(
    desk: Desk, asker: str, status: int
) -> None:
    assert desk.browser(asker).get(f"/staff/sessions/{uuid4()}").status_code == status


def test_after_the_award_the_register_shows_what_each_stay_counts(desk: Desk) -> None:
    desk.attested()

    page = desk.browser("coordinator").get(f"{desk.session}/register").text

    assert "全额 · 80分钟" in page
    assert "待补签退" in page
    first = desk.pilot.learners[0]
    line = desk.runtime.models.attendances.line(
        Attendance.create_id(desk.pilot.session_id, UUID(str(first)))
    )
    assert line is not None
    assert line.result == "full"
