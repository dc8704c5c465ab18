"""Rules for tests that compare: easy ones that one evening fulfils, and how to try and publish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.envelope import Role
from domain.identity import attendance_id
from domain.rehearsal import RuleEffects
from domain.rulebook import Rulebook
from ledger.book import Book
from ledger.exams import PaperResult
from ledger.rulebooks import default_rulebook
from ledger.rulebooks_instead import Trial
from ledger.rulebooks_rehearsal import Rehearsal
from tests.acting import ENDS, SCHOOL, SET_UP, STARTS, Pilot, envelope, rehearse
from tests.ledger.evenings import COORDINATOR, HOST, attest, open_session, wish

LATER = ENDS + timedelta(days=9)
EXAM_DAY = date(2026, 9, 20)
# One evening of two hours and an exam make an annual completion and a first star.
EASY = {
    "completion.annual.min_hours": 200,
    "completion.annual.min_face_to_face_hours": 200,
    "completion.annual.supply_guard.floor": 200,
    "course_families.required_for_completion": 1,
    "stars.tracks.six_year.levels.1.hours": 200,
}


def rules(version: str, effective_from: date, **figures: Any) -> Rulebook:
    """The default rules with some figures changed; `__` stands for the dot of a reference."""
    return with_figures(
        version, effective_from, {k.replace("__", "."): v for k, v in figures.items()}
    )


def with_figures(version: str, effective_from: date, figures: dict[str, Any]) -> Rulebook:
    data = default_rulebook().model_dump(mode="json")
    data |= {"version": version, "effective_from": effective_from.isoformat()}
    for ref, value in figures.items():
        *path, name = ref.split(".")
        group = data
        for step in path:
            group = group[step]
        group[name] = value
    return Rulebook.model_validate(data)


def attended(pilot: Pilot, *sessions: UUID) -> Any:
    """The attendances of learners, as the register would tell them."""

    def of(learners: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        held = sessions or (pilot.session_id,)
        return {key: [attendance_id(session, key) for session in held] for key in learners}

    return of


def an_evening(pilot: Pilot) -> None:
    """The first comes on time, the second 29 minutes late, the third not at all; one exam each.

    Of 80 minutes the second was there for 51: 63 %, half. The first two scored 65, the third 55.
    """
    book, (first, second, third) = pilot.book, pilot.learners
    open_session(pilot)
    for learner, minutes in ((first, 0), (second, 29)):
        book.attendances.check_in(wish(pilot, learner, minutes))
        leave = envelope(ENDS, Role.PARENT, learner)
        book.attendances.check_out(pilot.session_id, learner, uuid4(), leave, by_staff=False)
    host = envelope(ENDS, Role.HOST, HOST)
    book.sessions.close(pilot.session_id, host)
    book.sessions.count_heads(pilot.session_id, 2, None, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    by = envelope(ENDS, Role.COORDINATOR, COORDINATOR)
    book.sessions.attest(pilot.session_id, Role.COORDINATOR, by)
    book.awards.run(pilot.session_id, ENDS, uuid4())
    exam_id = book.exams.publish(SCHOOL, "示例考核", EXAM_DAY, envelope(ENDS))
    results = [PaperResult(first, 65), PaperResult(second, 65), PaperResult(third, 55)]
    assert book.exams.enter_results(exam_id, results, envelope(LATER)) == {}
    assert book.exams.check_results(exam_id, results, envelope(LATER)) == {}
    for learner in pilot.learners:
        book.awards.evaluate(learner, LATER, uuid4())


def a_short_stay(pilot: Pilot, learner: UUID) -> None:
    """An evening of one learner, who leaves after 30 of 80 minutes: 37 %, and no claim at all."""
    book = pilot.book
    open_session(pilot)
    book.attendances.check_in(wish(pilot, learner))
    leave = envelope(STARTS + timedelta(minutes=30), Role.PARENT, learner)
    book.attendances.check_out(pilot.session_id, learner, uuid4(), leave, by_staff=False)
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    book.sessions.count_heads(pilot.session_id, 1, None, envelope(ENDS, Role.HOST, HOST))
    attest(pilot)
    book.awards.run(pilot.session_id, ENDS, uuid4())


def rehearsed(pilot: Pilot, draft: Rulebook, since: date | None = None) -> dict[UUID, RuleEffects]:
    """What a draft would change, learner by learner."""
    book = pilot.book
    book.rulebooks.draft(draft, envelope(SET_UP))
    edition = book.rulebooks.edition(draft.version)
    trial = Trial(uuid4(), edition, LATER, since)
    rehearsal = Rehearsal(book.ledger, book.rulebooks, trial, attended(pilot))
    return {each.learner_id: each for each in rehearsal.effects(sorted(pilot.learners))}


def in_force(book: Book, rulebook: Rulebook, at: datetime = SET_UP) -> None:
    """Draft, try and publish an edition of the city, by two persons."""
    book.rulebooks.draft(rulebook, envelope(at))
    rehearse(book, rulebook.version)
    book.rulebooks.publish(rulebook.version, envelope(at))
