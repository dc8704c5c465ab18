"""The class teacher confirms parents who enrolled by phone: many at once, single ones by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from api.pages import staff_links
from domain.enrolment import ClassPlace
from domain.envelope import Role
from ledger.link_requests import LinkRequest
from tests.acting import SCHOOL, SET_UP, envelope
from tests.api.desk import Desk
from tests.saying import says

PLACE = ClassPlace(
    school_code=SCHOOL, stage="primary", grade="三年级", class_group="2班", school_year=2026
)
LIST = f"/staff/links/{SCHOOL}"
API = f"/api/v1/schools/{SCHOOL}/links"


def ask(
    desk: Desk, number: int, phone: str = "", learner_id: UUID | None = None, **said: str
) -> tuple[UUID, UUID]:
    """A phone asks for the child of a row of the roster; learner and link."""
    learner_id, link_id = learner_id or uuid4(), uuid4()
    own_phone = phone or f"100{number:08d}"
    child = said.pop("child", f"（示例）陈小{number}")
    if not phone:
        said.setdefault("name", f"（示例）陈建{number}")
    asked = LinkRequest(link_id, PLACE, uuid4().hex * 2, own_phone, child, **said)
    by = envelope(SET_UP, Role.PARENT, learner_id)
    desk.catch_up(desk.runtime.book.links.request(learner_id, asked, ("learning_record", "1"), by))
    return learner_id, link_id


def ticks(page: str) -> tuple[list[str], list[str]]:
    """Every box, and those that are ticked."""
    boxes = [part.split(">")[0] for part in page.split('name="tick" value="')[1:]]
    values = [box.split('"')[0] for box in boxes]
    return values, [v for v, box in zip(values, boxes, strict=True) if "checked" in box]


def test_those_without_a_doubt_are_confirmed_in_one_go(desk: Desk) -> None:
    """P3.5: a batch, one doubt a line."""
    first, _ = ask(desk, 2)
    second, _ = ask(desk, 3)
    doubtful, _ = ask(desk, 4, phone="10077777777", name="（示例）李梅", relation_code="62")
    teacher = desk.browser("class_teacher")
    page = teacher.get(f"{LIST}?of=三年级2班")
    boxes, checked = ticks(page.text)
    assert (len(boxes), len(checked)) == (3, 2)
    assert ticks(teacher.get(f"{LIST}?of=一年级1班").text) == ([], [])
    assert "名册上没有，是新家长" in page.text
    assert "10000000002" not in page.text

    assert teacher.post(LIST, data={"tick": checked}).status_code == 303
    learners = desk.runtime.book.learners
    assert [learners.survivor_of(each) for each in (first, second, doubtful)] == [
        *desk.pilot.learners[:2], doubtful,
    ]  # fmt: skip
    [left] = set(boxes) - set(checked)
    assert ticks(teacher.get(LIST).text) == ([left], [])
    assert teacher.post(LIST, data={"tick": left}).status_code == 303
    assert len(learners.get(doubtful).guardianships) == 1


def test_who_knows_a_phone_number_is_ticked_by_nobody(desk: Desk) -> None:
    """A stranger who leaves the name empty is answered by hand, never in the batch."""
    learner_id, link_id = ask(desk, 2, name="")
    teacher = desk.browser("class_teacher")
    page = teacher.get(LIST).text
    assert "没有写姓名或关系" in page
    assert ticks(page) == ([], [])
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[0]).guardianships
    forged = f"{link_id} {child} {desk.pilot.learners[0]}"
    assert says(teacher.post(LIST, data={"tick": forged}), "link_looks_different")
    assert desk.runtime.book.learners.survivor_of(learner_id) == learner_id


def test_a_parent_who_has_a_phone_already_is_asked_by_hand(desk: Desk) -> None:
    """Also where that phone was enrolled under a record that was merged since."""
    teacher = desk.browser("class_teacher")
    first, _ = ask(desk, 2)
    desk.runtime.logins.begin_device(first, desk.clock.at, confirmed=False)
    [box], _ = ticks(teacher.get(LIST).text)
    assert teacher.post(LIST, data={"tick": box}).status_code == 303
    ask(desk, 2)
    page = teacher.get(LIST).text
    assert "这位家长登记过手机" in page
    assert ticks(page) == ([], [])


def test_a_flood_is_unsealed_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_links, "LINKS_ON_A_PAGE", 1)
    ask(desk, 2)
    ask(desk, 3)
    teacher = desk.browser("class_teacher")
    first = teacher.get(LIST).text
    [unsealed], _ = ticks(first)
    assert 'href="?of=&amp;start=1"' in first
    second = teacher.get(f"{LIST}?start=1").text
    assert "start=" not in second
    [box], _ = ticks(second)
    assert box != unsealed
    assert teacher.post(LIST, data={"tick": box}).status_code == 303
    assert ticks(teacher.get(LIST).text)[0] == [unsealed]


def test_a_tick_that_no_longer_fits_confirms_nobody(desk: Desk) -> None:
    ask(desk, 2)
    teacher = desk.browser("class_teacher")
    [box], _ = ticks(teacher.get(LIST).text)
    answer = teacher.post(LIST, data={"tick": [box[:-1], box]})
    assert answer.status_code == 409
    assert says(answer, "link_looks_different")
    assert ticks(teacher.get(LIST).text) == ([], [])


def test_not_known_is_answered_and_may_be_answered_again(desk: Desk) -> None:
    learner_id, link_id = ask(desk, 2, child="（示例）打错字")
    teacher = desk.browser("class_teacher")
    assert "班里没有这个姓名" in teacher.get(LIST).text
    assert teacher.post(f"{LIST}/{link_id}/refusal").status_code == 303
    assert "改答" in teacher.get(LIST).text
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[0]).guardianships
    who = {"who": f"{child}:{desk.pilot.learners[0]}"}
    assert teacher.post(f"{LIST}/{link_id}/confirmation", data=who).status_code == 303
    assert desk.runtime.book.learners.survivor_of(learner_id) == desk.pilot.learners[0]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"who": ""}, "child_not_here"),
        ({"name": ""}, "name_and_relation_missing"),
        ({"relation": "73"}, "name_and_relation_missing"),
    ],
)
def test_a_new_parent_needs_a_child_a_name_and_a_relation(
    desk: Desk, given: dict[str, str], code: str
) -> None:
    _, link_id = ask(desk, 2, phone="10077777777")
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[0]).guardianships
    form = {"who": str(child), "name": "（示例）李梅", "relation": "62", **given}
    answer = desk.browser("coordinator").post(f"{LIST}/{link_id}/confirmation", data=form)
    assert answer.status_code >= 400
    assert says(answer, code)
    assert not given.get("relation") or "（示例）李梅" in answer.text


def test_a_teacher_does_not_confirm_the_own_family(desk: Desk) -> None:
    """P3.8: a colleague can."""
    own = desk.pilot.learners[0]
    ask(desk, 2)
    teacher = desk.browser("class_teacher", own)
    boxes, _ = ticks(teacher.get(LIST).text)
    answer = teacher.post(LIST, data={"tick": boxes})
    assert says(answer, "own_case")
    assert desk.browser("coordinator").post(LIST, data={"tick": boxes}).status_code == 303


def test_the_desk_shows_how_many_wait(desk: Desk) -> None:
    ask(desk, 2)
    page = desk.browser("class_teacher").get("/staff")
    assert f'href="{LIST}"' in page.text


def test_the_same_by_api_without_a_name(desk: Desk) -> None:
    learner_id, link_id = ask(desk, 2)
    _, strange = ask(desk, 3, child="（示例）没有")
    teacher = desk.browser("class_teacher")
    answer = teacher.get(API)
    found = {each["link_id"]: each for each in answer.json()["links"]}
    assert "示例" not in answer.text
    assert found[str(strange)]["doubt"] == "child_not_in_class"
    fit = found[str(link_id)]
    body = {"child_id": fit["child_id"], "adult_id": fit["adult_id"]}
    assert teacher.post(f"{API}/{link_id}/confirmation", json=body).status_code == 201
    assert desk.runtime.book.learners.survivor_of(learner_id) == desk.pilot.learners[0]
    reason = {"reason_code": "not_known"}
    assert teacher.post(f"{API}/{strange}/refusal", json=reason).status_code == 201
    refused = teacher.post(f"{API}/{link_id}/refusal", json=reason)
    assert (refused.status_code, refused.json()["code"]) == (409, "link_already_confirmed")
    unknown = teacher.post(f"{API}/{uuid4()}/refusal", json=reason)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "link_unknown")
