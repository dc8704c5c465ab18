"""The worker's share: awards that follow facts, stays nobody confirmed, and what ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind, template_file
from api.housekeeping import Housekeeping
from api.imports.uploads import NewUpload, Uploads
from api.scanning import Answer, Scan, take
from api.serving import make_runner
from api.sharing import ShareLinks
from domain.account import Account
from domain.attendance import Attendance
from domain.envelope import Channel, Role
from domain.evaluation import Evaluation
from domain.waiting_scan import Way
from ledger.awards import Awards
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, entry, envelope
from tests.clock import TestClock
from tests.journeys.site import until
from tests.ledger.school_years import SchoolYears, evening_of
from tests.ledger.test_fraud import four_evenings_and_the_exam, signed, was_not_there
from tests.ledger_evening import attend
from tests.online_exams import STARTED, answers, parent, publish_online
from tests.paper import checking, print_sheets, typing
from tests.paper import signed as signed_rows


def balances(runtime: Runtime, pilot: Pilot) -> list[int]:
    found = (
        runtime.book.ledger.find(Account, Account.create_id(learner)) for learner in pilot.learners
    )
    return [account.balance if account else 0 for account in found]


def attested(runtime: Runtime, *, checked_out: bool) -> Pilot:
    """An evening up to its second attestation; the awards are the worker's."""
    pilot = Pilot(runtime.book).set_up()
    sessions, session_id = runtime.book.sessions, pilot.session_id
    host, coordinator = uuid4(), uuid4()
    sessions.open(session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST, host))
    for learner in pilot.learners:
        attend(pilot, learner, checked_out=checked_out)
    sessions.close(session_id, envelope(ENDS, Role.HOST, host))
    sessions.count_heads(session_id, 3, None, envelope(ENDS, Role.HOST, host))
    sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, host))
    second = envelope(ENDS, Role.COORDINATOR, coordinator)
    sessions.attest(session_id, Role.COORDINATOR, second)
    return pilot


def family_that_came(runtime: Runtime, pilot: Pilot) -> UUID:
    """A fourth family on the roster."""
    rows = [entry(row) for row in range(2, 6)]
    results = runtime.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
    [late] = [each.id for each in results if each.id and each.id not in pilot.learners]
    pilot.learners.append(late)
    return late


def record_late(runtime: Runtime, pilot: Pilot, learner: UUID) -> None:
    """What an intake appends that had read the session as open."""
    attendance = Attendance(
        session_id=pilot.session_id,
        learner_id=learner,
        school_code=SCHOOL,
        child_ids=(),
        scan_id=uuid4(),
        envelope=envelope(STARTS, Role.PARENT, learner),
    )
    attendance.check_out(uuid4(), envelope(ENDS, Role.PARENT, learner))
    runtime.book.ledger.commit(uuid4(), lambda: [attendance])


def test_the_worker_credits_an_attested_session(runtime: Runtime) -> None:
    pilot = attested(runtime, checked_out=True)

    with make_runner(runtime):
        until(lambda: balances(runtime, pilot) == [200, 200, 200])


def test_a_stay_that_staff_confirm_afterwards_is_credited_at_once(runtime: Runtime) -> None:
    pilot = attested(runtime, checked_out=False)
    learner = pilot.learners[0]

    with make_runner(runtime):
        by = envelope(ENDS + timedelta(minutes=10), Role.HOST)
        by = by.model_copy(update={"channel": Channel.STAFF_ENTRY})
        runtime.book.attendances.check_out(pilot.session_id, learner, uuid4(), by, by_staff=True)
        until(lambda: balances(runtime, pilot) == [200, 0, 0])


def test_a_scan_out_that_is_heard_of_after_the_attestation_is_credited_at_once(
    runtime: Runtime,
) -> None:
    """Of a device that was offline: taken as it is, or out of the session's inbox."""
    pilot = attested(runtime, checked_out=False)
    session_id, by = pilot.session_id, envelope(ENDS + timedelta(minutes=10), Role.HOST)
    codes = list(runtime.personal_codes.of(pilot.learners).values())
    uploaded = Scan(uuid4(), Way.OUT, ENDS, code=codes[0])
    of_another = Scan(uuid4(), Way.OUT, ENDS, code=codes[1], shift=uuid4())

    with make_runner(runtime):
        until(lambda: len(runtime.models.attendances.pending_before(ENDS)) == 3)
        answers = [take(runtime, session_id, scan, by).answer for scan in (uploaded, of_another)]
        until(lambda: balances(runtime, pilot) == [200, 0, 0])
        runtime.book.waiting_scans.take(session_id, of_another.scan_id, envelope(by.at, Role.HOST))
        until(lambda: balances(runtime, pilot) == [200, 200, 0])

    assert answers == [Answer.TAKEN, Answer.WAITING]


def test_a_paper_sheet_is_credited_at_once_though_the_session_was_attested(
    runtime: Runtime,
) -> None:
    """P2.2: an evening is attested with those who came by phone; the paper is typed next day."""
    pilot = attested(runtime, checked_out=True)
    late = family_that_came(runtime, pilot)
    [sheet] = print_sheets(pilot, [late])
    with make_runner(runtime):
        until(lambda: balances(runtime, pilot) == [200, 200, 200, 0])
        runtime.book.sheets.enter(sheet.id, signed_rows(sheet, 1), typing())
        runtime.book.sheets.check(sheet.id, signed_rows(sheet, 1), checking())
        until(lambda: balances(runtime, pilot) == [200, 200, 200, 200])


