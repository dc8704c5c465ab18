"""A learner's account and history as JSON, on either clock and in pages."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def learner(desk: Desk) -> str:
    return f"/api/v1/learners/{desk.pilot.learners[0]}"


def test_the_statement_adds_up_and_names_its_rules(desk: Desk, learner: str) -> None:
    statement = desk.browser("coordinator").get(f"{learner}/statement").json()

    [line] = statement["lines"]
    assert (statement["balance"], statement["total"]) == (200, 1)
    assert (line["hours"], line["balance"], line["kind"]) == (200, 200, "awarded")
    assert line["rulebook_version"] == "2026.1"
    assert line["rule_ref"].startswith("attendance.")


@pytest.mark.parametrize(
    ("query", "balance"),
    [
        ({"as_of": "2026-09-17"}, 0),
        ({"as_of": "2026-09-18"}, 200),
        ({"known_by": "2026-01-01T00:00:00+08:00"}, 0),
        ({"known_by": "2100-01-01T00:00:00+08:00"}, 200),
    ],
)
def test_the_statement_stands_as_of_a_day_on_either_clock(
    desk: Desk, learner: str, query: dict[str, str], balance: int
) -> None:
    answer = desk.browser("auditor").get(f"{learner}/statement", params=query)

    assert answer.json()["balance"] == balance


def test_a_day_is_answered_by_both_clocks(desk: Desk, learner: str) -> None:
    answer = desk.browser("auditor").get(f"{learner}/as-of", params={"day": "2026-09-18"}).json()

    assert answer["as_now_true"]["balance"] == 200
    assert answer["as_now_true"]["stars"] == []
    early = desk.browser("auditor").get(f"{learner}/as-of", params={"day": "2026-01-01"}).json()
    assert early["as_known"]["balance"] == early["as_now_true"]["balance"] == 0
    own = desk.browser("parent").get("/api/v1/me/as-of", params={"day": "2026-09-18"}).json()
    assert own == answer
    assert desk.browser("host").get(f"{learner}/as-of?day=2026-09-18").status_code == 403


def test_the_history_is_read_in_pages_to_its_end(desk: Desk, learner: str) -> None:
    auditor = desk.browser("auditor")
    whole = auditor.get(f"{learner}/history").json()
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        page = auditor.get(f"{learner}/history", params={"after": after, "limit": 3}).json()
        found += [fact["position"] for fact in page["facts"]]
        after = page["next_after"]

    assert found == [fact["position"] for fact in whole["facts"]]
    assert found == sorted(found)
    assert (whole["total"], whole["next_after"]) == (len(found), None)


def test_a_fact_names_who_did_it_through_which_door(desk: Desk, learner: str) -> None:
    facts = desk.browser("district_officer").get(f"{learner}/history").json()["facts"]

    [fact] = [each for each in facts if each["topic"] == "attendance.checked_in"]
    assert (fact["role"], fact["channel"]) == ("host", "staff_entry")
    assert fact["state"]["session_id"] == str(desk.pilot.session_id)


@pytest.mark.parametrize("part", ["statement", "history"])
def test_a_host_reads_accounts_on_the_page_alone(desk: Desk, learner: str, part: str) -> None:
    assert desk.browser("host").get(f"{learner}/{part}").json()["code"] == "forbidden"


@pytest.mark.parametrize(
    ("asker", "code"), [("city_administrator", "learner_unknown"), ("coordinator", "forbidden")]
)
def test_an_unknown_learner_is_told_only_to_those_who_see_everything(
    desk: Desk, asker: str, code: str
) -> None:
    answer = desk.browser(asker).get(f"/api/v1/learners/{uuid4()}/statement")

    assert answer.json()["code"] == code


def test_a_moment_without_a_zone_is_malformed(desk: Desk) -> None:
    answer = desk.browser("auditor").get(
        f"/api/v1/learners/{desk.pilot.learners[0]}/statement",
        params={"known_by": "2026-01-01T00:00:00"},
    )

    assert answer.status_code in {400, 422}


def test_a_typed_score_is_not_to_be_read_before_its_second_person_typed_it(
    desk: Desk, learner: str
) -> None:
    coordinator = desk.browser("coordinator")

    def scores() -> dict[str, int | None]:
        facts = coordinator.get(f"{learner}/history").json()["facts"]
        return {
            each["topic"]: each["state"].get("score")
            for each in facts
            if each["topic"].startswith("attempt.")
        }

    exam_id = desk.typed(86)
    assert scores() == {"attempt.paper_result_entered": None}

    desk.checked(exam_id, 86)
    assert scores() == {"attempt.paper_result_entered": 86, "attempt.paper_result_checked": 86}
