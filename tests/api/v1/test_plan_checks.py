"""The plan check over HTTP, on a page and on the command line: one answer."""

from __future__ import annotations

import json
from datetime import timedelta

from tests import held
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.api.test_cli import Command
from tests.database import TestDatabase

CHECK = f"/api/v1/schools/{SCHOOL}/terms/2026-1/plan-check"
PAGE = f"/staff/plans/{SCHOOL}/2026-1/check"


FAMILIES = ("mental_health", "life_education", "mental_health", "career_experience")


def test_a_plan_is_checked_grade_by_grade_until_it_suffices(
    desk: Desk, database: TestDatabase
) -> None:
    command, head = Command(database, desk.runtime.settings.var), desk.browser("head")

    [before] = head.get(CHECK).json()["grades"]
    page = head.get(PAGE).text
    lacking = command("plan-check", SCHOOL, "2026-1")
    for week, family in enumerate(FAMILIES, 1):
        evening = STARTS + timedelta(weeks=week)
        held.hold(desk.pilot, f"第{week}讲", 200, (), evening, family=family)
    desk.runtime.book.exams.publish(SCHOOL, "期末", STARTS.date(), envelope())
    desk.catch_up(desk.runtime.book.ledger.position())
    after = head.get(CHECK).json()
    done = command("plan-check", SCHOOL, "2026-1", "--json")

    lacks = {each["ref"]: each["threshold"] - each["value"] for each in before["completion"]}
    assert lacks["completion.annual.min_hours"] == 600
    assert "学时还差 6；面授学时还差 2；课程类别还差 1 类；本学年还没有发布考核" in page
    # The command asks by the real clock: the pilot's own evening may be over, and not held.
    assert (lacking.exit_code, "三年级：" in lacking.output) == (1, True)
    assert (after["suffices"], after["grades"][0]["highest_star"]) == (True, 1)
    assert "各年级都能结业" in head.get(PAGE).text
    assert (done.exit_code, json.loads(done.output)["suffices"]) == (0, True)


def test_a_cancelled_session_and_one_that_was_never_held_are_not_counted_on(desk: Desk) -> None:
    [planned] = desk.browser("head").get(CHECK).json()["grades"]
    desk.clock.move_to(STARTS + timedelta(days=1))
    [missed] = desk.browser("head").get(CHECK).json()["grades"]

    assert [each["completion"][0]["value"] for each in (planned, missed)] == [200, 0]


def test_a_star_says_what_no_plan_can_bring(desk: Desk) -> None:
    page = desk.browser("head").get(PAGE).text
    english = desk.browser("head").get(f"{PAGE}?lang=en").text

    assert "经验分享 2 次，由家长自己承担" in page
    assert "并须学校推荐、公示" in page
    assert "2 talks that a parent gives" in english
