"""The class list as plain forms: a name is sought in every class, and stands in no address."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from ledger.roster import Roster
from tests.acting import SCHOOL, entry, envelope
from tests.api.desk import Desk

OTHER_CLASSES = [("三年级", "1班"), ("三年级", "3班"), ("四年级", "1班")]


def enrol(desk: Desk, families: int, first: int = 100) -> None:
    """More families, in turn in classes of the session's grade and in one it is not for."""
    rows = [
        entry(row, grade=grade, class_group=group, student_no=f"2023{row:05d}")
        for row in range(first, first + families)
        for grade, group in [OTHER_CLASSES[row % len(OTHER_CLASSES)]]
    ]
    desk.runtime.book.registry.open_classes(SCHOOL, 2026, OTHER_CLASSES, envelope())
    desk.runtime.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
    desk.catch_up(desk.runtime.book.ledger.position())


def names(page: str) -> list[str]:
    return re.findall(r"<b>（示例）陈建(\d+)</b>", page)


def found(desk: Desk, name: str, asker: str = "host") -> str:
    answer = desk.browser(asker).post(f"{desk.session}/find", data={"name": name})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("letters", "who"), [("陈建102", "102"), ("小103", "103"), (" 建2 ", "2")])
def test_a_name_of_parent_or_child_is_found_in_every_class_of_the_session(
    desk: Desk, letters: str, who: str
) -> None:
    enrol(desk, 6)
    desk.open()

    page = found(desk, letters)

    assert names(page) == [who]
    assert "/check-in" in page
    assert f'value="{letters.strip()}"' in page


def test_a_class_that_is_not_invited_is_not_searched(desk: Desk) -> None:
    enrol(desk, 6)  # 101 and 104 are in grade four

    assert names(found(desk, "陈建103")) == ["103"]
    assert "没有这个姓名" in found(desk, "陈建104")


def test_only_the_names_that_are_shown_are_logged_as_read(desk: Desk) -> None:
    enrol(desk, 3)
    before = desk.readings("session_class_list")

    found(desk, "没有这样的名字")
    assert desk.readings("session_class_list") == before
    found(desk, "陈建2")

    assert desk.readings("session_class_list") == before + 1


def test_a_tap_on_somebody_found_leads_back_to_their_class_without_a_name(desk: Desk) -> None:
    desk.open()
    page = found(desk, "陈建2")
    form = dict(re.findall(r'name="(learner_id|scan_id|grade|group)" value="([^"]+)"', page))

    answer = desk.browser("host").post(f"{desk.session}/check-in", data=form)

    assert answer.status_code == 303
    assert "三年级" in unquote(answer.headers["location"])
    assert "陈建" not in unquote(answer.headers["location"])


def test_the_state_of_a_class_changes_with_each_tap_and_tells_no_name(desk: Desk) -> None:
    desk.open()
    host = desk.browser("host")
    address = f"{desk.session}/list/state?grade=三年级&group=2班"
    before = host.get(address).json()
    assert f'data-state="{before["state"]}"' in host.get(f"{desk.session}/list").text

    desk.tap(desk.pilot.learners[0])
    after = host.get(address).json()
    desk.tap(desk.pilot.learners[0], "check-out")

    assert set(before) == {"state"}
    assert len({before["state"], after["state"], host.get(address).json()["state"]}) == 3


def test_of_a_whole_school_a_page_shows_one_class_or_the_first_who_were_found(
    desk: Desk,
) -> None:
    enrol(desk, 120)
    host = desk.browser("host")

    listed = host.get(f"{desk.session}/list?grade=三年级&group=1班").text
    page = host.post(f"{desk.session}/find", data={"name": "陈建1"}).text

    assert len(names(listed)) == 40
    assert len(names(page)) == 40
    assert "请多输入一个字" in page
