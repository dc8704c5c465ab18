"""An evaluation asked about an old moment: it judges by the rules of the last fact it looks at."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from domain.rulebook import Rulebook
from ledger.rulebooks import default_rulebook
from tests.acting import ENDS, SET_UP, STARTS, Pilot, envelope, rehearse
from tests.ledger.test_awards import enrol, evaluation, four_evenings, pass_exam

SECOND_WEEK = STARTS.date() + timedelta(days=10)


def stricter() -> Rulebook:
    """From the second week on, the first star asks for more hours than four evenings give."""
    rulebook = default_rulebook()
    name, track = rulebook.stars.track_of("primary")
    first = track.levels[1].model_copy(update={"hours": 900})
    track = track.model_copy(update={"levels": {**track.levels, 1: first}})
    stars = rulebook.stars.model_copy(update={"tracks": {**rulebook.stars.tracks, name: track}})
    return rulebook.model_copy(
        update={"version": "stricter", "effective_from": SECOND_WEEK, "stars": stars}
    )


def test_an_evening_judged_again_awards_no_star_by_rules_that_are_over(pilot: Pilot) -> None:
    book = pilot.book
    first = pilot.session_id
    book.rulebooks.draft(stricter(), envelope())
    rehearse(book, "stricter")
    book.rulebooks.publish("stricter", envelope(SET_UP + timedelta(hours=1)))
    pass_exam(pilot)
    four_evenings(pilot)
    assert evaluation(pilot).star_level == 0
    position = book.ledger.position()

    book.awards.run(first, ENDS, uuid4())
    book.awards.evaluate(pilot.learners[0], ENDS, uuid4())

    assert book.ledger.position() == position


def test_what_is_found_late_is_dated_by_the_last_fact_it_rests_on(pilot: Pilot) -> None:
    """A second child came in later; no evaluation looked at its stage until now."""
    four_evenings(pilot)
    pass_exam(pilot)
    enrolled = STARTS + timedelta(days=100)
    enrol(pilot.book, pilot.learners[0], enrolled, stage="kindergarten", grade="大班")

    pilot.book.awards.evaluate(pilot.learners[0], ENDS, uuid4())

    found = evaluation(pilot, "kindergarten")
    assert found.completed_years == {2026}
    assert found.latest_at == enrolled
