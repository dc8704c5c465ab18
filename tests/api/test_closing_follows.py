"""What follows a closing: late facts leave dated addenda, a closed year is evaluated again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from api.bootstrap import Runtime
from api.closing import close_term, close_year, follow_addenda, force_term, listing_of
from api.serving import make_runner
from domain.aggregate import LedgerEvent
from domain.calendar import Term
from domain.closing import TermClosing, TermHasObstacles
from domain.correction import Second, SessionVoidOrder
from domain.custody import CustodyReason
from domain.enrolment import Leaving
from domain.envelope import Role
from domain.evaluation import Evaluation
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from ledger.migrations import statements, steps
from ledger.transfers import Pupil
from projections.following import Following
from projections.runner import Runner
from tests import held
from tests.acting import SCHOOL, SET_UP, STARTS, Pilot, envelope
from tests.api.pilot_school import PilotSchool, pilot_school
from tests.clock import TestClock
from tests.journeys.site import until

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))
CLOSED_AT = datetime(2027, 3, 22, 4, tzinfo=UTC)
YEAR_ENDS = datetime(2027, 7, 30, 4, tzinfo=UTC)
LATER = CLOSED_AT + timedelta(days=5)


def a_term(runtime: Runtime) -> Pilot:
    """With one session, and one more that was never attested."""
    made = Pilot(runtime.book).set_up()
    held.hold(made, "第一次活动", 400, made.learners[:2])
    return made


@pytest.fixture(scope="session")
def beginning(
    server: str, blank: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PilotSchool]:
    with pilot_school(server, blank, tmp_path_factory.mktemp("term") / "var", a_term) as found:
        yield found


@pytest.fixture
def pilot(runtime: Runtime, clock: TestClock, beginning: PilotSchool) -> Pilot:
    clock.move_to(CLOSED_AT)
    return beginning.pilot(runtime.book)


@pytest.fixture
def runner(runtime: Runtime, pilot: Pilot) -> Iterator[Runner]:
    with make_runner(runtime) as made:
        yield made


def closing(runtime: Runtime) -> TermClosing:
    found = runtime.book.closings.closing(SCHOOL, "2026-1")
    assert found is not None
    return found


def addenda(runtime: Runtime, number: int) -> TermClosing:
    until(lambda: closing(runtime).addenda == number)
    return closing(runtime)


def close(runtime: Runtime) -> None:
    close_term(runtime, SCHOOL, FIRST, envelope(CLOSED_AT))


@pytest.mark.usefixtures("runner")
def test_a_session_attested_after_the_closing_is_a_dated_addendum(
    runtime: Runtime, pilot: Pilot, clock: TestClock
) -> None:
    late = held.plan(pilot, "迟到的确认", 400, STARTS + timedelta(days=14))
    held.close(pilot, late)
    with pytest.raises(TermHasObstacles):
        close(runtime)
    force_term(runtime, SCHOOL, FIRST, envelope(CLOSED_AT, Role.DISTRICT_OFFICER))
    before = closing(runtime)

    clock.move_to(LATER)
    held.attest(pilot, late, at=LATER)

    after = addenda(runtime, 1)
    assert (before.totals.activities, after.totals.activities) == (1, 2)
    assert after.sha256 != before.sha256
    shown = runtime.models.closings.of_term
    until(lambda: len(shown([SCHOOL], 2026, 1)[SCHOOL]) == 2)
    first, second = shown([SCHOOL], 2026, 1)[SCHOOL]
    assert (first.totals, first.sha256) == (before.totals, before.sha256)
    assert second.occurred_at == LATER


@pytest.mark.usefixtures("runner")
def test_a_correction_of_a_closed_term_is_an_addendum_and_its_listing_is_filed(
    runtime: Runtime, pilot: Pilot
) -> None:
    session_id = held.hold(pilot, "要作废的", 200, pilot.learners, STARTS + timedelta(days=21))
    close(runtime)
    before = closing(runtime)

    void(pilot, session_id)

    after = addenda(runtime, 1)
    assert (before.totals.credited_hours, after.totals.credited_hours) == (1400, 800)
    assert (before.totals.sessions, after.totals.sessions) == (2, 1)
    listing = runtime.book.closings.filed_listing
    assert f"session {session_id}" in (listing(SCHOOL, "2026-1", before.sha256) or "")
    assert f"session {session_id}" not in (listing(SCHOOL, "2026-1", after.sha256) or "")
    assert listing_of(runtime, SCHOOL, FIRST).sha256 == after.sha256


def void(pilot: Pilot, session_id: UUID) -> None:
    corrections = pilot.book.corrections
    order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
    by = envelope(LATER, actor_id=held.COORDINATOR)
    preview = corrections.preview(order, by)
    assert preview.second is not Second.NOBODY
    waiting = corrections.propose(order, preview.sha256, by)
    corrections.approve(waiting.id, preview.sha256, envelope(LATER, Role.DISTRICT_OFFICER))


def test_what_the_closing_did_not_see_is_added_at_once(runtime: Runtime, pilot: Pilot) -> None:
    with Runner(runtime.projector):
        seen = listing_of(runtime, SCHOOL, FIRST)
    held.hold(pilot, "同时发生", 200, (), STARTS + timedelta(days=21))
    runtime.book.closings.close_term(seen, {}, envelope(CLOSED_AT))

    with make_runner(runtime):
        assert addenda(runtime, 1).totals.sessions == 2


def test_the_same_facts_again_add_nothing(runtime: Runtime, pilot: Pilot) -> None:
    with make_runner(runtime):
        close(runtime)
        held.hold(pilot, "之后", 200, (), STARTS + timedelta(days=21))
        addenda(runtime, 1)
    runtime.projector.catch_up()
    again = follow_addenda(runtime)
    following = Following(runtime.views, type(again)("again", again.topics, again.on_batch))
    following.set_up()

    following.catch_up()

    assert closing(runtime).addenda == 1


@pytest.mark.usefixtures("runner")
def test_an_open_term_has_no_addenda(runtime: Runtime, pilot: Pilot) -> None:
    held.hold(pilot, "还没有结账", 200, (), STARTS + timedelta(days=21))
    position = runtime.book.ledger.position()
    runtime.projector.wait_for(position, 10)

    listing = listing_of(runtime, SCHOOL, FIRST)
    assert runtime.book.closings.file_addendum(listing, envelope(LATER)) == position


@pytest.mark.usefixtures("runner")
def test_everybody_enrolled_is_evaluated_when_the_year_is_closed(
    runtime: Runtime, pilot: Pilot
) -> None:
    close_the_year(runtime)

    keys = [Evaluation.create_id(learner, "primary") for learner in pilot.learners]
    until(lambda: len(runtime.book.ledger.load(keys)) == len(pilot.learners))
    year = runtime.models.closings.of_year(SCHOOL, 2026)
    assert year is not None
    assert year.offered == {"三年级": 400}


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("reason", Leaving)
def test_whose_child_left_before_the_close_is_evaluated_too(
    runtime: Runtime, pilot: Pilot, clock: TestClock, reason: Leaving
) -> None:
    """Graduates above all: the close of their last year is the end of the stage."""
    clock.move_to(YEAR_ENDS)
    learner = pilot.learners[2]  # came to nothing: no award has evaluated them
    [(child, *_)] = pilot.book.learners.get(learner).enrolments
    pupil = Pupil(child, SCHOOL, 2026, [learner])
    pilot.book.transfers.leave(pupil, date(2027, 6, 30), reason, envelope(YEAR_ENDS))

    close_the_year(runtime)

    key = Evaluation.create_id(learner, "primary")
    until(lambda: key in runtime.book.ledger.load([key]))


@pytest.mark.usefixtures("runner")
def test_who_is_guardian_no_more_is_judged_by_the_year_all_the_same(
    runtime: Runtime, pilot: Pilot
) -> None:
    learner = pilot.learners[2]  # came to nothing: no award has evaluated them
    [(child, *_)] = pilot.book.learners.get(learner).enrolments
    custody = pilot.book.custody
    custody.propose(learner, child, CustodyReason.CUSTODY_CHANGED, envelope(LATER))
    custody.confirm(learner, child, envelope(LATER))

    close_the_year(runtime)

    key = Evaluation.create_id(learner, "primary")
    until(lambda: key in runtime.book.ledger.load([key]))


def test_an_upgrade_goes_through_every_close_once_more_and_that_is_no_news(
    runtime: Runtime, pilot: Pilot
) -> None:
    with make_runner(runtime):
        close_the_year(runtime)
        keys = [Evaluation.create_id(learner, "primary") for learner in pilot.learners]
        until(lambda: len(runtime.book.ledger.load(keys)) == len(keys))
    before = {key: aggregate.version for key, aggregate in runtime.book.ledger.load(keys).items()}
    names = runtime.connections.names
    [step] = [each for each in steps() if each.name == "0014_year_evaluations.sql"]

    with psycopg.connect(runtime.connections.owner) as owner:
        [statement] = statements(step, names)
        assert owner.execute(statement).rowcount == 1

    with make_runner(runtime):
        at = years_followed(runtime)
        until(lambda: at() > 0)
    after = {key: aggregate.version for key, aggregate in runtime.book.ledger.load(keys).items()}
    assert after == before


def years_followed(runtime: Runtime) -> Callable[[], int]:
    """How far the closes of years have been gone through."""

    def position() -> int:
        [own] = [s for s in runtime.projector.status() if s.name == "year_evaluations"]
        return own.position

    return position


def close_the_year(runtime: Runtime) -> None:
    runtime.book.registry.open_term(SECOND, envelope(SET_UP))
    close(runtime)
    close_term(runtime, SCHOOL, SECOND, envelope(YEAR_ENDS))
    close_year(runtime, SCHOOL, 2026, envelope(YEAR_ENDS))


@pytest.mark.usefixtures("runner")
def test_what_is_voided_after_the_year_was_not_offered_and_less_is_asked_for(
    runtime: Runtime, pilot: Pilot
) -> None:
    """Of 16 hours four are voided: half of twelve is enough, and the completion comes back."""
    learner, weeks = pilot.learners[0], [STARTS + timedelta(weeks=n) for n in range(2, 6)]
    held.hold(pilot, "生命教育", 200, [learner], weeks[0], family="life_education")
    voided = held.hold(pilot, "要作废的", 400, [learner], weeks[1])
    held.hold(pilot, "没有去的", 400, [], weeks[2])
    held.hold(pilot, "也没有去的", 200, [], weeks[3])
    pass_exam(pilot, learner)
    close_the_year(runtime)
    until(lambda: offered(runtime) == {"三年级": 1600})

    void(pilot, voided)

    until(lambda: offered(runtime) == {"三年级": 1200})
    until(lambda: verdicts(runtime, learner)[-1] is Evaluation.CompletionReached)
    assert verdicts(runtime, learner)[-2] is Evaluation.CompletionWithdrawn


def pass_exam(pilot: Pilot, learner: UUID) -> None:
    exams, result = pilot.book.exams, [PaperResult(learner, 80)]
    exam_id = exams.publish(SCHOOL, "期末考核", CLOSED_AT.date(), envelope(CLOSED_AT))
    assert exams.enter_results(exam_id, result, envelope(CLOSED_AT)) == {}
    assert exams.check_results(exam_id, result, envelope(CLOSED_AT)) == {}
    pilot.book.awards.evaluate(learner, CLOSED_AT, uuid4())


def offered(runtime: Runtime) -> dict[str, int]:
    year = runtime.models.closings.of_year(SCHOOL, 2026)
    return year.offered if year else {}


def verdicts(runtime: Runtime, learner: UUID) -> list[type[LedgerEvent]]:
    """What was said of the learner's completions, in turn."""
    ledger = runtime.book.ledger
    rows = ledger.store.select_events(Evaluation.create_id(learner, "primary"))
    facts = [ledger.events_mapper.to_domain_event(row) for row in rows]
    kinds = (Evaluation.CompletionReached, Evaluation.CompletionWithdrawn)
    return [type(fact) for fact in facts if isinstance(fact, kinds)]
