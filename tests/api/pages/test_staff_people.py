"""The pages of people: compared side by side, moved, parted; names for the own school alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.enrolment import Leaving
from ledger.roster import Roster
from ledger.transfers import Pupil
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.ledger_evening import hold
from tests.saying import says

MERGES = f"/staff/merges/{SCHOOL}"
IN_MARCH = datetime(2027, 3, 8, 2, 0, tzinfo=UTC)


@pytest.fixture
def doubled(desk: Desk) -> UUID:
    """The same phone under a slip of the pen."""
    desk.clock.move_to(ENDS + timedelta(hours=1))
    return known_besides(desk, SCHOOL)


def known_besides(desk: Desk, school: str) -> UUID:
    row = entry(20, name="（示例）陈健二", phone=entry(2).phone)
    book = desk.runtime.book
    [result] = book.rosters.take(Roster(school, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    hold(desk.pilot, [desk.pilot.learners[0]])
    desk.catch_up(book.ledger.position())
    return result.id


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, as the browser sends it back."""
    raw = page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]
    return raw.replace("&#34;", '"').replace("&quot;", '"')


def pair(desk: Desk, merged: UUID) -> str:
    return f"{MERGES}/pair?survivor={desk.pilot.learners[0]}&merged={merged}"


def test_two_records_side_by_side_are_merged_by_two_persons(desk: Desk, doubled: UUID) -> None:
    coordinator = desk.browser("coordinator")
    listed = coordinator.get(MERGES).text
    for words in ("疑似同一人", "（示例）陈建2", "（示例）陈健二", "同一手机号"):
        assert words in listed
    compared = coordinator.get(pair(desk, doubled)).text
    for words in ("100****0002", "2.00", "（示例）陈小20", "父亲"):
        assert words in compared
    preview = coordinator.get(pair(desk, doubled) + "&evidence=same_phone").text
    assert "影响预览" in preview
    form = {"order": hidden(preview, "order"), "sha256": hidden(preview, "sha256")}
    proposed = coordinator.post("/staff/corrections", data=form)
    assert proposed.status_code == 303
    assert "合并学员记录" in coordinator.get(MERGES).text

    approval = f"{proposed.headers['location']}/approval"
    assert desk.browser("head").post(approval, data=form).status_code == 303
    assert desk.runtime.book.learners.survivor_of(doubled) == desk.pilot.learners[0]
    address = f"{MERGES}/of/{desk.pilot.learners[0]}"
    for page in (proposed.headers["location"], f"/staff/learners/{desk.pilot.learners[0]}"):
        assert f'href="{address}"' in coordinator.get(page).text
        assert address not in desk.browser("head").get(page).text  # who parts nobody
    parting = coordinator.get(address).text
    for words in (str(doubled), "（示例）陈健二", "（示例）陈小20"):
        assert words in parting
    undo = coordinator.get(f"{address}?merged={doubled}").text
    assert "签署并提交区级确认" in undo
    part(desk, undo)
    assert address not in coordinator.get(proposed.headers["location"]).text
    assert "没有疑似同一人的记录" in coordinator.get(MERGES).text


def part(desk: Desk, preview: str) -> None:
    """Sign what a parting's page shows, and have the district confirm it."""
    form = {"order": hidden(preview, "order"), "sha256": hidden(preview, "sha256")}
    answer = desk.browser("coordinator").post("/staff/corrections", data=form)
    approval = f"{answer.headers['location']}/approval"
    assert desk.browser("district_officer").post(approval, data=form).status_code == 303


