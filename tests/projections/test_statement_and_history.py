"""Statements, the certificate register and the audit trail: as of any date, on either clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.certificate import Award, Certificate, CertificateKind
from ledger.registry import NewSchool
from projections.certificate_register import RegisteredCertificate
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.status_places import Edition
from tests.acting import DISTRICT, SCHOOL, STARTS, envelope
from tests.projections.term import HEAD, LATER, Term, make

DAY = STARTS.date()
NEXT_SCHOOL = "4401040002"


@pytest.fixture(autouse=True)
def applied(term: Term, projector: Projector) -> None:
    """The term is over and everything is applied."""
    projector.catch_up()


def registered(models: ReadModels, certificate_id: UUID) -> RegisteredCertificate:
    found = models.certificates.by_id(certificate_id)
    assert found is not None
    return found


def test_a_statement_runs_a_balance_over_awards_and_reversals(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    assert models.accounts.balance(learner) == 200
    term.reverse(learner)
    projector.catch_up()

    lines = models.accounts.statement(learner)

    assert [(line.kind, line.hours, line.balance) for line in lines] == [
        ("awarded", 200, 200),
        ("held", 0, 200),
        ("reversed", -200, 0),
    ]
    assert {(line.title, line.day, line.class_hours) for line in lines} == {
        ("读懂孩子的情绪", DAY, 200)
    }
    assert (lines[0].rule_ref, lines[0].rulebook_version) == (
        "attendance.full_credit_min_percent",
        "2026.1",
    )
    assert lines[2].reason_code == "not_present"
    assert models.accounts.balance(learner) == 0


def test_a_statement_is_true_as_of_a_day_and_as_known_at_a_moment(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    known = datetime.now(UTC)
    term.reverse(learner)
    projector.catch_up()

    def balances(**when: object) -> list[int]:
        return [line.balance for line in models.accounts.statement(learner, **when)]  # type: ignore[arg-type]  # two types

    assert balances(as_of=DAY - timedelta(days=1)) == []
    assert balances(as_of=DAY) == [200, 200, 0]
    assert balances(as_of=DAY, known_by=known) == [200]
    assert balances(as_of=LATER.date()) == [200, 200, 0]
    assert balances(known_by=known) == [200]
    assert balances(as_of=LATER.date(), known_by=known) == [200]


def test_hours_under_verification_stay_in_the_balance(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    case = term.hold(learner)
    projector.catch_up()
    assert (models.accounts.balance(learner), models.accounts.held(learner)) == (200, 200)

    term.release(learner, case)
    projector.catch_up()
    assert (models.accounts.balance(learner), models.accounts.held(learner)) == (200, 0)


def test_a_limit_is_a_note_that_moves_nothing(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    term.limit(learner)
    projector.catch_up()

    [_, limited] = models.accounts.statement(learner)

    assert (limited.kind, limited.hours, limited.balance) == ("limited", 0, 200)
    assert (limited.would_be, limited.awarded) == (200, 0)
    assert limited.cap_ref == "no_double_credit.same_session"


def test_totals_stand_by_school_year_and_stage(term: Term, models: ReadModels) -> None:
    [total] = models.accounts.totals(term.pilot.learners[0])
    assert (total.school_year, total.stage) == (2026, "primary")
    assert (total.hours, total.face_to_face) == (200, 200)


def test_an_achievement_is_due_until_its_certificate_is_issued(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    learner = term.pilot.learners[0]
    term.complete(learner)
    projector.catch_up()
    due = models.certificates.due_of(SCHOOL)
    assert [(each.kind, each.hours, each.level) for each in due] == [
        ("annual_completion", 800, None), ("star_level", 0, 1),
    ]  # fmt: skip

    award = Award(
        kind=CertificateKind.ANNUAL_COMPLETION, learner_id=learner, school_code=SCHOOL,
        district_code=due[0].district_code, stage=due[0].stage, school_year=due[0].school_year,
        hours=due[0].hours, achieved_on=due[0].achieved_on,
    )  # fmt: skip
    [issued] = term.pilot.book.certificates.issue([award], make, term.head())
    projector.catch_up()

    assert issued.certificate_id == due[0].certificate_id
    assert [each.kind for each in models.certificates.due_of(SCHOOL)] == ["star_level"]


def test_a_withdrawn_completion_is_no_longer_due(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    evaluation = term.complete(term.pilot.learners[0])
    term.withdraw(evaluation)
    projector.catch_up()

    assert [each.kind for each in models.certificates.due_of(SCHOOL)] == ["star_level"]


def test_what_follows_from_an_exam_is_due_at_the_school_of_the_roster(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    term.complete(term.pilot.learners[1], organisation="")
    projector.catch_up()

    due = models.certificates.due_of(SCHOOL)
    assert {(each.school_code, each.district_code) for each in due} == {(SCHOOL, DISTRICT)}
    assert len(due) == 2
    assert models.certificates.due_of("4401040002") == []


def test_a_year_is_certified_by_its_own_school_though_the_child_has_moved_up(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    """An exam completed 2026; the child is at another school since. A star is of no year."""
    term.complete(term.pilot.learners[1], organisation="")
    next_school(term, term.pilot.learners[1])
    projector.catch_up()

    there, here = (models.certificates.due_of(code) for code in (NEXT_SCHOOL, SCHOOL))

    assert [(each.kind, each.school_year) for each in here] == [("annual_completion", 2026)]
    assert [(each.kind, each.school_year) for each in there] == [("star_level", None)]


def test_a_year_is_certified_where_the_child_is_whoever_held_the_last_evening(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    """A brother's school held it: nobody of this learner's is there."""
    kind = NewSchool(NEXT_SCHOOL, "示例幼儿园", ("kindergarten",), DISTRICT)
    term.pilot.book.registry.register_school(kind, envelope())
    term.complete(term.pilot.learners[1], organisation=NEXT_SCHOOL)
    projector.catch_up()

    assert len(models.certificates.due_of(SCHOOL)) == 2
    assert models.certificates.due_of(NEXT_SCHOOL) == []


def next_school(term: Term, learner_id: UUID) -> None:
    new = NewSchool(
        NEXT_SCHOOL, "示例二小", ("primary",), DISTRICT, established_on=date(2020, 9, 1)
    )
    term.pilot.book.registry.register_school(new, envelope())
    learner = term.pilot.book.learners.get(learner_id)
    [place] = learner.enrolments.values()
    changed = {"school_code": NEXT_SCHOOL, "school_year": 2027, "grade": "四年级"}
    learner.enrol(place.model_copy(update=changed), envelope(LATER))
    term.pilot.book.ledger.save(learner)


def test_the_register_shows_every_state_of_a_certificate(term: Term, models: ReadModels) -> None:
    stands, replaced, revoked, proposed = (registered(models, each) for each in term.certificates)

    assert (stands.state, stands.replaces) == ("valid", None)
    assert (replaced.state, replaced.state_reason) == ("replaced", "name_changed")
    successor = models.certificates.by_number(str(replaced.successor_number))
    assert successor is not None
    assert (successor.certificate_id, successor.replaces) == (
        replaced.successor_id,
        replaced.certificate_id,
    )
    assert successor.achievement_id == replaced.achievement_id
    assert (revoked.state, revoked.state_reason) == ("revoked", "issued_in_error")
    assert (proposed.state, proposed.proposed_by) == ("valid", HEAD)
    assert models.certificates.proposed_in(DISTRICT) == [proposed]
    assert models.certificates.by_number("440104-2027-9999999-0") is None


def test_a_certificate_says_when_its_state_changed(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    stands, replaced, revoked, proposed = (registered(models, each) for each in term.certificates)
    assert (stands.changed_at, proposed.changed_at) == (None, None)
    assert replaced.changed_at is not None
    assert revoked.changed_at == LATER

    for change in (Certificate.open_review, Certificate.close_review):
        ledger = term.pilot.book.ledger
        certificate = ledger.find(Certificate, stands.certificate_id)
        assert certificate is not None
        change(certificate, "completion_withdrawn", envelope(LATER))
        ledger.save(certificate)
        projector.catch_up()
        assert registered(models, stands.certificate_id).changed_at == LATER


def test_certificates_are_listed_by_school_and_by_learner(term: Term, models: ReadModels) -> None:
    listed = models.certificates.certificates_of(SCHOOL)

    assert len(listed) == 5
    assert models.certificates.certificates_of_learner(term.pilot.learners[0]) == listed
    assert models.certificates.certificates_of(SCHOOL, limit=2, offset=3) == listed[3:]
    assert models.certificates.certificates_of_learner(term.pilot.learners[1]) == []


def test_the_status_list_gets_whatever_is_not_simply_valid(term: Term, models: ReadModels) -> None:
    _, replaced, revoked, _ = (registered(models, each) for each in term.certificates)

    places = models.status_places
    assert places.taken_back(1) == {each.status_index: each.state for each in (replaced, revoked)}
    assert places.edition(1) == Edition(2, revoked.changed_at, 2)
    assert places.edition(7) == Edition(0, None, 2)


def test_a_learners_history_tells_everything_in_order(term: Term, models: ReadModels) -> None:
    lines = models.history.history(term.pilot.learners[0])
    topics = [line.topic for line in lines]

    assert topics[:3] == [
        "learner.registered", "learner.guardianship_linked", "learner.enrolled",
    ]  # fmt: skip
    for topic in (
        "attendance.checked_in", "attendance.checked_out", "attendance.assessed",
        "account.credit_awarded", "attempt.paper_result_checked", "certificate.issued",
        "certificate.reissued", "certificate.revoked", "learner.consent_given",
    ):  # fmt: skip
        assert topic in topics
    assert [line.position for line in lines] == sorted(line.position for line in lines)
    assert {line.originator_id for line in lines if line.topic.startswith("learner.")} == {
        term.pilot.learners[0]
    }


def test_a_sessions_history_names_its_credits_but_not_the_rest_of_an_account(
    term: Term, models: ReadModels
) -> None:
    topics = [line.topic for line in models.history.history(term.pilot.session_id)]

    assert topics.count("attendance.checked_in") == 3
    assert topics.count("account.credit_awarded") == 2
    assert "account.opened" not in topics
    assert topics[-1] != "evaluation.opened"


def test_a_history_is_true_as_of_a_day_and_as_known_at_a_moment(
    term: Term, models: ReadModels
) -> None:
    learner = term.pilot.learners[0]

    before = models.history.history(learner, as_of=DAY - timedelta(days=1))

    assert [line.topic for line in before] == [
        "learner.registered", "learner.guardianship_linked", "learner.enrolled",
    ]  # fmt: skip
    assert models.history.history(learner, known_by=LATER - timedelta(days=36500)) == []
