"""What each read model answers about a term that was really played."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.completing import Condition
from domain.correction import SessionVoidOrder
from domain.envelope import Role
from domain.rules import ReversalReason
from projections.classes import ClassName
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.schools import School, SchoolClass, TermDates
from tests.acting import DISTRICT, ENDS, SCHOOL, STARTS, envelope
from tests.projections.term import COORDINATOR, HEAD, HOST, LATER, OFFICER, Term

DAY = STARTS.date()


@pytest.fixture(autouse=True)
def applied(term: Term, projector: Projector) -> None:
    """The term is over and everything is applied."""
    projector.catch_up()


def test_a_school_is_listed_with_its_district_classes_and_terms(models: ReadModels) -> None:
    school = School(SCHOOL, "示例小学", DISTRICT, "district", ("primary",), date(2020, 9, 1))
    first = TermDates(2026, 1, date(2026, 9, 1), date(2027, 2, 21))

    assert models.schools.school(SCHOOL) == school
    assert models.schools.schools(DISTRICT) == [school]
    assert models.schools.schools("440106") == []
    assert models.schools.school("4401040009") is None
    assert models.schools.classes(SCHOOL, 2026) == [SchoolClass(SCHOOL, 2026, "三年级", "2班")]
    assert models.schools.terms() == [first]
    assert models.schools.term_on(first.ends) == first
    assert models.schools.term_on(date(2027, 2, 22)) is None
    assert first.code == "2026-1"


def test_a_grant_that_was_ended_is_gone(models: ReadModels) -> None:
    assert [grant.role for grant in models.staff.grants_of(HEAD)] == [Role.HEAD]
    assert {grant.staff_id for grant in models.staff.staff_of(SCHOOL)} == {HOST, COORDINATOR, HEAD}


def test_a_member_of_staff_may_be_a_parent_too(term: Term, models: ReadModels) -> None:
    assert models.staff.learner_of(HOST) == term.pilot.learners[0]
    assert models.staff.learner_of(HEAD) is None
    assert models.staff.exists(HEAD)
    assert not models.staff.exists(OFFICER)


def test_staff_linked_later_are_known_as_parents(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[1]
    assert models.staff.learner_of(HEAD) is None
    term.pilot.book.registry.link_staff(HEAD, learner, envelope())
    projector.catch_up()
    assert models.staff.learner_of(HEAD) == learner


def test_a_class_list_names_each_child_with_its_adults(term: Term, models: ReadModels) -> None:
    listed = models.roster.class_list(SCHOOL, 2026, "三年级", "2班")
    [place] = models.roster.places_of(term.pilot.learners[0])

    assert {each.learner_id for each in listed} == set(term.pilot.learners)
    assert place in listed
    assert models.roster.guardians_of(place.child_id) == [place]
    assert models.roster.learners_of(SCHOOL, 2026) == sorted(term.pilot.learners)
    assert models.roster.is_registered(place.learner_id)
    assert not models.roster.is_registered(HEAD)


def test_classes_are_counted_empty_ones_too(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    term.pilot.book.registry.open_classes(
        SCHOOL, 2026, [("一年级", "10班"), ("一年级", "2班")], envelope()
    )
    projector.catch_up()

    counted = models.roster.classes_with_counts(SCHOOL, 2026)

    assert [(c.grade, c.class_group, c.stage, c.children, c.learners) for c in counted] == [
        ("一年级", "2班", None, 0, 0),
        ("一年级", "10班", None, 0, 0),
        ("三年级", "2班", "primary", 3, 3),
    ]
    named = [(each.grade, each.class_group) for each in models.roster.classes(SCHOOL, 2026)]
    assert named == [(each.grade, each.class_group) for each in counted]


def test_a_class_list_is_the_same_among_those_of_its_grades(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    classes = [("一年级", "1班"), ("四年级", "1班")]
    term.pilot.book.registry.open_classes(SCHOOL, 2026, classes, envelope())
    projector.catch_up()
    listed = models.roster.class_list(SCHOOL, 2026, "三年级", "2班")

    lists = models.roster.places_by_class(SCHOOL, 2026, ("三年级", "四年级"))

    assert lists == {ClassName("三年级", "2班"): listed, ClassName("四年级", "1班"): []}
    everybody = models.roster.places_by_class(SCHOOL, 2026)
    assert list(everybody) == [ClassName("一年级", "1班"), *lists]
    assert len(listed) == 3


def test_an_ended_guardianship_leaves_the_class_list(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    ledger, learner = term.pilot.book.ledger, term.learner(0)
    [place] = models.roster.places_of(learner.id)
    learner.end_guardianship(place.child_id, "custody", envelope(LATER))
    learner.withdraw_consent("learning", envelope(LATER))
    ledger.save(learner)
    projector.catch_up()

    assert models.roster.places_of(learner.id) == []
    assert models.roster.consents_of(learner.id) == []
    [count] = models.roster.classes_with_counts(SCHOOL, 2026)
    assert (count.children, count.learners) == (2, 2)

    learner.link_child(place.child_id, "52", False, "custody", envelope(LATER))
    ledger.save(learner)
    projector.catch_up()

    tied = replace(place, relation_code="52", is_guardian=False, basis="custody")
    assert models.roster.places_of(learner.id) == [tied]


def test_consent_is_shown_with_its_notice(term: Term, models: ReadModels) -> None:
    [consent] = models.roster.consents_of(term.pilot.learners[0])
    assert (consent.purpose, consent.notice_version) == ("learning", "n/1")


def test_an_attested_session_shows_who_came_and_who_attested(
    term: Term, models: ReadModels
) -> None:
    session = models.sessions.session(term.pilot.session_id)

    assert session is not None
    assert (session.standing, session.term, session.grades) == ("attested", "2026-1", ("三年级",))
    assert (session.host_id, session.coordinator_id) == (OFFICER, COORDINATOR)
    assert (session.opened_at, session.closed_at) == (STARTS - timedelta(minutes=20), ENDS)
    assert (session.head_count, session.head_count_recorded) == (3, 3)
    counts = (session.invited, session.checked_in, session.checked_out)
    assert (*counts, session.full, session.pending) == (3, 3, 2, 2, 1)
    assert session.rulebook_version == "2026.1"


def test_sessions_are_listed_by_local_day_newest_first(models: ReadModels) -> None:
    sessions = models.sessions.sessions_of(SCHOOL)

    assert [s.standing for s in sessions] == ["scheduled", "scheduled", "cancelled", "attested"]
    assert [s.title for s in sessions] == ["升学", "护眼", "亲子沟通", "读懂孩子的情绪"]
    assert models.sessions.sessions_of(SCHOOL, limit=1, offset=1) == [sessions[1]]
    assert models.sessions.sessions_of(SCHOOL, DAY, DAY) == [sessions[3]]
    assert models.sessions.count_of(SCHOOL, DAY + timedelta(days=1)) == 3
    assert models.sessions.count_of(SCHOOL, to_day=DAY - timedelta(days=1)) == 0


def test_a_session_that_was_moved_shows_the_new_place_and_time(models: ReadModels) -> None:
    [moved] = [s for s in models.sessions.sessions_of(SCHOOL) if s.title == "护眼"]
    assert (moved.place, moved.begins_at) == ("操场", STARTS + timedelta(days=22))


def test_a_learner_sees_what_is_for_the_grades_of_the_children(
    term: Term, models: ReadModels
) -> None:
    upcoming = models.sessions.upcoming_for(term.pilot.learners[0], ENDS)

    assert [session.title for session in upcoming] == ["护眼"]
    assert models.sessions.upcoming_for(HEAD, ENDS) == []


def test_an_open_session_counts_live(term: Term, models: ReadModels, projector: Projector) -> None:
    [moved] = [s for s in models.sessions.sessions_of(SCHOOL) if s.title == "护眼"]
    term.pilot.book.sessions.open(moved.session_id, term.host(moved.begins_at))
    term.check_in(moved.session_id, term.pilot.learners[0], moved.begins_at)
    projector.catch_up()

    live = models.sessions.live_count(moved.session_id)

    assert live is not None
    assert (live.standing, live.invited, live.checked_in, live.checked_out) == ("opened", 3, 1, 0)
    assert [s.session_id for s in models.sessions.open_now(SCHOOL)] == [moved.session_id]
    assert models.sessions.open_now("4401040002") == []
    assert models.sessions.live_count(HEAD) is None


def test_the_register_has_a_line_for_everybody_who_came(term: Term, models: ReadModels) -> None:
    register = models.attendances.register_of(term.pilot.session_id)

    assert [line.learner_id for line in register] == term.pilot.learners
    assert [line.result for line in register] == ["full", "full", "pending"]
    assert [line.checked_out_at for line in register] == [ENDS, ENDS, None]
    assert {line.flags for line in register} == {("ahead_of_clock",)}
    assert {(line.minutes, line.planned_minutes) for line in register} == {(80, 80)}
    assert models.attendances.line(register[0].attendance_id) == register[0]


def test_a_learner_finds_the_attendances_with_their_sessions(
    term: Term, models: ReadModels
) -> None:
    [attendance] = models.attendances.attendances_of(term.pilot.learners[0])
    assert (attendance.title, attendance.result) == ("读懂孩子的情绪", "full")


def test_a_pending_attendance_is_found_once_its_days_are_over(
    term: Term, models: ReadModels
) -> None:
    [pending] = models.attendances.pending_before(ENDS)

    assert pending.learner_id == term.pilot.learners[2]
    assert models.attendances.pending_before(ENDS - timedelta(seconds=1)) == []


def test_nobody_is_asked_about_a_pending_attendance_of_a_voided_session(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    def waiting() -> set[str]:
        return {each.code for each in models.term_obstacles.of(SCHOOL, 2026, 1)}

    assert "check_out_pending" in waiting()
    session_id, corrections = term.pilot.session_id, term.pilot.book.corrections
    order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
    by = envelope(LATER, actor_id=COORDINATOR)
    proposed = corrections.propose(order, corrections.preview(order, by).sha256, by)
    officer = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    corrections.approve(proposed.id, proposed.sha256, officer)
    projector.catch_up()

    assert "pending" in {line.result for line in models.attendances.register_of(session_id)}
    assert "check_out_pending" not in waiting()
    assert models.attendances.pending_before(LATER) == []


def test_an_exam_counts_what_was_typed_checked_and_passed(term: Term, models: ReadModels) -> None:
    [exam] = models.exams.exams_of(SCHOOL)

    assert models.exams.exam(term.exam_id) == exam
    assert (exam.entered, exam.checked, exam.passed) == (3, 2, 1)
    attempts = models.exams.attempts_of(term.exam_id)
    assert sorted((a.score, a.passed) for a in attempts if a.checked_at) == [
        (59, False), (60, True),
    ]  # fmt: skip
    assert {a.entered_by for a in attempts} == {HEAD}


def test_only_checked_results_are_a_learners(term: Term, models: ReadModels) -> None:
    [result] = models.exams.results_of(term.pilot.learners[1])

    assert (result.score, result.passed, result.title) == (60, True, "期末")
    assert models.exams.results_of(term.pilot.learners[2]) == []


def test_progress_shows_star_completions_and_the_last_judged_conditions(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    evaluation = term.complete(learner)
    projector.catch_up()

    [progress] = models.stars.progress_of(learner)
    assert (progress.stage, progress.star_level, progress.hours) == ("primary", 1, 800)
    assert progress.awarded_on == LATER.date()
    assert progress.conditions == (
        Condition(ref="stars.tracks.primary.levels.1.hours", value=800, threshold=600),
    )
    [completion] = progress.completions
    assert (completion.kind, completion.period, completion.hours) == ("annual", "2026", 800)

    term.withdraw(evaluation)
    projector.catch_up()
    [progress] = models.stars.progress_of(learner)
    assert (progress.star_level, progress.completions) == (1, ())
