"""Making a passbook: the facts that recomputing a person's figures reads, and what pages show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple
from uuid import UUID

from api.bootstrap import Runtime
from api.closing import ReadModelsBehind
from api.passbook.file import Completed, Fact, Passbook, Star, Summary, YearOfHours
from api.passbook.proving import logged
from api.passbook.summing import editions_in
from domain.learner import UnknownLearner
from ledger.recomputing.given import Given, GivenLedger, Row
from ledger.recomputing.recompute import recomputed
from ledger.recomputing.sources import BEGINNINGS
from projections.feed import Feed

TRIES_MORE = 2
SECONDS_TO_CATCH_UP = 2.0


class Seen(NamedTuple):
    """What the pages show at a position, and the rows; of these some may be later."""

    position: int
    summary: Summary
    rows: list[Row]


def passbook_of(runtime: Runtime, learner_id: UUID) -> Passbook:
    """The passbook of a person, whichever of their records is named.

    What is recorded while it is made is left to the next one: the pages show nothing of it yet.
    Raises UnknownLearner; ReadModelsBehind where they are late, as no page may speak beside facts
    that it does not show.
    """
    if not runtime.models.roster.is_registered(learner_id):
        raise UnknownLearner(id=learner_id)
    learner_id = runtime.book.learners.survivor_of(learner_id)
    seen = seen_now(runtime, learner_id)
    for _ in range(TRIES_MORE):
        if all(row.position <= seen.position for row in seen.rows):
            break
        seen = seen_now(runtime, learner_id)
    rows = [row for row in seen.rows if row.position <= seen.position]
    log, facts = logged(runtime, [Fact.of(row) for row in rows])
    return Passbook(
        learner_id=learner_id,
        as_of=runtime.now(),
        position=seen.position,
        summary=seen.summary,
        rulebooks=tuple(editions_in(facts)),
        log=log,
        facts=facts,
    )


def seen_now(runtime: Runtime, learner_id: UUID) -> Seen:
    position = runtime.book.ledger.position()
    if not runtime.projector.wait_for(position, SECONDS_TO_CATCH_UP):
        raise ReadModelsBehind
    summary = summary_of(runtime, learner_id)
    return Seen(position, summary, rows_under(runtime, learner_id))


def rows_under(runtime: Runtime, learner_id: UUID) -> list[Row]:
    """Every stream that the rules look at for one person: it is found by asking them."""
    feed = Feed(runtime.views)

    def fetch(ids: Collection[UUID]) -> Iterator[Row]:
        for each in feed.rows_of(list(ids)):
            yield Row(each.position, each.recorded_at, each.stored)

    given = Given(fetch)
    streams = runtime.models.history.streams_of(learner_id)
    sources = feed.beginning(streams, BEGINNINGS)
    ledger = GivenLedger(given, feed.head() + 1)
    recomputed(given, ledger, learner_id, sources, runtime.now())
    return given.rows


def summary_of(runtime: Runtime, learner_id: UUID) -> Summary:
    """What the pages show of a person."""
    accounts, stars = runtime.models.accounts, runtime.models.stars.progress_of(learner_id)
    return Summary(
        hours=accounts.balance(learner_id),
        years=tuple(
            YearOfHours(
                school_year=each.school_year,
                stage=each.stage,
                hours=each.hours,
                face_to_face=each.face_to_face,
            )
            for each in accounts.totals(learner_id)
            if each.hours
        ),
        completions=tuple(
            Completed(stage=star.stage, kind=done.kind, period=done.period, hours=done.hours)
            for star in stars
            for done in star.completions
        ),
        stars=tuple(
            Star(stage=each.stage, level=each.star_level, since=each.awarded_on)
            for each in stars
            if each.star_level
        ),
    )
