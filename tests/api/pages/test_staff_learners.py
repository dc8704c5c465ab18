"""A learner's account and history, as of any day on two clocks; names only where they are due."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest

from projections.as_of import end_of
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool

NAME = "（示例）陈建2"


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def learner(desk: Desk) -> str:
    """The page of a learner who was credited with two hours."""
    return f"/staff/learners/{desk.pilot.learners[0]}"


def test_every_line_of_the_account_opens_to_its_facts(desk: Desk, learner: str) -> None:
    page = desk.browser("coordinator").get(learner).text

    assert "+2.00" in page
    assert "结余 2.00" in page
    assert [word for word in ("教师点名", "80分钟", "现场教学", "2026.1") if word not in page] == []
    assert f'href="{desk.session}"' in page


def test_the_name_is_masked_until_it_is_asked_for_and_the_asking_is_logged(
    desk: Desk, learner: str
) -> None:
    coordinator = desk.browser("coordinator")
    assert NAME not in coordinator.get(learner).text
    assert (desk.readings("learner_page"), desk.readings("name_shown.complaint")) == (1, 0)

    shown = coordinator.post(f"{learner}/name", data={"reason": "complaint"}).text

    assert NAME in shown
    assert desk.readings("name_shown.complaint") == 1
    assert NAME not in coordinator.get(learner).text


def test_without_a_reason_that_is_known_no_name_is_shown(desk: Desk, learner: str) -> None:
    for given in ({}, {"reason": "curiosity"}):
        answer = desk.browser("auditor").post(f"{learner}/name", data=given)
        assert answer.status_code == 400
        assert "请先选择为何要看姓名。" in answer.text
        assert NAME not in answer.text


def test_a_district_officer_reads_the_history_and_no_name_at_all(desk: Desk, learner: str) -> None:
    officer = desk.browser("district_officer")

    page = officer.get(learner).text

    assert "+2.00" in page
    assert "显示姓名" not in page
    assert "陈" not in page
    assert officer.post(f"{learner}/name").status_code == 403


def test_a_class_teacher_reads_the_account_and_not_the_trail(desk: Desk, learner: str) -> None:
    teacher = desk.browser("class_teacher")
    page = teacher.get(learner).text

    assert "+2.00" in page
    assert "/staff/facts/" not in page
    assert teacher.get(learner.replace("learners", "facts")).status_code == 403


def test_a_host_sees_who_came_and_nobody_s_account_and_is_led_to_none(
    desk: Desk, learner: str
) -> None:
    host = desk.browser("host")
    register = host.get(f"{desk.session}/register").text

    assert NAME in register
    assert "/staff/learners/" not in register
    assert "/staff/learners/" in desk.browser("class_teacher").get(f"{desk.session}/register").text
    assert host.get(learner).status_code == 403
    assert host.post(f"{learner}/name", data={"reason": "identity"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "balance"),
    [
        ("day=2026-09-17", "0.00"),
        ("day=2026-09-18", "2.00"),
        ("day=2026-01-01&known=true", "0.00"),
        ("day=2100-01-01&known=true", "2.00"),
        ("day=soon", "2.00"),
        ("known=true", "2.00"),
    ],
)
def test_the_account_stands_as_of_a_day_on_either_clock(
    desk: Desk, learner: str, query: str, balance: str
) -> None:
    page = desk.browser("coordinator").get(f"{learner}?{query}").text

    assert re.search(r"<dt>学时</dt><dd[^>]*>([0-9.]+)</dd>", page)[1] == balance  # type: ignore[index]


def test_a_day_is_answered_twice(desk: Desk, learner: str) -> None:
    page = desk.browser("coordinator").get(f"{learner}?day=2026-09-18").text

    row = r'<th scope="row">学时</th><td class="num">(.*?)</td><td class="num">(.*?)<'
    assert re.findall(row, page) == [("2.00", as_recorded_by_september(desk))]
    assert "当时所知" in page


def as_recorded_by_september(desk: Desk) -> str:
    """The database's own clock says when a fact was recorded: before or after that evening."""
    [line] = desk.runtime.models.accounts.statement(desk.pilot.learners[0])
    return "2.00" if line.recorded_at < end_of(date(2026, 9, 18)) else "0.00"


@pytest.mark.parametrize(("asker", "status"), [("city_administrator", 404), ("coordinator", 403)])
def test_an_unknown_learner_looks_foreign_but_to_those_who_see_everything(
    desk: Desk, asker: str, status: int
) -> None:
    assert desk.browser(asker).get(f"/staff/learners/{uuid4()}").status_code == status
