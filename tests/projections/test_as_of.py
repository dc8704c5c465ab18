"""As of a day on both clocks: what was known then, and what is now true for then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.account import Account
from domain.evaluation import Evaluation
from domain.rules import ReversalReason
from domain.upkeep import Upkeep
from projections.as_of import Then, end_of
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import STARTS, Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.stars import READY_ON, with_four_stars
from tests.ledger.test_awards import enrol
from tests.projections.term import LATER, Term

DAY = STARTS.date()
A_DAY = timedelta(days=1)
Seen = tuple[Any, ...]


@dataclass
class Played:
    """A history played step by step, and what the pages showed after each of them."""

    term: Term
    models: ReadModels
    projector: Projector
    database: TestDatabase

    @property
    def learner(self) -> UUID:
        return self.term.pilot.learners[0]

    def now(self) -> datetime:
        """The database's clock says when a fact was recorded."""
        with psycopg.connect(self.database.owner) as owner:
            row = owner.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        moment: datetime = row[0]
        return moment

    def shown(self) -> Seen:
        """What the read models say now, each by its own tables."""
        self.projector.catch_up()
        progress = self.models.stars.progress_of(self.learner)
        certificates = self.models.certificates.certificates_of_learner(self.learner)
        return (
            self.models.accounts.balance(self.learner),
            self.models.accounts.held(self.learner),
            {(p.stage, p.star_level, p.not_renewed_in) for p in progress if p.star_level},
            {(p.stage, c.kind, c.period, c.hours) for p in progress for c in p.completions},
            {(each.number, each.state) for each in certificates},
        )

    def then(self, as_of: date | None = None, known_by: datetime | None = None) -> Then:
        return self.models.as_of.then(self.learner, as_of, known_by)


@pytest.fixture
def played(
    pilot: Pilot, models: ReadModels, projector: Projector, database: TestDatabase
) -> Played:
    return Played(Term(pilot), models, projector, database)


def seen(then: Then) -> Seen:
    return (
        then.balance,
        then.held,
        {(star.stage, star.level, star.not_renewed_in) for star in then.stars},
        {(each.stage, each.kind, each.period, each.hours) for each in then.completions},
        {(each.number, each.state) for each in then.certificates},
    )


def steps(played: Played) -> list[Callable[[], object]]:
    """A story in which everything is given that can be taken back, and some of it is."""
    term, learner = played.term, played.learner
    kept: dict[str, Any] = {}
    awards = term.pilot.book.awards

    def hold() -> None:
        kept["case"] = term.hold(learner)

    def complete() -> None:
        kept["evaluation"] = term.complete(learner)

    return [
        lambda: term.evening(term.pilot.session_id, STARTS, term.pilot.learners),
        term.exam,
        hold,
        lambda: term.release(learner, kept["case"]),
        term.issue,
        complete,
        lambda: term.withdraw(kept["evaluation"]),
        lambda: term.reverse(learner),
        lambda: enrol(term.pilot.book, learner, school_year=2027, grade="四年级"),
        lambda: awards.evaluate_at_year_close(learner, 2027, LATER + 500 * A_DAY, learner),
    ]


def test_what_was_known_is_what_was_shown_at_every_step(played: Played) -> None:
    remembered: list[tuple[datetime, Seen]] = []
    for step in steps(played):
        step()
        shown, moment = played.shown(), played.now()
        assert seen(played.then(known_by=moment)) == shown
        remembered.append((moment, shown))

    assert [seen(played.then(known_by=moment)) for moment, _ in remembered] == [
        shown for _, shown in remembered
    ]
    assert len({str(shown) for _, shown in remembered}) > 6
    assert seen(played.then()) == remembered[-1][1]


def test_a_reversal_of_january_counts_for_september_but_was_not_known_then(
    played: Played,
) -> None:
    learner, term = played.learner, played.term
    term.evening(term.pilot.session_id, STARTS, term.pilot.learners)
    played.projector.catch_up()
    known = played.now()
    term.reverse(learner)

    assert played.then(as_of=DAY).balance == 0
    assert played.then(known_by=known).balance == 200
    assert played.then(as_of=DAY, known_by=known).balance == 200
    assert played.then(as_of=DAY - A_DAY, known_by=known).balance == 0


