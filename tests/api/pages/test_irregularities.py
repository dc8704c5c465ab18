"""From an odd evening to the end of its review: on the pages of staff and of a parent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest

from api.bootstrap import Runtime
from domain.account import Account
from domain.envelope import Role
from domain.learner import UnknownLearner
from ledger.access_log import Wanted
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.desk import CITY, Desk, at_work, two_schools
from tests.api.irregular_evening import follow, hold_oddly
from tests.clock import TestClock
from tests.database import Beginning

QUEUE, API = f"/staff/irregularities/{SCHOOL}", "/api/v1/irregularities"


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    with at_work(runtime, clock, two_schools(runtime, families=5)) as desk:
        hold_oddly(desk)
        yield desk


def phone(desk: Desk) -> UUID:
    """The irregularity of the one phone."""
    return next(each.irregularity_id for each in follow(desk) if each.rule == "shared_device")


def page(key: UUID) -> str:
    return f"/staff/irregularities/of/{key}"


def test_an_odd_evening_is_flagged_once_for_each_cause_and_holds_nothing(desk: Desk) -> None:
    desk.runtime.book.awards.run(desk.pilot.session_id, desk.clock.at, UUID(int=1))
    first = follow(desk)
    assert [(each.rule, each.score) for each in first] == [
        ("short_session", 100), ("shared_device", 62),
    ]  # fmt: skip
    assert first[1].facts == {"persons": 5, "families": 5}
    position = desk.runtime.book.ledger.position()
    assert follow(desk) == first
    assert desk.runtime.book.ledger.position() == position
    for learner in desk.pilot.learners:
        account = desk.runtime.book.ledger.get(Account, Account.create_id(learner), UnknownLearner)
        assert account.held == {}


def test_the_queue_is_sorted_by_evidence_for_a_school_and_for_its_district(desk: Desk) -> None:
    short, _ = follow(desk)
    for asker, address in (
        ("coordinator", QUEUE),
        ("district_officer", f"/staff/districts/{DISTRICT}/irregularities"),
        ("city_administrator", f"/staff/districts/{CITY}/irregularities"),
    ):
        text = desk.browser(asker).get(address).text
        assert text.index("实际时长短于计划") < text.index("一部手机多户签到")
        is_decider = asker != "city_administrator"
        assert ("异常提示等待核对" in desk.browser(asker).get("/staff").text) is is_decider
    file = desk.browser("coordinator").get(f"{QUEUE}/list.xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(file)).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"一部手机多户签到", "人数 5、户数 5"} <= cells
    parent = desk.browser("parent")  # whom the length of the session does not concern
    assert parent.get(f"/me/irregularities/{short.irregularity_id}").status_code == 404
    own = parent.get("/api/v1/me/irregularities").json()["irregularities"]
    assert [each["rule"] for each in own] == ["shared_device"]


def test_two_persons_clear_it_after_the_parent_has_answered(desk: Desk) -> None:
    key, parent = phone(desk), desk.browser("parent")
    assert f"/me/irregularities/{key}" in parent.get("/me").text
    own = parent.get(f"/me/irregularities/{key}").text
    assert "不扣学时" in own
    assert "warn" not in own
    said = {"says": "shared_phone", "words": "手机没电，借了邻座的（示例）"}
    assert parent.post(f"/me/irregularities/{key}/answer", data=said).status_code == 303
    assert said["words"] in parent.get(f"/me/irregularities/{key}").text
    assert f"/me/irregularities/{key}" not in parent.get("/me").text

    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    assert said["words"] in coordinator.get(page(key)).text
    assert coordinator.post(f"{page(key)}/finding", data={"reason": "was_there"}).status_code == 303
    refused = coordinator.post(f"{page(key)}/agreement")
    assert (refused.status_code, "须由另一个角色的第二人复核" in refused.text) == (409, True)
    assert officer.post(f"{page(key)}/agreement").status_code == 303
    done = parent.get(f"/me/irregularities/{key}").text
    assert "核对完毕，记录没有问题" in done
    assert "请告诉我们当时的情况" not in done
    assert "核对完毕，记录没有问题" in parent.get("/me/cases").text


def test_who_reads_what_a_parent_wrote_is_logged_though_no_name_is_shown(desk: Desk) -> None:
    key, parent = phone(desk), desk.browser("parent")
    said = {"says": "shared_phone", "words": "手机没电，借了邻座的（示例）"}
    parent.post(f"/me/irregularities/{key}/answer", data=said)

    assert said["words"] in desk.browser("district_officer").get(page(key)).text

    [look] = desk.runtime.book.vault.access_log.looks(Wanted(role="district_officer"), 10)
    assert (look.actor_id, look.purpose) == (desk.people["district_officer"], "irregularity")
    assert set(desk.pilot.learners) == set(look.subject_ids)


def test_what_was_typed_stays_where_a_rule_says_no(desk: Desk) -> None:
    key = phone(desk)
    tell_all(desk, key)
    typed = {"reason": "code_passed_on", "words": "群里转发了签到码（示例）"}
    answer = desk.browser("coordinator").post(f"{page(key)}/finding", data=typed)
    assert answer.status_code == 409
    assert "还没有听取当事人说明" in answer.text
    assert typed["words"] in answer.text
    assert 'value="code_passed_on" selected' in answer.text


def test_who_has_no_phone_is_told_on_paper_and_then_has_a_week(desk: Desk) -> None:
    key = phone(desk)
    desk.clock.move_to(desk.clock.at + timedelta(days=30))
    coordinator = desk.browser("coordinator")
    typed = {"reason": "not_there", "words": "名单核对后无此人（示例）"}
    refused = coordinator.post(f"{page(key)}/finding", data=typed)
    assert (refused.status_code, "有当事人没有手机，还没有告知" in refused.text) == (409, True)
    assert "没有手机，还没有告知" in coordinator.get(page(key)).text
    paper = coordinator.get(f"{page(key)}/questions/{desk.pilot.learners[1]}").text
    assert "请告诉我们当时的情况" in paper
    assert "（示例）陈建" in paper
    assert coordinator.get(f"{page(key)}/questions/{UUID(int=9)}").status_code == 404
    tell_all(desk, key)
    refused = coordinator.post(f"{page(key)}/finding", data=typed)
    assert (refused.status_code, "还没有听取当事人说明" in refused.text) == (409, True)
    assert "已告知" in refused.text
    assert "交给本人书面询问单" in refused.text
    desk.clock.move_to(desk.clock.at + timedelta(days=8))
    coordinator = desk.browser("coordinator")
    assert coordinator.post(f"{page(key)}/finding", data=typed).status_code == 303


def tell_all(desk: Desk, key: UUID) -> None:
    for learner in desk.pilot.learners:
        told = {"person": str(learner), "how": "on_paper"}
        answer = desk.browser("coordinator").post(f"{page(key)}/tellings", data=told)
        assert answer.status_code == 303


def test_whoever_is_concerned_reads_no_words_and_hears_nobody(desk: Desk) -> None:
    """The host of the short session is head as well."""
    short, host = follow(desk)[0].irregularity_id, desk.people["host"]
    granted = desk.runtime.book.registry.authorise(
        host, Role.HEAD, SCHOOL, date(2026, 8, 1), desk.until, envelope()
    )
    desk.catch_up(granted)
    words = "家长说老师八点就让大家回去了（示例）"
    found = {"reason": "network_or_clock", "words": words}
    assert desk.browser("coordinator").post(f"{page(short)}/finding", data=found).is_redirect
    own = desk.browser("host").get(page(short)).text
    assert words not in own
    assert "这条提示涉及您本人" in own
    heard = {"person": str(host), "heard_by": "in_person", "says": "other", "words": "（示例）"}
    assert desk.browser("host").post(f"{page(short)}/hearings", data=heard).status_code == 403
    assert words in desk.browser("coordinator").get(page(short)).text
    assert desk.browser("coordinator").post(f"{page(short)}/hearings", data=heard).is_redirect


def test_a_confirmed_one_leads_to_a_correction_and_makes_none(desk: Desk) -> None:
    key, learner = phone(desk), desk.pilot.learners[0]
    tell_all(desk, key)
    desk.clock.move_to(desk.clock.at + timedelta(days=8))
    coordinator, head = desk.browser("coordinator"), desk.browser("head")
    typed = {"reason": "not_there", "words": "名单核对后无此人（示例）"}
    assert coordinator.post(f"{page(key)}/finding", data=typed).status_code == 303
    before = desk.runtime.book.ledger.position()
    assert head.post(f"{page(key)}/agreement").status_code == 303
    assert desk.runtime.book.ledger.position() == before + 1
    correction = f"/staff/sessions/{desk.pilot.session_id}/attendances/{learner}/correction"
    assert correction in coordinator.get(page(key)).text
    assert coordinator.get(correction).status_code == 200


def test_the_district_reads_no_name_and_every_name_that_is_read_is_logged(desk: Desk) -> None:
    key = phone(desk)
    assert "（示例）陈建" not in desk.browser("district_officer").get(page(key)).text
    before = desk.readings("irregularity")
    assert "示例" in desk.browser("coordinator").get(page(key)).text
    assert desk.readings("irregularity") > before


def test_the_review_goes_the_same_way_as_json(desk: Desk) -> None:
    key, learner = phone(desk), desk.pilot.learners[0]
    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    said = {"person_id": str(learner), "heard_by": "by_phone", "says": "was_helped"}
    assert coordinator.post(f"{API}/{key}/hearings", json=said).status_code == 200
    finding = {"finding": "cleared", "reason": "helped_by_staff"}
    assert coordinator.post(f"{API}/{key}/finding", json=finding).status_code == 200
    assert officer.post(f"{API}/{key}/setting-aside").status_code == 200
    assert officer.post(f"{API}/{key}/finding", json=finding).status_code == 200
    assert coordinator.post(f"{API}/{key}/agreement").status_code == 200
    told = coordinator.get(f"{API}/{key}").json()
    assert (told["stands"], told["heard"]) == ("cleared", [str(learner)])
    queue = coordinator.get(f"/api/v1/schools/{SCHOOL}/irregularities").json()
    assert (len(queue["waiting"]), len(queue["decided"])) == (1, 1)
    [own] = desk.browser("parent").get("/api/v1/me/irregularities").json()["irregularities"]
    assert (own["outcome"], own["answers"]) == ("cleared", ["was_helped"])
