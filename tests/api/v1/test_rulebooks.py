"""Rules as JSON: read by anybody, changed by two officers of their level after a dry run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.envelope import Role
from tests.acting import DISTRICT, ENDS, SCHOOL
from tests.api.desk import Desk
from tests.api.rule_desk import NEXT, RULES, an_evening, officer, rules, tried, work

PUBLIC = "/api/v1/rulebooks"


def published(desk: Desk, draft: dict[str, Any], at: str = RULES) -> None:
    first, second = officer(desk), officer(desk, 2)
    version = draft["version"]
    assert first.post(at, json=draft).status_code == 201
    tried(desk, first, at, version)
    assert second.post(f"{at}/{version}/publish").status_code == 201


def test_anybody_reads_every_figure_in_both_languages_with_its_basis(desk: Desk) -> None:
    listed = desk.browser("nobody").get(PUBLIC).json()
    assert (listed["in_force"], listed["rulebooks"][0]["state"]) == (None, "announced")
    desk.open()
    listed = desk.browser("nobody").get(PUBLIC).json()
    assert (listed["in_force"], listed["rulebooks"][0]["state"]) == ("2026.1", "in_force")

    found = desk.browser("nobody").get(f"{PUBLIC}/2026.1").json()

    figures = {each["ref"]: each for each in found["figures"]}
    assert len(figures) > 100
    assert figures["exam.pass_mark"] == {
        "ref": "exam.pass_mark",
        "name": {"zh": "考核合格线", "en": "Pass mark of an exam"},
        "value": 60,
        "unit": "marks",
        "text": {"zh": "60 分", "en": "60 marks"},
        "basis": "LOCAL: 60 is the usual 合格线",
        "basis_text": {"zh": "地方默认规则，可修改", "en": "Local default, can be changed"},
    }
    assert (found["compared_with"], found["changes"]) == (None, [])


def test_nobody_reads_what_is_not_published(desk: Desk) -> None:
    assert desk.browser("nobody").get(f"{PUBLIC}/2031.1").status_code == 404
    officer(desk).post(RULES, json=rules())
    assert desk.browser("nobody").get(f"{PUBLIC}/2026.2").status_code == 404
    assert len(desk.browser("nobody").get(PUBLIC).json()["rulebooks"]) == 1
    assert len(officer(desk).get(RULES).json()["rulebooks"]) == 2


def test_two_officers_announce_rules_that_were_tried(desk: Desk) -> None:
    an_evening(desk)
    first, second = officer(desk), officer(desk, 2)
    assert first.post(RULES, json=rules(exam__pass_mark=70)).json() == {"version": "2026.2"}

    early = second.post(f"{RULES}/2026.2/publish")
    assert (early.status_code, early.json()["code"]) == (409, "rulebook_not_rehearsed")
    run = tried(desk, first, RULES, "2026.2")
    assert (run["state"], run["percent"], run["totals"]["learners"]) == ("finished", 100, 3)
    alone = first.post(f"{RULES}/2026.2/publish")
    assert alone.json()["code"] == "rulebook_needs_second_person"
    assert second.post(f"{RULES}/2026.2/publish").status_code == 201

    found = desk.browser("nobody").get(f"{PUBLIC}/2026.2").json()
    assert (found["state"], found["compared_with"]) == ("announced", "2026.1")
    [change] = found["changes"]
    assert (change["ref"], change["before"]["zh"], change["after"]["en"]) == (
        "exam.pass_mark", "60 分", "70 marks",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "on", "code"),
    [
        ({"exam__pass_mark": "seventy"}, NEXT, "value_malformed"),
        ({"exam__merit_mark": 50}, NEXT, "marks_not_rising"),
        ({"stars__tracks__six_year__levels__5__hours": 99_900}, NEXT, "unreachable"),
        ({"exam__joke": 1}, NEXT, "rule_unknown"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_with_figure_and_reason(
    desk: Desk, figures: dict[str, Any], on: date, code: str
) -> None:
    answer = officer(desk).post(RULES, json=rules(on=on, **figures))

    assert (answer.status_code, answer.json()["code"]) == (422, "rulebook_contradicts")
    [reason] = answer.json()["reasons"]
    assert reason["code"] == code
    assert reason["ref"] == next(iter(figures)).replace("__", ".")
    assert reason["text"]["zh"]
    assert reason["text"]["en"]


def test_a_version_that_is_taken_is_refused_and_the_same_draft_is_no_news(desk: Desk) -> None:
    client = officer(desk)
    assert client.post(RULES, json=rules()).status_code == 201
    assert client.post(RULES, json=rules()).status_code == 201
    taken = client.post(RULES, json=rules(exam__pass_mark=70))
    assert taken.json()["code"] == "rulebook_version_taken"


def test_too_short_a_notice_is_refused(desk: Desk) -> None:
    first, second = officer(desk), officer(desk, 2)
    soon = (desk.clock.at + timedelta(days=13)).date()
    first.post(RULES, json=rules(on=soon))
    tried(desk, first, RULES, "2026.2")
    answer = second.post(f"{RULES}/2026.2/publish")
    assert answer.json()["code"] == "rulebook_notice_too_short"


def test_rules_are_withdrawn_only_before_they_take_effect(desk: Desk) -> None:
    published(desk, rules())
    desk.clock.move_to(desk.clock.at + timedelta(days=300))
    late = officer(desk).post(f"{RULES}/2026.2/withdraw")
    assert late.json()["code"] == "rulebook_in_force"
    published(desk, rules("2027.2", date(2028, 3, 1)))
    assert officer(desk).post(f"{RULES}/2027.2/withdraw").status_code == 201
    again = officer(desk).post(f"{RULES}/2027.2/withdraw")
    assert again.json()["code"] == "rulebook_withdrawn"


def test_a_dry_run_lists_who_changes_for_the_officers_of_the_level(desk: Desk) -> None:
    an_evening(desk)
    client = officer(desk)
    client.post(RULES, json=rules(modes__on_site__cap_per_session=150))
    run = tried(desk, client, RULES, "2026.2")
    assert run["totals"] == {
        "learners": 3, "gaining": 0, "losing": 1, "hours_gained": 0, "hours_lost": 50,
        "completions_gained": 0, "completions_lost": 0, "stars_gained": 0, "stars_lost": 0,
        "certificates": 0,
    }  # fmt: skip

    seen = officer(desk, 1, Role.AUDITOR).get(f"/api/v1/dry-runs/{run['run_id']}").json()
    assert (seen["state"], seen["totals"]) == ("finished", None)  # one person's
    address = f"/api/v1/dry-runs/{run['run_id']}/learners"
    page = client.get(address, params={"limit": 1}).json()
    [one] = page["learners"]
    assert one["learner_id"] == str(desk.pilot.learners[0])
    assert (one["hours_before"], one["hours_after"]) == (200, 150)
    rest = client.get(address, params={"limit": 1, "after": page["next_after"]}).json()
    assert rest == {"learners": [], "next_after": None}
    assert desk.browser("auditor").get(address).status_code == 403
    assert desk.browser("coordinator").get(address).status_code == 403


def test_a_dry_run_is_cancelled_cleanly_and_asked_for_again(desk: Desk) -> None:
    client = officer(desk)
    client.post(RULES, json=rules())
    asked = client.post(f"{RULES}/2026.2/dry-runs", json={}).json()
    gone = client.post(f"/api/v1/dry-runs/{asked['run_id']}/cancel").json()
    assert gone["state"] == "cancelled"
    work(desk)
    assert client.get(f"/api/v1/dry-runs/{asked['run_id']}").json()["state"] == "cancelled"
    assert tried(desk, client, RULES, "2026.2")["state"] == "finished"
    unknown = client.get(f"/api/v1/dry-runs/{desk.pilot.session_id}")
    assert unknown.json()["code"] == "dry_run_unknown"


DISTRICT_RULES = f"/api/v1/organisations/{DISTRICT}/rulebooks"
SCHOOL_RULES = f"/api/v1/organisations/{SCHOOL}/rulebooks"


def sparse(figures: dict[str, Any], version: str = "1") -> dict[str, Any]:
    return {
        "version": version, "title": "示例区规则", "effective_from": NEXT.isoformat(),
        "figures": figures,
    }  # fmt: skip


def test_a_district_fills_the_city_s_margins_and_a_school_the_rest(desk: Desk) -> None:
    first, second = (officer(desk, n, Role.DISTRICT_OFFICER) for n in (1, 2))
    assert first.post(DISTRICT_RULES, json=sparse({"exam.pass_mark": 70})).status_code == 201
    tried(desk, first, DISTRICT_RULES, "1")
    assert second.post(f"{DISTRICT_RULES}/1/publish").status_code == 201
    coordinator, head = officer(desk, 1, Role.COORDINATOR), officer(desk, 1, Role.HEAD)
    assert coordinator.post(SCHOOL_RULES, json=sparse({"exam.questions": 10})).status_code == 201
    tried(desk, coordinator, SCHOOL_RULES, "1")
    other = officer(desk, 2, Role.COORDINATOR).post(f"{SCHOOL_RULES}/1/publish")
    assert other.json()["code"] == "rulebook_needs_second_person"
    assert head.post(f"{SCHOOL_RULES}/1/publish").status_code == 201

    rulebooks = desk.runtime.book.rulebooks
    name = "2026.1+440104:1+4401040001:1"
    assert rulebooks.on(NEXT, SCHOOL).version == name
    assert rulebooks.version(name).exam.pass_mark == 70
    assert rulebooks.version(name).exam.questions == 10
    assert rulebooks.on(NEXT).version == "2026.1"
    listed = desk.browser("nobody").get(PUBLIC, params={"school_code": SCHOOL}).json()
    assert [each["name"] for each in listed["rulebooks"]] == ["2026.1", "2026.1+440104:1", name]
    found = desk.browser("nobody").get(f"{PUBLIC}/{name}").json()
    assert (found["organisation"], found["compared_with"]) == (SCHOOL, "2026.1+440104:1")
    assert [each["ref"] for each in found["changes"]] == ["exam.questions"]


def test_a_lower_level_stays_within_its_margins_and_its_own_place(desk: Desk) -> None:
    district = officer(desk, 1, Role.DISTRICT_OFFICER)
    outside = district.post(DISTRICT_RULES, json=sparse({"units.award_step": 100}))
    assert (outside.status_code, outside.json()["code"]) == (422, "rulebook_outside_margins")
    assert outside.json()["refs"] == ["units.award_step"]
    assert district.post(RULES, json=rules()).status_code == 403
    assert district.post(SCHOOL_RULES, json=sparse({})).status_code == 403
    nowhere = "/api/v1/organisations/4409990001/rulebooks"
    assert district.post(nowhere, json=sparse({})).json()["code"] == "school_unknown"


def test_what_is_better_reaches_back_by_two_officers_as_rehearsed(desk: Desk) -> None:
    on = (ENDS + timedelta(days=2)).date()
    better = rules(on=on, modes__on_site__rate_per_class_hour=200)
    better["retroactivity"]["better_backwards"] = True
    better["stars"]["tracks"]["six_year"]["levels"]["1"]["hours"] = 700
    published(desk, better)
    an_evening(desk)
    first, second = officer(desk), officer(desk, 2)
    run = tried(desk, first, RULES, "2026.2", from_version="2026.1")
    assert (run["totals"]["gaining"], run["totals"]["hours_gained"]) == (2, 300)

    proposal = first.post(f"/api/v1/dry-runs/{run['run_id']}/re-evaluation").json()
    address = f"/api/v1/re-evaluations/{proposal['re_evaluation_id']}"
    signed = {"dry_run_sha256": run["sha256"]}
    assert first.post(f"{address}/start", json=signed).json()["code"] == (
        "rulebook_needs_second_person"
    )
    other = second.post(f"{address}/start", json={"dry_run_sha256": "0" * 64})
    assert other.json()["code"] == "dry_run_differs"
    assert second.post(f"{address}/start", json=signed).status_code == 201
    assert second.post(f"{address}/start", json=signed).status_code == 201
    work(desk)

    done = second.get(address).json()
    assert done["outcomes"] == {"changed": 2, "unchanged": 1, "facts_changed": 0, "would_lose": 0}
    balances = [desk.runtime.models.accounts.balance(each) for each in desk.pilot.learners]
    assert balances == [400, 200, 0]


def test_a_dry_run_of_a_draft_is_not_applied_backwards(desk: Desk) -> None:
    client = officer(desk)
    client.post(RULES, json=rules())
    run = tried(desk, client, RULES, "2026.2")
    answer = client.post(f"/api/v1/dry-runs/{run['run_id']}/re-evaluation")
    assert answer.json()["code"] == "dry_run_unknown"
    backwards = {"from_version": "2026.1"}
    drafted = client.post(f"{RULES}/2026.2/dry-runs", json=backwards)
    assert drafted.json()["code"] == "rulebook_unknown"
    officer(desk, 2).post(f"{RULES}/2026.2/publish")
    waiting = client.post(f"{RULES}/2026.2/dry-runs", json=backwards).json()
    answer = client.post(f"/api/v1/dry-runs/{waiting['run_id']}/re-evaluation")
    assert answer.json()["code"] == "dry_run_unfinished"


def test_rules_that_do_not_say_so_do_not_reach_back(desk: Desk) -> None:
    published(desk, rules())
    desk.clock.move_to(desk.clock.at + timedelta(days=300))
    client = officer(desk)
    run = tried(desk, client, RULES, "2026.2", from_version="2026.1")
    answer = client.post(f"/api/v1/dry-runs/{run['run_id']}/re-evaluation")
    assert answer.json()["code"] == "re_evaluation_not_allowed"
    unknown = client.get(f"/api/v1/re-evaluations/{desk.pilot.session_id}")
    assert unknown.json()["code"] == "re_evaluation_unknown"


def test_an_organisation_tries_one_thing_at_a_time(desk: Desk) -> None:
    client, teacher = officer(desk), desk.browser("coordinator")
    client.post(RULES, json=rules())
    teacher.post(SCHOOL_RULES, json=sparse({"exam.questions": 25}))
    first = client.post(f"{RULES}/2026.2/dry-runs", json={})
    second = client.post(f"{RULES}/2026.2/dry-runs", json={})
    elsewhere = teacher.post(f"{SCHOOL_RULES}/1/dry-runs", json={})
    assert [first.status_code, second.status_code, elsewhere.status_code] == [202, 409, 202]
    assert second.json()["code"] == "dry_run_under_way"
    work(desk)
    assert client.post(f"{RULES}/2026.2/dry-runs", json={}).status_code == 202


@pytest.mark.parametrize("asker", ["nobody", "coordinator", "coordinator_elsewhere"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/dry-runs/{id}"),
        ("POST", "/api/v1/dry-runs/{id}/cancel"),
        ("POST", "/staff/dry-runs/{id}/cancel"),
        ("GET", "/api/v1/re-evaluations/{id}"),
        ("POST", "/api/v1/re-evaluations/{id}/start"),
    ],
)
def test_what_is_not_there_looks_like_what_is_foreign(
    desk: Desk, asker: str, method: str, path: str
) -> None:
    headers = {"Accept": "application/json"}
    answer = desk.browser(asker).request(
        method, path.format(id=uuid4()), json={"dry_run_sha256": ""}, headers=headers
    )
    assert answer.status_code == (401 if asker == "nobody" else 403), answer.text
