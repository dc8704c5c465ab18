"""Closing terms and years: what the read models know of them, handed to the ledger to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog

from api.bootstrap import Runtime
from api.compliance import grades_of
from domain.account import Account
from domain.attendance import Attendance
from domain.calendar import Term
from domain.closing import TermClosing, YearClosing
from domain.compliance import TermSession, Verdict, judged
from domain.envelope import Envelope
from domain.learner import Learner
from domain.offering import offered_by_grade
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.session import Session
from domain.standing import Standing
from domain.term_listing import ListedAccount, ListedSession, TermListing
from ledger.evaluating import system_envelope
from projections.closings import Closing
from projections.compliance import ComplianceSessions, SessionVersion
from projections.feed import Fact
from projections.following import Follower
from projections.term_books import TermFacts
from projections.term_obstacles import Obstacle, counted

log = structlog.get_logger(__name__)

SECONDS_TO_CATCH_UP: Final = 10.0
TIMES_TO_READ: Final = 20
TOTALLED_ON: Final = (
    "schools", "roster", "session_board", "attendance_register", "account_statement",
    "compliance", "closings", "cases", "link_board", "sheet_book", "scan_inbox", "one_person",
)  # fmt: skip

# What may change the totals of a term.
TOUCHING: Final = ComplianceSessions.topics | {
    Account.CreditAwarded.TOPIC,
    Account.CreditReversed.TOPIC,
    Attendance.Assessed.TOPIC,
    TermClosing.Closed.TOPIC,
    YearClosing.Closed.TOPIC,
}
MERGING: Final = frozenset({Learner.MergedInto.TOPIC, Learner.UnmergedFrom.TOPIC})


class ReadModelsBehind(Refused):
    """The read models do not show everything that is recorded: nothing is totalled on them now."""

    code = "read_models_behind"


class ListingUnknown(Refused):
    """The term has no closing or addendum of that number."""

    code = "term_listing_unknown"


def listing_of(runtime: Runtime, school_code: str, term: Term) -> TermListing:
    """What a school's term adds up to as everything recorded has it. Raises ReadModelsBehind."""
    facts = facts_of(runtime, school_code, term)
    rules = runtime.book.rulebooks.on(term.begins).school_term_compliance
    verdicts = judged((each.judged for each in facts.sessions), rules, runtime.now())
    attested = [each for each in facts.sessions if each.standing == Standing.ATTESTED]
    return TermListing(
        school_code=school_code,
        term=term.code,
        sessions=tuple(
            listed(each, verdicts[each.session_id], facts.attended) for each in attested
        ),
        accounts=tuple(
            ListedAccount(Account.create_id(each.learner_id), each.hours) for each in facts.credited
        ),
        households=facts.households,
    )


def facts_of(runtime: Runtime, school_code: str, term: Term) -> TermFacts:
    """Read again where a fact arrived meanwhile that half of the books show: it never was so."""
    for _ in range(TIMES_TO_READ):
        must_show(runtime, runtime.book.ledger.position())
        facts = runtime.models.term_books.read(school_code, term.school_year, term.term_no)
        if facts.of_one_moment:
            return facts
    raise ReadModelsBehind


def listed(
    session: SessionVersion, verdict: Verdict, attended: Mapping[UUID, int]
) -> ListedSession:
    return ListedSession(
        session_id=session.session_id,
        course_id=session.course_id,
        mode=session.mode,
        class_hours=session.class_hours,
        verdict=verdict,
        attended=attended.get(session.session_id, 0),
    )


def listing_text(runtime: Runtime, school_code: str, term: Term, number: int | None) -> str:
    """The text of a closing (0) or addendum as it was filed; of None, as it adds up now.

    Raises ListingUnknown, ReadModelsBehind.
    """
    if number is None:
        return listing_of(runtime, school_code, term).text
    hashes = {each.number: each.sha256 for each in closings_of(runtime, school_code, term)}
    if number not in hashes:
        raise ListingUnknown(number=number)
    text = runtime.book.closings.filed_listing(school_code, term.code, hashes[number])
    assert text is not None  # it is filed before the event
    return text


def closings_of(runtime: Runtime, school_code: str, term: Term) -> list[Closing]:
    """The closing of a school's term and its addenda; nothing while it is open."""
    found = runtime.models.closings.of_term([school_code], term.school_year, term.term_no)
    return found.get(school_code, [])


def obstacles_of(runtime: Runtime, school_code: str, term: Term) -> list[Obstacle]:
    return runtime.models.term_obstacles.of(school_code, term.school_year, term.term_no)


def close_term(runtime: Runtime, school_code: str, term: Term, by: Envelope) -> int:
    """As the school; see `Closings.close_term` for what it raises."""
    listing = listing_of(runtime, school_code, term)
    obstacles = counted(obstacles_of(runtime, school_code, term))
    return runtime.book.closings.close_term(listing, obstacles, by)


def force_term(runtime: Runtime, school_code: str, term: Term, by: Envelope) -> int:
    """As the district for the school; see `Closings.force_term` for what it raises."""
    listing = listing_of(runtime, school_code, term)
    obstacles = counted(obstacles_of(runtime, school_code, term))
    return runtime.book.closings.force_term(listing, obstacles, by)


