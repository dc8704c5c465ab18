"""New rules bind what is announced from then on; what was announced, sat or reached before stays.

Worked example 7 of the rules: edition 2026.2 raises the pass mark to 70 from 2027-03-01; exams sat
before stay passed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.calendar import Term
from domain.envelope import Role
from domain.exam import ExamRecord
from domain.supplement import RuleLevel, Supplement
from ledger.book import Book
from ledger.exams import OnlineExam, PaperResult
from ledger.plans import Filing
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, SET_UP, STARTS, Pilot, envelope, planned, rehearse
from tests.ledger.rules import in_force, rules, with_figures
from tests.ledger.test_voided_later import a_full_year
from tests.online_exams import fill_bank

MARCH = date(2027, 3, 1)
IN_MARCH = datetime(2027, 3, 12, 11, 0, tzinfo=UTC)
STRICTER = {"exam.pass_mark": 70, "attendance.check_in_opens_minutes_before": 10}


def sat(pilot: Pilot, title: str, held_on: date, score: int) -> bool:
    """A learner's paper result, typed by one and checked by another: whether it passed."""
    exams, learner = pilot.book.exams, pilot.learners[0]
    at = datetime.combine(held_on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=10)
    exam_id = exams.publish(SCHOOL, title, held_on, envelope(at))
    assert exams.enter_results(exam_id, [PaperResult(learner, score)], envelope(at)) == {}
    assert exams.check_results(exam_id, [PaperResult(learner, score)], envelope(at)) == {}
    record = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))
    assert record is not None
    return any(found == exam_id for found, _ in record.passed)


def test_exams_sat_before_a_higher_pass_mark_stay_passed(pilot: Pilot) -> None:
    assert sat(pilot, "秋季考核", date(2026, 12, 20), 65)
    in_force(pilot.book, with_figures("2026.2", MARCH, STRICTER))

    assert not sat(pilot, "春季考核", date(2027, 3, 20), 65)
    assert sat(pilot, "春季补考", date(2027, 3, 21), 70)
    assert sat(pilot, "冬季考核", date(2027, 2, 28), 65)
    record = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(pilot.learners[0]))
    assert record is not None
    assert len(record.passed) == 3  # the first of them is still there


def test_what_was_completed_stays_though_less_of_it_would_count_now(pilot: Pilot) -> None:
    """From March on mental health is counted as no family of courses, and none must be of it."""
    year = a_full_year(pilot)
    assert year.completed_years == {2026}
    figures = default_rulebook().course_families.model_dump(mode="json")
    core = {code: name for code, name in figures["core"].items() if code != "mental_health"}
    changed = {"course_families.core": core, "course_families.must_include": {}}
    in_force(pilot.book, with_figures("2026.2", MARCH, changed))

    pilot.book.awards.evaluate(year.learner, IN_MARCH, uuid4())

    assert year.completed_years == {2026}


def opens_before(pilot: Pilot, session_id: UUID) -> int:
    sessions = pilot.book.sessions
    return sessions.door_of(sessions.get(session_id)).opens_minutes_before


def plan_to_march(pilot: Pilot) -> None:
    term = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 10))
    pilot.book.registry.open_term(term, envelope())


def test_a_session_keeps_the_rules_it_was_announced_under(pilot: Pilot) -> None:
    plan_to_march(pilot)
    early = scheduled(pilot, "读懂孩子", STARTS)
    in_force(pilot.book, with_figures("2026.2", MARCH, STRICTER), STARTS)
    late = scheduled(pilot, "陪孩子读书", STARTS + timedelta(days=1), week=1)

    assert [opens_before(pilot, each) for each in (early, late)] == [30, 10]
    versions = [pilot.book.sessions.get(each).rulebook_version for each in (early, late)]
    assert versions == ["2026.1", "2026.2"]


def scheduled(pilot: Pilot, title: str, at: datetime, week: int = 0) -> UUID:
    """A session in March, announced at some moment before."""
    filing, begins = Filing(SCHOOL, 2026, 2), IN_MARCH + timedelta(weeks=week)
    row = planned(title, begins_at=begins, ends_at=begins + timedelta(minutes=80))
    [result] = pilot.book.plans.file(filing, [row], envelope(at), dry_run=False, supplement=True)
    assert result.id is not None, result
    return result.id


def test_a_school_s_own_rules_hold_in_it_alone_and_are_found_for_ever(pilot: Pilot) -> None:
    book = pilot.book
    plan_to_march(pilot)
    sets(book, RuleLevel.DISTRICT, DISTRICT, {"exam.pass_mark": 75})

    exam_id = book.exams.publish(SCHOOL, "春季考核", date(2027, 3, 20), envelope())
    assert book.exams.get(exam_id).pass_mark == 75
    elsewhere = book.exams.publish("4401060009", "春季考核", date(2027, 3, 20), envelope())
    assert book.exams.get(elsewhere).pass_mark == 60
    session = book.sessions.get(scheduled(pilot, "读懂孩子", SET_UP))
    assert session.rulebook_version == "2026.1+440104:1"

    # The city closes the margin: from then on its own mark holds, and the old name still resolves.
    closed = rules("2027.1", date(2027, 4, 1), margins__district=[])
    in_force(book, closed)
    assert book.rulebooks.on(date(2027, 4, 2), SCHOOL).version == "2027.1"
    assert book.sessions.rulebook_of(session).exam.pass_mark == 75
    again = supplement(book, RuleLevel.DISTRICT, DISTRICT, {"exam.pass_mark": 75})
    book.rulebooks.draft_supplement(again, envelope())  # the same again is no news


def supplement(book: Book, level: RuleLevel, place: str, figures: dict[str, Any]) -> Supplement:
    return Supplement(
        rulebook_id=book.rulebooks.rulebook_id, version="1", title="示例规则", level=level,
        organisation=place, effective_from=MARCH, figures=figures,
    )  # fmt: skip


def sets(book: Book, level: RuleLevel, place: str, figures: dict[str, Any]) -> None:
    """What a district or a school sets from March on, tried out and published."""
    book.rulebooks.draft_supplement(supplement(book, level, place, figures), envelope())
    rehearse(book, "1", place)
    book.rulebooks.publish("1", envelope(role=Role.HEAD), place)


def test_an_exam_on_a_screen_asks_what_the_school_and_its_district_set(pilot: Pilot) -> None:
    book, opens = pilot.book, IN_MARCH
    sets(book, RuleLevel.DISTRICT, DISTRICT, {"exam.time_limit_minutes": 45})
    sets(book, RuleLevel.SCHOOL, SCHOOL, {"exam.questions": 10})
    wish = OnlineExam((fill_bank(book),), opens, opens + timedelta(days=7))

    exam = book.exams.get(book.exams.publish_online(SCHOOL, "春季考核", wish, envelope()))

    assert exam.online is not None
    assert (exam.online.questions, exam.online.time_limit_minutes) == (10, 45)
    assert exam.rulebook_version == f"2026.1+{DISTRICT}:1+{SCHOOL}:1"