def test_hours_count_from_the_day_of_their_session(played: Played) -> None:
    term = played.term
    term.evening(term.pilot.session_id, STARTS, term.pilot.learners)
    for days, balance in ((-1, 0), (0, 200), (1, 200)):
        assert played.then(as_of=DAY + days * A_DAY).balance == balance


def test_a_completion_counts_from_the_day_it_was_reached_unless_withdrawn(played: Played) -> None:
    played.term.evening(played.term.pilot.session_id, STARTS, played.term.pilot.learners)
    made = played.term.complete(played.learner)
    reached = LATER.date()
    assert played.then(as_of=reached - A_DAY).completions == ()
    assert [each.period for each in played.then(as_of=reached).completions] == ["2026"]

    played.term.withdraw(made)

    assert played.then(as_of=reached).completions == ()


def test_a_star_a_verification_and_a_certificate_count_by_what_had_happened(
    played: Played,
) -> None:
    played.term.play()
    played.term.complete(played.learner)
    case, day = played.term.hold(played.learner), LATER.date()
    played.projector.catch_up()
    before, after = played.then(as_of=day - A_DAY), played.then(as_of=day)

    assert (before.stars, before.held, before.certificates) == ((), 0, ())
    assert ([star.level for star in after.stars], after.held) == ([1], 200)
    assert sorted(each.state for each in after.certificates) == [
        "replaced", "revoked", "valid", "valid", "valid",
    ]  # fmt: skip
    term = played.term
    term.pilot.book.certificates.withdraw(term.certificates[0], envelope(LATER))
    assert "withdrawn" in {each.state for each in played.then(as_of=day).certificates}
    later = played.then(as_of=day + 200 * A_DAY)
    assert "expired" in {each.state for each in later.certificates}
    played.term.release(played.learner, case)
    assert played.then(as_of=day).held == 0


def test_a_star_that_was_not_renewed_says_so_from_that_day_on(played: Played) -> None:
    book, learner = played.term.pilot.book, played.learner
    with_four_stars(book, learner)
    enrol(book, learner, school_year=2030, grade="六年级")
    closed = READY_ON + 490 * A_DAY
    book.awards.evaluate_at_year_close(learner, 2030, closed, learner)
    account = book.ledger.find(Account, Account.create_id(learner))
    assert account is not None

    [star] = played.then(as_of=closed.date()).stars
    [earlier] = played.then(as_of=closed.date() - A_DAY).stars

    assert (star.level, star.not_renewed_in) == (4, 2030)
    assert (earlier.level, earlier.not_renewed_in) == (4, None)
    account.reverse(next(iter(account.credits)), ReversalReason.ENTRY_ERROR, envelope(closed))
    book.ledger.save(account)
    assert played.then(as_of=closed.date()).balance == account.balance


def test_a_star_renewed_again_says_nothing_any_more(played: Played) -> None:
    book, learner = played.term.pilot.book, played.learner
    with_four_stars(book, learner)
    enrol(book, learner, school_year=2030, grade="六年级")
    closed = READY_ON + 490 * A_DAY
    book.awards.evaluate_at_year_close(learner, 2030, closed, learner)
    star = book.ledger.find(Evaluation, Evaluation.create_id(learner, "primary"))
    assert star is not None
    upkeep = Upkeep(school_year=2030, hours=400, threshold=400)
    star._renewed(
        learner_id=learner, stage="primary", upkeep=upkeep, envelope=envelope(closed + A_DAY)
    )
    book.ledger.save(star)

    [then] = played.then(as_of=closed.date() + A_DAY).stars

    assert then.not_renewed_in is None


def test_both_answers_come_together(played: Played) -> None:
    term = played.term
    term.evening(term.pilot.session_id, STARTS, term.pilot.learners)
    today = played.now().date() + A_DAY
    both = played.models.as_of.on(played.learner, today)
    assert both.as_known == played.then(known_by=end_of(today))
    assert both.as_now_true == played.then(as_of=today)