def test_records_of_whoever_is_gone_are_merged_and_parted_at_their_last_school(
    desk: Desk, doubled: UUID
) -> None:
    book, first = desk.runtime.book, desk.pilot.learners[0]
    by = envelope(desk.clock.at)
    for adult in (first, doubled):
        [child] = book.learners.get(adult).guardianships
        pupil = Pupil(child, SCHOOL, 2026, [adult])
        book.transfers.leave(pupil, by.at.date(), Leaving.GRADUATED, by)
    desk.catch_up(book.ledger.position())
    preview = desk.browser("coordinator").get(pair(desk, doubled) + "&evidence=same_phone")
    assert (preview.status_code, "影响预览" in preview.text) == (200, True)
    assert desk.browser("coordinator").get(f"{MERGES}/of/{first}").status_code == 200
    elsewhere = f"/staff/merges/{ELSEWHERE}/of/{first}"
    assert desk.browser("coordinator_elsewhere").get(elsewhere).status_code == 404


def test_a_pair_that_is_two_persons_is_not_shown_again(desk: Desk, doubled: UUID) -> None:
    coordinator = desk.browser("coordinator")
    form = {"one": str(desk.pilot.learners[0]), "other": str(doubled)}
    assert coordinator.post(f"{MERGES}/apart", data=form).status_code == 303
    assert "没有疑似同一人的记录" in coordinator.get(MERGES).text


def test_a_record_of_another_school_shows_a_mask(desk: Desk) -> None:
    desk.clock.move_to(ENDS + timedelta(hours=1))
    other = known_besides(desk, ELSEWHERE)
    coordinator = desk.browser("coordinator")
    for page in (coordinator.get(MERGES).text, coordinator.get(pair(desk, other)).text):
        assert "（示例）陈健二" not in page
        assert "（示例）陈小20" not in page
    strangers = f"{MERGES}/pair?survivor={other}&merged={other}"
    assert coordinator.get(strangers).status_code == 404


def test_a_merge_that_cannot_be_says_why_on_the_page(desk: Desk, doubled: UUID) -> None:
    alone = f"{MERGES}/pair?survivor={doubled}&merged={doubled}&evidence=same_phone"
    answer = desk.browser("coordinator").get(alone)
    assert answer.status_code == 422
    assert "不能与自己合并" in answer.text
    never = f"{MERGES}/of/{desk.pilot.learners[0]}?merged={doubled}"
    assert "没有合并过" in desk.browser("coordinator").get(never).text
    english = desk.browser("coordinator")
    english.headers["Accept-Language"] = "en"
    assert "not merged with itself" in english.get(alone).text


def child_of(desk: Desk) -> str:
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[0]).guardianships
    return str(child)


def test_a_guardianship_ends_by_two_on_one_page(desk: Desk) -> None:
    desk.clock.move_to(ENDS)
    father, child = str(desk.pilot.learners[0]), child_of(desk)
    page = f"/staff/custody/{SCHOOL}"
    teacher, coordinator = desk.browser("class_teacher"), desk.browser("coordinator")
    assert "提出变更" in teacher.get(f"{page}?learner={father}&child={child}").text
    tie = {"learner": father, "child": child}
    proposal = {**tie, "reason": "custody_changed"}
    assert teacher.post(page, data=proposal).status_code == 303
    assert "/confirmation" not in teacher.get(page).text
    assert "监护权变更" in coordinator.get(page).text
    assert coordinator.post(f"{page}/confirmation", data=tie).status_code == 303
    again = coordinator.post(f"{page}/confirmation", data=tie)
    assert again.status_code == 409
    assert "没有等待复核的变更" in coordinator.get(page).text


def test_nobody_is_named_who_is_not_the_childs(desk: Desk) -> None:
    desk.clock.move_to(ENDS)
    stranger = desk.pilot.learners[1]
    page = desk.browser("coordinator").get(
        f"/staff/custody/{SCHOOL}?learner={stranger}&child={child_of(desk)}"
    )
    assert says(page, "custody_not_linked")
    assert "（示例）" not in page.text


def test_a_proposal_is_taken_back(desk: Desk) -> None:
    desk.clock.move_to(ENDS)
    tie = {"learner": str(desk.pilot.learners[0]), "child": child_of(desk)}
    page, coordinator = f"/staff/custody/{SCHOOL}", desk.browser("coordinator")
    coordinator.post(page, data={**tie, "reason": "entered_in_error"})
    assert coordinator.post(f"{page}/dropping", data=tie).status_code == 303
    assert "没有等待复核的变更" in coordinator.get(page).text