def close_year(runtime: Runtime, school_code: str, school_year: int, by: Envelope) -> int:
    """With the hours the school offered; see `Closings.close_year` for what it raises."""
    must_show(runtime, runtime.book.ledger.position())
    offered = offered_in(runtime, school_code, school_year)
    return runtime.book.closings.close_year(school_code, school_year, offered, by)


def offered_in(runtime: Runtime, school_code: str, school_year: int) -> dict[str, int]:
    """Hours by grade, each session by the rules it was announced under."""
    sessions = runtime.models.compliance.sessions_of([school_code], school_year)
    grades = grades_of(runtime, school_code, school_year)

    def rules_of(session: TermSession) -> Rulebook:
        version = session.rulebook_version
        book = runtime.book
        return (
            book.rulebooks.version(version)
            if version
            else book.sessions.rules_on(session.begins_at)
        )

    return offered_by_grade([each.judged for each in sessions], grades, rules_of)


def must_show(runtime: Runtime, position: int, *beside: str) -> None:
    """Wait until what is totalled, and what else is named, shows a position.

    Raises ReadModelsBehind.
    """
    if not runtime.projector.wait_for(position, SECONDS_TO_CATCH_UP, (*TOTALLED_ON, *beside)):
        raise ReadModelsBehind


def follow_addenda(runtime: Runtime) -> Follower:
    """Whatever changes a closed term or year, its closing included, leaves a dated addendum.

    A fact that the closing did not see yet is found by the closing's own turn.
    """

    def follow(facts: Sequence[Fact]) -> None:
        must_show(runtime, facts[-1].position)
        for closing in runtime.models.closings.touched_by(facts):
            file_addendum(runtime, closing, facts[-1])
        for school_code, school_year in offering_less(runtime, facts):
            file_year_addendum(runtime, school_code, school_year, facts[-1])

    return Follower("addenda", TOUCHING, follow)


def follow_merges(runtime: Runtime) -> Follower:
    """Whoever came under two records is one person in the books of a term while they are merged.

    It came later, and begins with the first merge: the books that were closed over it have theirs.
    """
    return Follower("merge_addenda", MERGING, follow_addenda(runtime).on_batch)


def file_addendum(runtime: Runtime, closing: Closing, last: Fact) -> None:
    """Total a closed term again, as of today; where nothing differs nothing is recorded."""
    term = runtime.book.registry.term(closing.school_year, closing.term_no)
    cause = last.event.envelope.command_id
    by = system_envelope(runtime.now(), closing.school_code, cause, "addendum", closing.closing_id)
    runtime.book.closings.file_addendum(listing_of(runtime, closing.school_code, term), by)


def offering_less(runtime: Runtime, facts: Sequence[Fact]) -> list[tuple[str, int]]:
    """The school years whose offer may be less by some facts: corrected ones, those just closed."""
    sessions = [f for f in facts if isinstance(f.event, Session.Corrected | Session.Voided)]
    closings = runtime.models.closings.touched_by(sessions) if sessions else []
    found = {(each.school_code, each.school_year) for each in closings}
    just_closed = (f.event for f in facts if isinstance(f.event, YearClosing.Closed))
    return sorted(found | {(event.school_code, event.school_year) for event in just_closed})


def file_year_addendum(runtime: Runtime, school_code: str, school_year: int, last: Fact) -> None:
    """Total the offer of a closed year again; where it is not less nothing is recorded."""
    if runtime.models.closings.of_year(school_code, school_year) is None:
        return
    cause, parts = last.event.envelope.command_id, (school_code, str(school_year))
    by = system_envelope(runtime.now(), school_code, cause, "year_addendum", *parts)
    offered = offered_in(runtime, school_code, school_year)
    runtime.book.closings.file_year_addendum(school_code, school_year, offered, by)


def follow_years(runtime: Runtime) -> Follower:
    """When a school year is closed, or offered less, every learner in it is evaluated again.

    Whoever had a place in it, though the child has left or they are its guardian no more: the last
    year of a stage is closed when its children have graduated.

    After a crash the year begins again: who was evaluated before is no news.
    """

    def follow(facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact.event, YearClosing.Closed | YearClosing.AddendumFiled):
                must_show(runtime, fact.position)
                evaluate_year(runtime, fact.event)

    topics = frozenset({YearClosing.Closed.TOPIC, YearClosing.AddendumFiled.TOPIC})
    return Follower("year_evaluations", topics, follow)


def evaluate_year(runtime: Runtime, event: YearClosing.Closed | YearClosing.AddendumFiled) -> None:
    at, cause = event.envelope.occurred_at, event.envelope.command_id
    learners = runtime.models.roster.learners_ever_of(event.school_code, event.school_year)
    log.info("year_evaluations", school=event.school_code, learners=len(learners))
    awards = runtime.book.awards
    for learner_id in learners:
        if isinstance(event, YearClosing.Closed):
            awards.evaluate_at_year_close(learner_id, event.school_year, at, cause)
        else:
            awards.evaluate(learner_id, at, cause)
