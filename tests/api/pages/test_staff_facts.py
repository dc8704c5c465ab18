"""The timeline of facts: both clocks, brackets, filters, pages; and the field that finds them."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest

from api.access.record_codes import learner_code, staff_code
from api.pages import staff_facts
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pages.test_exam_workbooks import rows
from tests.api.pilot_school import PilotSchool


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def facts(desk: Desk) -> str:
    """The timeline of a learner whose two hours were taken back and awarded again as one."""
    desk.put_right(45)
    return f"/staff/facts/{desk.pilot.learners[0]}"


def topics(page: str) -> list[str]:
    return re.findall(r"<br>([a-z_]+\.[a-z_]+) ·", page)


def test_a_fact_names_topic_both_clocks_role_organisation_rules_and_event(
    desk: Desk, facts: str
) -> None:
    page = desk.browser("auditor").get(facts).text

    assert re.search(r"#\d+ · 发生 2026-09-18 18:50 · 记录于 .*<br>attendance\.checked_in · ", page)
    assert "活动主持人 · 示例小学 · 教师点名" in page
    assert "&#34;learner_id&#34;" in page
    assert "陈" not in page
    assert desk.readings("learner_history") == 1


def test_a_reversal_and_what_it_takes_back_point_at_each_other(desk: Desk, facts: str) -> None:
    page = desk.browser("auditor").get(facts).text

    [reversal] = re.findall(r'id="f-(\d+)">(?:(?!</article>).)*学时冲正', page, re.DOTALL)
    assert f"已被 #{reversal} 冲正" in page
    assert "-2.00" in page
    assert page.count('class="ev reversed"') == page.count('class="ev voided"') == 2


def test_a_timeline_is_filtered_by_kind_term_and_day(desk: Desk, facts: str) -> None:
    asked = {
        "kind=reversals": {"account.credit_reversed", "attendance.corrected"},
        "kind=person": {"learner.registered", "learner.enrolled", "learner.guardianship_linked"},
        "term=2026-1&kind=person": set[str](),
        "day=2026-01-01": set[str](),
        "day=2026-01-01&known=true": set[str](),
    }
    auditor = desk.browser("auditor")

    found = {query: set(topics(auditor.get(f"{facts}?{query}").text)) for query in asked}

    assert found == asked


def test_a_long_timeline_comes_in_pages_and_whole_to_print(
    desk: Desk, facts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff_facts, "FACTS_ON_A_PAGE", 4)
    auditor = desk.browser("auditor")
    whole = topics(auditor.get(f"{facts}?page=0").text)
    pages = -(-len(whole) // 4)
    assert pages > 2

    read = [topics(auditor.get(f"{facts}?page={n}").text) for n in range(1, pages + 1)]

    assert [topic for page in read for topic in page] == whole
    assert topics(auditor.get(f"{facts}?page=99").text) == read[-1]


def test_a_typed_score_is_not_there_before_its_second_person_typed_it(
    desk: Desk, facts: str
) -> None:
    coordinator, score = desk.browser("coordinator"), "&#34;score&#34;: 86"
    exam_id = desk.typed(86)
    waiting = coordinator.get(facts).text
    assert "attempt.paper_result_entered" in waiting
    assert score not in waiting

    desk.checked(exam_id, 86)
    assert coordinator.get(facts).text.count(score) > 1


def test_the_facts_of_a_session_lead_to_the_learners_by_their_codes(desk: Desk, facts: str) -> None:
    page = desk.browser("auditor").get(f"/staff/facts/{desk.pilot.session_id}").text

    assert "session.attested" in topics(page)
    assert learner_code(desk.pilot.learners[1]) in page


def test_facts_are_read_within_the_reach_of_a_grant(desk: Desk, facts: str) -> None:
    elsewhere = ("auditor_elsewhere", "coordinator_elsewhere", "host")
    within = ("district_officer", "data_protection_officer", "head")

    assert {desk.browser(each).get(facts).status_code for each in elsewhere} == {403}
    assert {desk.browser(each).get(facts).status_code for each in within} == {200}

    # What concerns no school is the city's alone.
    staff_stream = f"/staff/facts/{desk.people['host']}"
    assert desk.browser("city_administrator").get(staff_stream).status_code == 200
    assert desk.browser("auditor").get(staff_stream).status_code == 403
    assert desk.browser("city_administrator").get(f"/staff/facts/{uuid4()}").status_code == 404


def attendance_of(desk: Desk, learner_id: UUID) -> UUID:
    history = desk.runtime.models.history.history(learner_id)
    return next(each.originator_id for each in history if each.topic == "attendance.checked_in")


def test_whoever_is_in_a_history_is_on_the_log_of_looks(desk: Desk, facts: str) -> None:
    """Two of the three came; the third is in neither history."""
    auditor, learners = desk.browser("auditor"), desk.pilot.learners[:3]
    session, attendance = desk.pilot.session_id, attendance_of(desk, learners[0])

    for stream_id, concerned in ((attendance, learners[:1]), (session, learners[:2])):
        for page in ("", "/list.xlsx"):
            before = [looks_at(desk, each) for each in learners]
            assert auditor.get(f"/staff/facts/{stream_id}{page}").status_code == 200
            more = [looks_at(desk, each) - n for each, n in zip(learners, before, strict=True)]
            assert more == [int(each in concerned) for each in learners]


def test_an_account_handed_out_is_on_the_log_of_looks(desk: Desk, facts: str) -> None:
    auditor, learner = desk.browser("auditor"), desk.pilot.learners[0]
    before = looks_at(desk, learner)
    assert auditor.get(f"/staff/learners/{learner}/account.xlsx").status_code == 200
    assert looks_at(desk, learner) == before + 1


def looks_at(desk: Desk, learner_id: UUID) -> int:
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        row = owner.execute(
            "SELECT count(*) FROM ledger_vault.access_log WHERE %s = ANY(subject_ids)",
            (learner_id,),
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_position_of_another_school_looks_like_none(desk: Desk, facts: str) -> None:
    learner = desk.pilot.learners[0]
    [fact, *_] = desk.runtime.models.history.history(learner)
    attendance = attendance_of(desk, learner)
    for text in (f"#{fact.position}", f"{attendance}/1"):
        for asker in ("auditor_elsewhere", "coordinator_elsewhere", "host"):
            answer = desk.browser(asker).get("/staff/find", params={"q": text})
            assert (asker, answer.status_code) == (asker, 404)
            assert str(fact.originator_id) not in answer.text


@pytest.mark.parametrize("attendance_first", [True, False])
def test_the_school_of_the_session_or_every_learner_opens_an_attendance(
    desk: Desk, facts: str, monkeypatch: pytest.MonkeyPatch, attendance_first: bool
) -> None:
    """Whichever id sorts first."""
    attendance, finding = attendance_of(desk, desk.pilot.learners[0]), desk.runtime.models.finding
    found = sorted(finding.subjects_of(attendance), reverse=attendance_first)
    monkeypatch.setattr(finding, "subjects_of", lambda _: found)
    sessions = desk.runtime.models.sessions
    own = sessions.session(desk.pilot.session_id)
    assert own is not None
    abroad = {own.session_id: replace(own, school_code=ELSEWHERE)}
    monkeypatch.setattr(sessions, "session", abroad.get)
    expected = {"coordinator": 200, "coordinator_elsewhere": 200, "auditor_elsewhere": 403}
    for asker, status in expected.items():
        assert desk.browser(asker).get(f"/staff/facts/{attendance}").status_code == status


def test_one_field_finds_whatever_is_printed_or_recorded(desk: Desk, facts: str) -> None:
    learner = desk.pilot.learners[0]
    [line, *_] = desk.runtime.models.accounts.statement(learner)
    [fact, *_] = desk.runtime.models.history.history(learner)
    where = f"/staff/facts/{fact.originator_id}?at={fact.position}#f-{fact.position}"
    named = {
        learner_code(learner): f"/staff/learners/{learner}",
        f" {learner_code(learner).lower().replace('-', ' ')} ": f"/staff/learners/{learner}",
        str(learner): f"/staff/learners/{learner}",
        str(line.entry_id): f"/staff/learners/{learner}/lines/{line.entry_id}",
        str(desk.pilot.session_id): f"/staff/facts/{desk.pilot.session_id}",
        f"#{fact.position}": where,
        f"＃{fact.position}": where,
        f"{fact.originator_id}/{fact.version}": where,
    }
    auditor = desk.browser("auditor")

    found = {text: auditor.get("/staff/find", params={"q": text}) for text in named}

    assert {text: answer.headers.get("location") for text, answer in found.items()} == named


def mistyped(learner_id: UUID) -> str:
    code = learner_code(learner_id)
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_what_is_not_there_is_said_and_stays_typed(desk: Desk) -> None:
    unknown = ["#99999999", str(uuid4()), f"{uuid4()}/3", "440104-2026-0000001-7"]
    unknown.append(learner_code(UUID(int=0)))
    malformed = ["陈建", "440104-2026-0000001-8", "x" * 101, staff_code(uuid4())]
    malformed.append(mistyped(UUID(int=5)))
    auditor = desk.browser("auditor")

    for text, status in [*((t, 404) for t in unknown), *((t, 400) for t in malformed), ("", 200)]:
        answer = auditor.get("/staff/find", params={"q": text})
        assert (text, answer.status_code) == (text, status)
        assert f'value="{text}"' in answer.text


def test_a_file_of_facts_says_by_their_codes_who_acted(desk: Desk, facts: str) -> None:
    history = desk.runtime.models.history.history(desk.pilot.learners[0])
    assert {row["操作人"] for row in rows(desk.browser("auditor"), f"{facts}/list.xlsx")} >= {
        staff_code(line.actor_id) for line in history if line.topic == "attendance.checked_in"
    }
