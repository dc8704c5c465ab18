"""What each read model answers about a term that was really played."""

from __future__ import annotations

from datetime import timedelta

from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, STARTS
from tests.projections.term import Term


def test_the_whole_term_is_applied_and_nothing_has_stopped(
    projector: Projector, term: Term
) -> None:
    projector.catch_up()

    assert [s.stopped_reason for s in projector.status()] == [None] * 10
    assert {s.position for s in projector.status()} == {projector.feed.head()}
    assert {s.lag_events for s in projector.status()} == {0}


def test_x(projector: Projector, term: Term, models: ReadModels) -> None:
    learner = term.pilot.learners[0]
    ev = term.complete(learner)
    term.reverse(learner)
    projector.catch_up()
    for s in projector.status(): print(s)
    print(models.schools.school(SCHOOL), models.schools.classes(SCHOOL, 2026), models.schools.terms(), models.schools.term_on(STARTS.date()))
    print(models.staff.staff_of(SCHOOL))
    print(models.roster.classes_with_counts(SCHOOL, 2026), models.roster.places_of(learner), models.roster.class_list(SCHOOL,2026,"三年级","2班"), models.roster.consents_of(learner), models.roster.learners_of(SCHOOL, 2026))
    for s in models.sessions.sessions_of(SCHOOL): print(s)
    print(models.sessions.count_of(SCHOOL, STARTS.date(), STARTS.date()), models.sessions.live_count(term.pilot.session_id))
    print(models.sessions.upcoming_for(learner, STARTS+timedelta(days=1)), models.sessions.open_now())
    print(models.attendances.register_of(term.pilot.session_id))
    print(models.attendances.attendances_of(learner))
    print(models.attendances.pending_before(STARTS+timedelta(days=1)))
    for s in models.accounts.statement(learner): print(s)
    print(models.accounts.balance(learner), models.accounts.held(learner), models.accounts.totals(learner))
    print(models.stars.progress_of(learner))
    print(models.certificates.due_of(SCHOOL))
    for s in models.certificates.certificates_of(SCHOOL): print(s)
    print(list(models.certificates.states()), models.certificates.proposed_in("440104"))
    print(models.exams.exams_of(SCHOOL), models.exams.attempts_of(term.exam_id), models.exams.results_of(learner))
    for s in models.history.history(learner): print(s.position, s.topic, s.role)
    print([s.topic for s in models.history.history(term.pilot.session_id)])
    assert 0
