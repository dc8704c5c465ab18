"""Explanations: from the answer in plain words down to scans, rules, attestations, corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.correction import AttendanceOrder
from domain.evaluation import CompletionKind
from domain.rules import ReversalReason
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.ledger.school_years import COORDINATOR, SchoolYears, evening_of
from tests.ledger.stars import READY_ON, with_four_stars
from tests.projections.term import Term

Tree = dict[str, Any]


def parts(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in tree["children"]:
        yield from parts(child)


def of_kind(tree: Tree, what: str) -> list[Tree]:
    return [each for each in parts(tree) if each["what"] == what]


@pytest.fixture
def years(desk: Desk) -> SchoolYears:
    """The first learner, with a complete year: eight hours in two families, and the exam."""
    pilot = desk.pilot
    [(child, *_)] = pilot.book.learners.get(pilot.learners[0]).enrolments
    made = SchoolYears(pilot.book, pilot.learners[0], child)
    made.begin(2026, "三年级")
    made.evening(date(2026, 9, 25), "读懂情绪")
    made.evening(date(2026, 10, 16), "生命教育", "life_education")
    made.evening(date(2026, 11, 6), "压力与睡眠")
    made.exam(date(2026, 12, 4))
    made.evening(date(2026, 12, 11), "认识职业", "career_experience")
    desk.catch_up(pilot.book.ledger.position())
    return made


def entry(desk: Desk, learner: UUID, number: int = 0) -> UUID:
    account = desk.runtime.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    return account.standing[number].entry_id


def test_a_line_opens_to_its_scans_its_rule_and_its_two_attestations(
    desk: Desk, years: SchoolYears
) -> None:
    address = f"/api/v1/me/lines/{entry(desk, years.learner)}/explanation"

    told = desk.browser("parent").get(address).json()

    assert told["answer"] == "计 2.00 学时：在场 80 分钟，计划 80 分钟，占 100%，全部计入。"
    tree = told["tree"]
    [assessed] = of_kind(tree, "assessment")
    assert assessed["rule"]["ref"] == "attendance.full_credit_min_percent"
    assert assessed["rule"]["version"] == "2026.1"
    assert assessed["rule"]["says"] == "在场时间达到75%，全部计入"
    assert assessed["event"]["topic"] == "attendance.assessed"
    assert [each["what"] for each in assessed["children"]] == ["check_in", "check_out"]
    assert assessed["children"][0]["event"]["channel"] == "rotating_qr"
    assert {each["values"]["role"] for each in of_kind(tree, "attested")} == {"host", "coordinator"}
    assert of_kind(tree, "limit") == []


def test_it_is_said_in_english_too(desk: Desk, years: SchoolYears) -> None:
    address = f"/api/v1/me/lines/{entry(desk, years.learner)}/explanation"
    told = desk.browser("parent").get(address, headers={"Accept-Language": "en"}).json()
    assert "80 of 80 planned minutes" in told["answer"]
    assert re.search("[一-鿿]", told["answer"]) is None


def test_a_cap_that_bit_names_the_lines_that_used_its_room(desk: Desk, years: SchoolYears) -> None:
    years.evening(date(2026, 12, 18), "五课时", hours=5)
    years.evening(date(2026, 12, 19), "认识职业", "career_experience")
    desk.catch_up(years.book.ledger.position())
    learner = years.learner
    long = entry(desk, learner, 4)
    lines = desk.runtime.models.accounts.statement(learner)
    repeated = next(each.entry_id for each in lines if "same_course" in (each.cap_ref or ""))
    parent = desk.browser("parent")

    told = parent.get(f"/api/v1/me/lines/{long}/explanation").json()
    assert told["answer"] == "计 4.00 学时：达到上限，本应 5.00 学时，计 4.00 学时。"
    [limit] = of_kind(told["tree"], "limit")
    assert limit["rule"]["ref"] == "modes.on_site.cap_per_session"
    assert limit["children"] == []

    told = parent.get(f"/api/v1/me/lines/{repeated}/explanation").json()
    assert told["answer"] == "计 0.00 学时：达到上限，本应 2.00 学时，计 0.00 学时。"
    [limit] = of_kind(told["tree"], "limit")
    assert [each["values"]["title"] for each in limit["children"]] == ["认识职业"]


def test_a_correction_says_what_it_took_back_and_what_took_its_place(
    desk: Desk, years: SchoolYears
) -> None:
    corrections, learner = years.book.corrections, years.learner
    before = entry(desk, learner)
    session_id = desk.runtime.models.accounts.statement(learner)[0].session_id
    assert session_id is not None
    order = AttendanceOrder(
        session_id=session_id, learner_id=learner, reason_code=ReversalReason.NOT_PRESENT
    )
    by = envelope(READY_ON, actor_id=COORDINATOR)
    made = corrections.propose(order, corrections.preview(order, by).sha256, by)
    if made.state == "waiting":
        second = envelope(READY_ON, actor_id=uuid4())
        corrections.approve(made.id, made.sha256, second)
    desk.catch_up(years.book.ledger.position())

    told = desk.browser("parent").get(f"/api/v1/me/lines/{before}/explanation").json()

    assert told["tree"]["values"]["stands"] is False
    [taken] = of_kind(told["tree"], "reversed")
    assert (taken["values"]["reason_code"], taken["values"]["hours"]) == ("not_present", -200)
    completion = "/api/v1/me/completions/primary/2026/explanation"
    gone = desk.browser("parent").get(completion).json()
    assert gone["answer"] == "2026 学年结业（已撤回）"


def test_a_completion_opens_to_conditions_lines_and_exams(desk: Desk, years: SchoolYears) -> None:
    address = f"/api/v1/learners/{years.learner}/completions/primary/2026/explanation"

    told = desk.browser("auditor").get(address).json()

    assert told["answer"] == "2026 学年结业"
    conditions = {each["rule"]["ref"]: each for each in of_kind(told["tree"], "condition")}
    hours = conditions["completion.annual.min_hours"]
    assert (hours["values"]["value"], hours["values"]["threshold"]) == (800, 800)
    assert hours["says"] == "学时 8.00，需要 8.00"
    assert len(of_kind(hours, "line")) == 4
    assert len(of_kind(hours, "check_in")) == 4
    family = conditions["course_families.must_include.mental_health"]
    assert len(family["children"]) == 2
    [exam] = of_kind(conditions["completion.annual.exams_passed"], "exam")
    assert [each["values"]["topic"] for each in exam["children"]] == [
        "exam.published", "attempt.paper_result_entered", "attempt.paper_result_checked",
    ]  # fmt: skip


def test_a_stage_completion_opens_to_the_years_it_stands_on(desk: Desk, years: SchoolYears) -> None:
    years.begin(2026, "六年级")
    years.close(2026)
    assert (CompletionKind.STAGE, "primary") in years.evaluation().completions
    desk.catch_up(years.book.ledger.position())
    parent = desk.browser("parent")

    told = parent.get("/api/v1/me/completions/primary/primary/explanation").json()

    assert told["answer"] == "小学学段结业"
    [year] = [each for each in of_kind(told["tree"], "completion") if each != told["tree"]]
    assert year["values"]["period"] == "2026"


def test_a_star_opens_to_completions_and_lines_and_a_fifth_one_to_its_proposal(
    desk: Desk,
) -> None:
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    with_four_stars(book, learner)
    by = envelope(READY_ON, actor_id=COORDINATOR)
    proposal_id = book.star_proposals.propose(learner, "primary", SCHOOL, by)
    book.star_proposals.grant(proposal_id, envelope(READY_ON + timedelta(days=8)))
    desk.catch_up(book.ledger.position())
    parent = desk.browser("parent")

    five = parent.get("/api/v1/me/stars/primary/5/explanation").json()
    four = parent.get("/api/v1/me/stars/primary/4/explanation").json()

    assert five["answer"] == "小学 五星家长，2030-05-14 起"
    [proposal] = of_kind(five["tree"], "proposal")
    assert proposal["says"] == "学校推荐，公示至 2030-05-13"
    assert [each["values"]["topic"] for each in proposal["children"]] == ["star_proposal.granted"]
    assert of_kind(four["tree"], "proposal") == []
    assert len(of_kind(four["tree"], "completion")) == 4
    refs = [each["rule"]["ref"] for each in of_kind(four["tree"], "condition") if each["rule"]]
    assert "stars.tracks.six_year.levels.5.shares" not in refs
    assert "stars.tracks.six_year.levels.4.theme_activities" in refs


def test_a_star_that_had_to_wait_says_for_what(desk: Desk, years: SchoolYears) -> None:
    book = years.book
    years.evening(date(2027, 1, 8), "陪孩子读书")
    account = book.ledger.find(Account, Account.create_id(years.learner))
    assert account is not None
    fraud = envelope(evening_of(date(2027, 1, 12)))
    account.reverse(account.standing[-1].entry_id, ReversalReason.FRAUD_CONFIRMED, fraud)
    book.ledger.save(account)
    years.evening(date(2027, 3, 12), "家庭约定", "life_education", hours=4)
    years.evening(date(2027, 3, 19), "生活中的数学", "life_education", hours=4)
    years.evening(date(2027, 3, 26), "手机与网络", "life_education", hours=4)
    desk.catch_up(book.ledger.position())
    waits = "有学时经核实不实：当学期及之后 1 个学期暂停评星，之后恢复"
    desk.clock.move_to(evening_of(date(2027, 3, 27)))
    assert waits in desk.browser("parent").get("/me").text
    assert years.evaluation().star_level == 1

    years.close(2026)
    desk.catch_up(book.ledger.position())

    told = desk.browser("parent").get("/api/v1/me/stars/primary/2/explanation").json()
    found = {each["rule"]["ref"]: each for each in of_kind(told["tree"], "condition")}
    waited = found["deductions.no_star_terms_after_fraud"]
    assert waited["says"] == "核实不实之后已过 1 个学期，需要 1 个"
    assert waited["rule"]["says"] == "有学时经核实不实的，当学期及之后1个学期暂停评星"
    assert [each["values"]["topic"] for each in waited["children"]] == ["account.credit_reversed"]
    desk.clock.move_to(evening_of(date(2027, 9, 11)))
    assert waits not in desk.browser("parent").get("/me").text


def test_a_certificate_opens_to_its_achievement_its_key_and_its_state(desk: Desk) -> None:
    term = Term(desk.pilot)
    term.evening(desk.pilot.session_id, STARTS, desk.pilot.learners)
    term.issue()
    desk.catch_up(desk.runtime.book.ledger.position())
    learner = desk.pilot.learners[0]
    found = desk.runtime.models.certificates.certificates_of_learner(learner)
    [revoked] = [each for each in found if each.state == "revoked"]
    officer = desk.browser("district_officer")

    told = officer.get(f"/api/v1/certificates/{revoked.number}/explanation").json()

    assert told["answer"] == f"学时证明 {revoked.number}"
    [signature] = of_kind(told["tree"], "signature")
    assert signature["values"]["key_id"] == "key-1"
    [account] = of_kind(told["tree"], "account")
    assert len(account["children"]) == 1
    topics = [each["values"]["topic"] for each in of_kind(told["tree"], "fact")]
    assert topics[-2:] == ["certificate.revocation_proposed", "certificate.revoked"]
    own = desk.browser("parent").get(f"/api/v1/me/certificates/{revoked.number}/explanation")
    assert own.json() == told
    other = desk.browser("parent", desk.pilot.learners[1])
    path = f"/me/certificates/{revoked.number}/explanation"
    assert other.get(f"/api/v1{path}").json()["code"] == "certificate_unknown"
    assert other.get(path).status_code == 404
    assert desk.browser("parent").get(path).status_code == 200
    assert officer.get(f"/staff/certificates/{revoked.number}/explanation").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["lines/{new}", "completions/primary/2031", "completions/junior/junior", "stars/primary/5"],
)
def test_what_nobody_recorded_is_not_explained(desk: Desk, years: SchoolYears, path: str) -> None:
    address = f"/api/v1/me/{path.format(new=uuid4())}/explanation"
    assert desk.browser("parent").get(address).json()["code"] == "nothing_to_explain"


def test_the_pages_answer_in_their_first_line_and_open_without_script(
    desk: Desk, years: SchoolYears
) -> None:
    key, learner = entry(desk, years.learner), years.learner
    parent, head = desk.browser("parent"), desk.browser("head")

    page = parent.get(f"/me/statement/{key}/why").text

    assert "计 2.00 学时：在场 80 分钟" in page
    assert page.count("<details") > 5
    assert f'href="/me/statement/{key}/why"' in parent.get("/me/statement").text
    for path in ("/me/completions/primary/2026", "/me/stars/primary/1"):
        assert parent.get(path).status_code == 200
    staff = f"/staff/learners/{learner}"
    assert f'href="{staff}/lines/{key}"' in head.get(staff).text
    for path in (f"/lines/{key}", "/completions/primary/2026", "/stars/primary/1"):
        assert "为什么是这样" in head.get(f"{staff}{path}").text
    assert desk.browser("host").get(f"{staff}/lines/{key}").status_code == 403


def test_a_parents_statement_stands_as_of_a_day(desk: Desk, years: SchoolYears) -> None:
    page = desk.browser("parent").get("/me/statement?day=2026-10-01").text
    assert "读懂情绪" in page
    assert "生命教育" not in page
    assert "当时所知" in page