def test_a_child_moves_from_page_to_page(desk: Desk) -> None:
    desk.clock.move_to(IN_MARCH)
    old, new = f"/staff/transfers/{SCHOOL}", f"/staff/transfers/{ELSEWHERE}"
    ours, theirs = desk.browser("coordinator"), desk.browser("coordinator_elsewhere")
    assert "（示例）陈小2" in ours.get(f"{old}?child={child_of(desk)}").text
    form = {"child": child_of(desk), "effective_on": "2027-03-01"}
    shown = ours.post(old, data=form).text
    code = shown.split('class="code mono">')[1].split("<")[0]
    taken = theirs.post(f"{new}/claims", data={"code": code, "class_name": "七年级1班"})
    assert taken.status_code == 303
    coming = theirs.get(new).text
    assert "待原学校确认" in coming
    assert "（示例）陈小2" not in coming

    page = ours.get(old).text
    step = page.split('action="/staff/transfers/of/')[1].split("/")[0]
    assert ours.post(f"/staff/transfers/of/{step}/confirmation").status_code == 303
    assert "（示例）陈小2" in theirs.get(new).text
    late = ours.post(f"/staff/transfers/of/{step}/withdrawal")
    assert (late.status_code, "已办结" in late.text) == (409, True)


def test_what_is_wrong_with_a_move_stands_on_the_page(desk: Desk) -> None:
    desk.clock.move_to(IN_MARCH)
    ours = desk.browser("coordinator")
    page = f"/staff/transfers/{SCHOOL}"
    wrong = ours.post(page, data={"child": child_of(desk), "effective_on": "2027-03-01",
                                  "to": SCHOOL})  # fmt: skip
    assert wrong.status_code == 409
    nowhere = {"code": "", "from_school": ELSEWHERE, "student_no": "1", "class_name": "三年级2班"}
    assert ours.post(f"{page}/claims", data=nowhere).status_code == 404
    left = {"child": child_of(desk), "on": "2027-03-01", "reason": "graduated"}
    assert ours.post(f"{page}/departures", data=left).status_code == 303
    assert desk.pilot.learners[0] not in desk.runtime.models.roster.learners_of(SCHOOL, 2026)


def test_the_class_list_leads_to_all_three(desk: Desk) -> None:
    desk.clock.move_to(ENDS)
    page = desk.browser("coordinator").get(f"/staff/classes/{SCHOOL}").text
    for way in ("merges", "custody", "transfers"):
        assert f"/staff/{way}/{SCHOOL}" in page
    families = f"/staff/classes/{SCHOOL}/families?grade=三年级&group=2班"
    assert f"/staff/transfers/{SCHOOL}?child=" in desk.browser("coordinator").get(families).text


def test_a_record_of_another_school_opens_only_where_something_is_alike(desk: Desk) -> None:
    stranger = entry(21, student_no="20239921")
    roster = Roster(ELSEWHERE, 2026)
    [result] = desk.runtime.book.rosters.take(roster, [stranger], envelope(), dry_run=False)
    desk.catch_up(desk.runtime.book.ledger.position())
    assert result.id is not None
    coordinator = desk.browser("coordinator")
    assert coordinator.get(pair(desk, result.id)).status_code == 404
    assert coordinator.get(pair(desk, uuid4())).status_code == 404


def test_every_name_on_the_two_records_is_read_on_record(desk: Desk, doubled: UUID) -> None:
    desk.browser("coordinator").get(pair(desk, doubled))
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        [(read,)] = owner.execute(
            "SELECT subject_ids FROM ledger_vault.access_log WHERE purpose = 'merge_records'"
        ).fetchall()
    [child] = desk.runtime.book.learners.get(doubled).guardianships
    assert {doubled, desk.pilot.learners[0], child} <= set(read)
