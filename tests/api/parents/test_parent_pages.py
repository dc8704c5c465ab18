"""What a parent sees: who they are, what was credited and why, what is missing, what is stored."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.pages.parent_home import PHONE_IS_NEW
from tests.api.parents.conftest import Evening
from tests.api.parents.evenings import attend, finish, take_back

PAGES = ["/me", "/me/statement", "/me/certificates", "/me/data", "/me/data.json"]


def test_home_shows_name_child_school_and_the_next_session(evening: Evening) -> None:
    page = evening.enrolled_phone().get("/me").text
    for words in ("（示例）陈建2，您好", "（示例）陈小2", "父亲", "三年级 2班", "示例小学"):
        assert words in page
    assert "读懂孩子的情绪" in page
    assert "19:00–20:20" in page
    assert "正在签到" in page


def test_home_says_what_is_missing_in_at_most_five_lines(evening: Evening) -> None:
    page = evening.enrolled_phone().get("/me").text
    [block] = re.findall(r'<ul class="missing">(.*?)</ul>', page)
    lines = re.findall("<li>([^<]*)", block)
    assert lines[0] == "本学年结业还差 8.00 学时"
    assert "参加 1 次“心理健康指导课程”" in lines
    assert len(lines) == 5


def test_each_line_that_is_missing_names_the_sessions_that_fill_it(evening: Evening) -> None:
    page = evening.enrolled_phone().get("/me").text
    [block] = re.findall(r'<ul class="missing">(.*?)</ul>', page)
    filling = dict(re.findall(r"<li>([^<]*)(.*?)</li>", block))
    tonight = "9月18日 的活动可以补上"
    assert tonight in filling["本学年结业还差 8.00 学时"]
    assert tonight in filling["参加 1 次“心理健康指导课程”"]
    assert filling["通过 1 次学习测评"] == ""


def test_hours_arrive_with_the_whole_story_behind_them(evening: Evening) -> None:
    attend(evening, evening.parent)
    finish(evening)
    phone = evening.enrolled_phone()
    assert "2.00" in phone.get("/me").text
    statement = phone.get("/me/statement").text
    for words in (
        "读懂孩子的情绪", "+2.00", "结余 2.00", "2026-09-18 18:57 · 扫码签到",
        "2026-09-18 20:20", "80 分钟，计划 80 分钟", "全部计入", "在场时间达到75%，全部计入",
        "依据：同类做法，本地暂定", "规则版本 2026.1",
    ):  # fmt: skip
        assert words in statement


def test_a_reversal_is_told_with_its_reason_and_without_alarm(evening: Evening) -> None:
    attend(evening, evening.parent)
    finish(evening)
    take_back(evening, evening.parent)
    statement = evening.enrolled_phone().get("/me/statement").text
    for words in ("已冲正", "冲正 · 读懂孩子的情绪", "-2.00", "结余 0.00", "录入有误"):
        assert words in statement
    assert "chip bad" not in statement
    assert "chip red" not in statement


def test_a_limit_that_bit_names_the_rule_and_both_figures(evening: Evening) -> None:
    attend(evening, evening.parent)
    finish(evening)
    again = evening.second_session("读懂孩子的情绪")
    attend(again, evening.parent)
    finish(again)
    statement = evening.enrolled_phone().get("/me/statement").text
    assert "同一课程一学年只计一次" in statement
    assert "本应 2.00 学时，计 0.00 学时" in statement


def test_a_missing_check_out_says_what_happens_next(evening: Evening) -> None:
    attend(evening, evening.parent, leaves=False)
    finish(evening)
    assert "0.00" in evening.enrolled_phone().get("/me").text


def test_my_data_is_shown_and_taken_away_as_a_file(evening: Evening) -> None:
    attend(evening, evening.parent)
    finish(evening)
    phone = evening.enrolled_phone()
    page = phone.get("/me/data").text
    assert "100****0002" in page
    assert "privacy/2" in page
    answer = phone.get("/me/data.json")
    assert "attachment" in answer.headers["content-disposition"]
    data = answer.json()
    assert data["details"]["name"] == "（示例）陈建2"
    assert data["children"][0]["name"] == "（示例）陈小2"
    assert data["statement"][0]["hours"] == 200
    assert data["consents"][0]["notice_version"] == "privacy/2"
    assert "salt" not in answer.text


def test_nobody_sees_another_familys_page(evening: Evening) -> None:
    attend(evening, evening.parent)
    finish(evening)
    other = evening.enrolled_phone(evening.pilot.learners[1])
    for path in PAGES:
        assert "陈建2" not in other.get(path).text
        assert "陈小2" not in other.get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_a_parents_pages_need_a_phone_that_the_school_vouched_for(
    evening: Evening, path: str
) -> None:
    assert evening.phone().get(path).headers["location"] == f"/enrol?next={path}"
    assert evening.host_screen().get(path).headers["location"] == f"/enrol?next={path}"
    unconfirmed = evening.phone()
    login = evening.runtime.logins.begin_device(evening.parent, evening.clock.at, confirmed=False)
    unconfirmed.cookies.set("pc_device", login.token)
    shut = unconfirmed.get(path)
    assert shut.status_code == 403 or shut.headers["location"] == "/enrolled"
    assert unconfirmed.get("/in").status_code == 200


def test_the_older_phone_says_that_another_one_came(evening: Evening) -> None:
    older = evening.enrolled_phone()
    assert "不是您" not in older.get("/me").text
    evening.clock.move(timedelta(days=1))
    newer = evening.enrolled_phone()
    assert '<a href="/me/data">新的手机在' in older.get("/me").text
    assert "不是您" not in newer.get("/me").text
    evening.clock.move(PHONE_IS_NEW)
    assert "不是您" not in older.get("/me").text


def test_a_lost_phone_is_signed_out_from_another(evening: Evening) -> None:
    lost, found = evening.enrolled_phone(), evening.enrolled_phone()
    [other] = [
        each.login_id
        for each in evening.runtime.logins.of_person(evening.parent, evening.clock.at)
        if f"/me/devices/{each.login_id}/end" in found.get("/me/data").text
    ][:1]
    assert found.post(f"/me/devices/{other}/end").status_code == 303
    answers = {lost.get("/me").status_code, found.get("/me").status_code}
    assert answers == {200, 303}


@pytest.mark.parametrize("path", ["/", "/enrol", "/in", *PAGES[:-1]])
def test_every_page_speaks_english(evening: Evening, path: str) -> None:
    attend(evening, evening.parent)
    finish(evening)
    phone = evening.phone() if path in {"/", "/enrol"} else evening.enrolled_phone()
    page = phone.get(f"{path}?lang=en").text
    said = re.sub(
        r"<svg.*?</svg>|<head>.*?</head>|<form[^>]*/language.*?</form>", "", page, flags=re.DOTALL
    )
    left = {
        words
        for words in re.findall("[\u4e00-\u9fff]+", said)
        if words
        not in {"示例", "陈建", "陈小", "示例小学", "示例中学", "班", "读懂孩子的情绪", "报告厅"}
    }
    assert left == set()
