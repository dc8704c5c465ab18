"""What changed lately: on the parent's home, on a page of its own, and on paper for the class."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.leave import LeaveCategory
from ledger.plans import Filing
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, STARTS, entry, envelope, planned
from tests.api.desk import ELSEWHERE, Desk
from tests.case_acting import noon, publish_holidays

PAPER = f"/staff/classes/{SCHOOL}/changes?grade=三年级&group=2班"
FAMILIES = f"/staff/classes/{SCHOOL}/families?grade=三年级&group=2班"
CORRECTED = "“读懂孩子的情绪”的学时由 2.00 更正为 1.00。"
IN_ENGLISH = "“读懂孩子的情绪”: 2.00 hours became 1.00."


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The third parent asked for leave; the first two were there and were credited."""
    book, before = desk.runtime.book, envelope(STARTS - timedelta(days=2))
    publish_holidays(book)
    book.leaves.request(desk.pilot.session_id, desk.pilot.learners[2], LeaveCategory.WORK, before)
    desk.attested()
    desk.clock.move_to(noon(9, 22))
    return desk


def refused(desk: Desk) -> None:
    """The third parent's leave is turned down."""
    by = envelope(desk.clock.at)
    desk.catch_up(
        desk.runtime.book.leaves.turn_down(desk.pilot.session_id, desk.pilot.learners[2], by)
    )


def leave_elsewhere(desk: Desk) -> None:
    """The first parent has a child at another school too, and has leave from its walk."""
    book, week = desk.runtime.book, timedelta(days=7)
    grade = {"grade": "七年级", "class_group": "1班", "stage": "junior"}
    book.registry.open_classes(ELSEWHERE, 2026, [("七年级", "1班")], envelope())
    sister = entry(2, **grade, child_name="（示例）陈大2", student_no="20209999")
    [result] = book.rosters.take(Roster(ELSEWHERE, 2026), [sister], envelope(), dry_run=False)
    assert result.id == desk.pilot.learners[0]
    walk = planned(
        "走读白云山", grades=("七年级",), stage="junior", begins_at=STARTS + week,
        ends_at=ENDS + week,
    )  # fmt: skip
    [filed] = book.plans.file(Filing(ELSEWHERE, 2026, 1), [walk], envelope(), dry_run=False)
    assert filed.id is not None
    by = envelope(desk.clock.at)
    desk.catch_up(book.leaves.note(filed.id, result.id, LeaveCategory.ILLNESS, by))


def home(desk: Desk, number: int = 0, page: str = "/me") -> str:
    return desk.browser("parent", desk.pilot.learners[number]).get(page).text


def test_home_tells_what_changed_in_plain_words_with_a_way_to_the_line(desk: Desk) -> None:
    assert "最近的变更" not in home(desk)
    desk.put_right(minutes=45)

    page = home(desk)

    awarded = desk.runtime.models.accounts.statement(desk.pilot.learners[0])[-1]
    assert CORRECTED in page
    assert "2026-09-22</span> · 原因：录入有误" in page
    link = f"/me/statement/{awarded.entry_id}/why"
    assert f'href="{link}"' in page
    assert f'href="/me/statement/{awarded.entry_id}">不对？' in home(desk, page=link)
    assert "chip bad" not in page
    assert "最近的变更" not in home(desk, 1)


def test_the_words_are_english_for_who_reads_english(desk: Desk) -> None:
    desk.put_right(minutes=45)
    page = home(desk, page="/me/changes?lang=en")
    assert "Recent changes" in page
    assert IN_ENGLISH in page
    assert "Reason: error of entry" in page


def test_the_page_of_changes_says_when_there_are_none(desk: Desk) -> None:
    assert "30天内没有变更。" in home(desk, page="/me/changes")


def test_leave_is_told_by_its_sentence_alone(desk: Desk) -> None:
    refused(desk)
    page = home(desk, 2)
    assert "“读懂孩子的情绪”的请假未准。" in page
    assert "/why" not in page


def test_home_shows_the_newest_three_and_leads_to_all(desk: Desk) -> None:
    for day, minutes in enumerate((45, 80, 45, 80)):
        desk.clock.move_to(noon(9, 22 + day))
        desk.put_right(minutes=minutes)

    page, everything = home(desk), home(desk, page="/me/changes")

    assert page.count("更正为") == 3
    assert 'href="/me/changes"' in page
    assert everything.count("更正为") == 4


def test_paper_tells_the_same_to_those_alone_who_have_a_change(desk: Desk) -> None:
    desk.put_right(minutes=45)
    refused(desk)

    page = desk.browser("class_teacher").get(PAPER).text

    first, second = page.split("<article")[1:]
    assert "（示例）陈小2的家长" in first
    assert CORRECTED in first
    assert "原因：录入有误" in first
    assert "请假未准" not in first
    assert "（示例）陈小4的家长" in second
    assert "请假未准" in second
    assert CORRECTED not in second
    assert "与手机提交作用相同，3 个工作日内答复" in first
    assert desk.readings("changes_on_paper") == 1


def test_paper_does_not_tell_what_another_school_answered(desk: Desk) -> None:
    desk.put_right(minutes=45)
    leave_elsewhere(desk)

    assert "“走读白云山”的请假已准。" in home(desk)
    page = desk.browser("class_teacher").get(PAPER).text
    assert CORRECTED in page
    assert "走读白云山" not in page


def test_a_class_without_changes_has_no_paper(desk: Desk) -> None:
    assert "这个班30天内没有变更。" in desk.browser("coordinator").get(PAPER).text
    assert desk.readings("changes_on_paper") == 0


def test_the_class_leads_to_its_paper_those_who_may_print_it(desk: Desk) -> None:
    assert "最近的变更" in desk.browser("class_teacher").get(FAMILIES).text
    assert "最近的变更" not in desk.browser("head").get(FAMILIES).text
    assert desk.browser("head").get(PAPER).status_code == 403