def test_stays_nobody_confirmed_count_half_when_their_days_are_over(
    runtime: Runtime, clock: TestClock
) -> None:
    pilot = attested(runtime, checked_out=False)
    housekeeping = Housekeeping(runtime)
    with make_runner(runtime):
        until(lambda: len(runtime.models.attendances.pending_before(ENDS)) == 3)

        housekeeping.once(ENDS + timedelta(days=6))
        early = balances(runtime, pilot)
        housekeeping.once(ENDS + timedelta(days=8))

    assert (early, balances(runtime, pilot)) == ([0, 0, 0], [100, 100, 100])


def test_what_cannot_be_done_for_one_is_done_for_the_others(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot, award_one = attested(runtime, checked_out=False), Awards.award_one
    poisoned = Attendance.create_id(pilot.session_id, pilot.learners[0])

    def failing(awards: Awards, session_id: UUID, key: UUID, at: datetime, cause: UUID) -> None:
        if key == poisoned:
            raise RuntimeError
        award_one(awards, session_id, key, at, cause)

    monkeypatch.setattr(Awards, "award_one", failing)
    ShareLinks(runtime.tables).open(uuid4(), uuid4(), STARTS)
    with make_runner(runtime):
        until(lambda: len(runtime.models.attendances.pending_before(ENDS)) == 3)
        Housekeeping(runtime).once(ENDS + timedelta(days=40))

    assert balances(runtime, pilot) == [0, 100, 100]
    assert runtime.tables.rows("select 1 from {web}.share_link", {}) == []


def test_an_attendance_that_landed_after_the_award_run_is_awarded_all_the_same(
    runtime: Runtime,
) -> None:
    pilot = attested(runtime, checked_out=True)
    late, unjudged = family_that_came(runtime, pilot), runtime.models.attendances.unjudged_before
    housekeeping = Housekeeping(runtime)
    with make_runner(runtime):
        until(lambda: balances(runtime, pilot) == [200, 200, 200, 0])
        record_late(runtime, pilot, late)
        until(lambda: len(unjudged(ENDS)) == 1)

        housekeeping.once(ENDS + timedelta(seconds=30))
        early = balances(runtime, pilot)
        housekeeping.once(ENDS + timedelta(minutes=2))
        until(lambda: unjudged(ENDS) == [])

    assert (early, balances(runtime, pilot)) == ([200, 200, 200, 0], [200, 200, 200, 200])


def test_housekeeping_removes_what_nobody_can_use_any_more(runtime: Runtime) -> None:
    Pilot(runtime.book).set_up()
    links, uploads = ShareLinks(runtime.tables), Uploads(runtime.tables, runtime.secrets.vault)
    certificate, person = uuid4(), uuid4()
    links.open(certificate, person, STARTS)
    uploads.keep(NewUpload(person, SCHOOL, Kind.ROSTER), template_file(Kind.ROSTER), STARTS)

    Housekeeping(runtime).once(STARTS + timedelta(days=31))

    left = runtime.tables.rows("select count(*) from {web}.share_link", {})
    kept = runtime.tables.rows("select count(*) from {web}.upload", {})
    assert (left[0][0], kept[0][0]) == (0, 0)


def test_an_exam_that_nobody_handed_in_counts_by_what_was_saved(runtime: Runtime) -> None:
    pilot = Pilot(runtime.book).set_up()
    exam_id, learner = publish_online(runtime.book), pilot.learners[0]
    online = runtime.book.online_exams
    attempt_id = online.start(exam_id, learner, parent(learner))
    places = answers(runtime.book, attempt_id, learner, 12)
    online.save(attempt_id, learner, places, parent(learner))
    housekeeping = Housekeeping(runtime)
    for minutes, passed in ((30, False), (31, True), (32, True)):
        runtime.projector.catch_up()
        housekeeping.once(STARTED + timedelta(minutes=minutes))
        runtime.projector.catch_up()
        assert bool(runtime.models.exams.results_of(learner)) is passed


def test_a_star_that_was_suspended_is_awarded_once_the_terms_are_over(runtime: Runtime) -> None:
    years = caught(runtime)
    housekeeping = Housekeeping(runtime)
    judgements: list[tuple[int, int]] = []
    for day in (date(2027, 2, 21), date(2027, 2, 22), date(2027, 8, 31), date(2027, 9, 1)):
        for _ in range(2):
            runtime.projector.catch_up()
            housekeeping.once(evening_of(day))
        judged = runtime.book.ledger.events.get(years.evaluation().id)
        count = sum(isinstance(each, Evaluation.StarEvaluated) for each in judged)
        judgements.append((count, years.evaluation().star_level))

    first = judgements[0][0]
    assert judgements == [(first, 0), (first + 1, 0), (first + 1, 0), (first + 2, 1)]


def caught(runtime: Runtime) -> SchoolYears:
    """A complete year, in whose first term fraud was confirmed of one evening."""
    pilot = Pilot(runtime.book).set_up()
    [(child, *_)] = pilot.book.learners.get(pilot.learners[0]).enrolments
    years = SchoolYears(pilot.book, pilot.learners[0], child)
    years.begin(2026, "三年级")
    session_id = years.evening(date(2026, 10, 16), "读懂青春")
    signed(pilot.book, was_not_there(years, session_id))
    four_evenings_and_the_exam(years)
    return years
