"""Watching a micro-class: which segment was opened and finished when, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final, cast
from uuid import UUID

from api.access.rate_limit import Limit
from api.access.web_tables import WebTables
from api.bootstrap import Runtime
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope
from domain.identity import derived
from domain.micro_class import MicroClass
from domain.refusals import Refused
from domain.studying import Study, StudyIncomplete, least_seconds, places_of_checks

KEPT_FOR: Final = timedelta(days=90)
CHOICES: Final = 3
QUIZ_TRIES: Final = Limit("micro_class_quiz", 3, timedelta(days=1))  # local: no rule says how often


class SegmentNotOpened(Refused):
    """Segments are watched one at a time: open this one first."""

    code = "segment_not_opened"


class SegmentTooFast(Refused):
    """A segment takes its time at the fastest speed allowed; `retry_after` seconds are left."""

    code = "segment_too_fast"


@dataclass(frozen=True, slots=True)
class Watched:
    """One segment of somebody's progress."""

    segment: int
    opened_at: datetime
    finished_at: datetime | None
    check_right: bool | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The rows of the web schema in which progress lies."""

    tables: WebTables

    def of(self, learner_id: UUID, micro_class_id: UUID) -> dict[int, Watched]:
        rows = self.tables.rows(_OF, {"learner": learner_id, "class": micro_class_id})
        return {row[0]: Watched(*row) for row in rows}

    def open(self, learner_id: UUID, micro_class_id: UUID, segment: int, at: datetime) -> None:
        """Begin to watch a segment. Nobody watches two at a time: another one begins anew."""
        values = {"learner": learner_id, "class": micro_class_id, "segment": segment, "at": at}
        self.tables.change(_LEAVE_OTHERS, values)
        self.tables.change(_OPEN, values)

    def finish(
        self, learner_id: UUID, micro_class_id: UUID, segment: int, takes: int, at: datetime
    ) -> None:
        """Say that a segment was watched. Raises SegmentNotOpened, SegmentTooFast."""
        watched = self.of(learner_id, micro_class_id).get(segment)
        if watched is None:
            raise SegmentNotOpened(segment=segment)
        left = watched.opened_at + timedelta(seconds=takes) - at
        if watched.finished_at is None and left > timedelta():
            raise SegmentTooFast(retry_after=ceil(left.total_seconds()))
        values = {"learner": learner_id, "class": micro_class_id, "segment": segment, "at": at}
        self.tables.change(_FINISH, values)

    def answer(self, learner_id: UUID, micro_class_id: UUID, segment: int, right: bool) -> None:
        """Keep the first answer to a check, once its segment was watched."""
        values = {"learner": learner_id, "class": micro_class_id, "segment": segment}
        self.tables.change(_ANSWER, values | {"right": right})

    def forget_what_ended(self, at: datetime) -> int:
        return self.tables.change(_FORGET, {"since": at - KEPT_FOR})


@dataclass(frozen=True, slots=True)
class Check:
    """The question between two segments: which one was that? Answered by the place of a choice."""

    segment: int
    choices: tuple[str, ...]
    right: bool | None


@dataclass(frozen=True)
class Watching:
    """One learner before one micro-class."""

    runtime: Runtime
    micro_class: MicroClass
    learner_id: UUID

    @property
    def progress(self) -> Progress:
        return Progress(self.runtime.tables)

    @property
    def watched(self) -> Mapping[int, Watched]:
        return self.progress.of(self.learner_id, self.micro_class.id)

    @property
    def places(self) -> frozenset[int]:
        rules = self.runtime.book.micro_classes.rules_of(self.micro_class).micro_class
        plan = self.micro_class.plan
        return places_of_checks(self.micro_class.id, plan, self.learner_id, rules)

    def checks(self, watched: Mapping[int, Watched]) -> list[Check]:
        """The checks that are due: those behind the segments watched so far."""
        done = sorted(n for n, each in watched.items() if each.finished_at and n in self.places)
        titles = [each.title for each in self.micro_class.plan.segments]
        return [
            Check(n, tuple(titles[c] for c in self._choices(n)), watched[n].check_right)
            for n in done
        ]

    def _choices(self, segment: int) -> list[int]:
        """A segment among some others, in an order that tells nothing."""
        mixed = sorted(
            range(len(self.micro_class.plan.segments)),
            key=lambda number: derived("choice", self.learner_id, segment, number),
        )
        shown = {segment, *[number for number in mixed if number != segment][: CHOICES - 1]}
        return [number for number in mixed if number in shown]

    def open(self, segment: int, at: datetime) -> None:
        """Raises SegmentNotOpened for one that is not there."""
        self._seconds(segment)
        self.progress.open(self.learner_id, self.micro_class.id, segment, at)

    def finish(self, segment: int, at: datetime) -> None:
        """Raises SegmentNotOpened, SegmentTooFast."""
        rules = self.runtime.book.micro_classes.rules_of(self.micro_class).micro_class
        takes = least_seconds(self._seconds(segment), rules)
        self.progress.finish(self.learner_id, self.micro_class.id, segment, takes, at)

    def answer(self, segment: int, choice: int) -> None:
        """Answer the check behind a segment; the first answer stays."""
        right = dict(enumerate(self._choices(segment))).get(choice) == segment
        self.progress.answer(self.learner_id, self.micro_class.id, segment, right)

    def complete(self, answers: Sequence[int | None], by: Envelope) -> int:
        """Hand in the quiz. Raises StudyIncomplete, TooManyTries, and what the ledger refuses."""
        watched = self.watched
        study = Study(
            watched=frozenset(n for n, each in watched.items() if each.finished_at),
            checks=frozenset(n for n, each in watched.items() if each.check_right is not None),
            answers=tuple(answers),
        )
        limits, tried = self.runtime.limits, f"{self.learner_id} {self.micro_class.id}"
        limits.spend(QUIZ_TRIES, tried, by.at)
        try:
            position = self.runtime.book.micro_classes.complete(
                self.micro_class.id, self.learner_id, study, by
            )
        except StudyIncomplete as refusal:
            if "quiz" not in cast("list[str]", refusal.facts["lacks"]):
                limits.give_back(QUIZ_TRIES, tried)  # it was not the answers that were wrong
            raise
        limits.give_back(QUIZ_TRIES, tried)
        return position

    def _seconds(self, segment: int) -> int:
        segments = self.micro_class.plan.segments
        if not 0 <= segment < len(segments):
            raise SegmentNotOpened(segment=segment)
        return segments[segment].seconds


def running_year(runtime: Runtime) -> int:
    """The school year of today's term; between terms that of the day."""
    day = local_day(runtime.now(), CITY_ZONE)
    term = runtime.models.schools.term_on(day)
    return term.school_year if term else school_year_of(day)


def watching(runtime: Runtime, micro_class_id: UUID, learner_id: UUID) -> Watching:
    """Raises UnknownMicroClass, NotInvited."""
    found = runtime.book.micro_classes.offered_to(micro_class_id, learner_id)
    return Watching(runtime, found, learner_id)


_OF = """
select segment, opened_at, finished_at, check_right from {web}.micro_class_progress
where learner_id = %(learner)s and micro_class_id = %(class)s order by segment
"""
_LEAVE_OTHERS = """
delete from {web}.micro_class_progress
where learner_id = %(learner)s and finished_at is null
    and (micro_class_id, segment) <> (%(class)s, %(segment)s)
"""
_OPEN = """
insert into {web}.micro_class_progress (learner_id, micro_class_id, segment, opened_at)
values (%(learner)s, %(class)s, %(segment)s, %(at)s) on conflict do nothing
"""
_FINISH = """
update {web}.micro_class_progress set finished_at = coalesce(finished_at, %(at)s)
where learner_id = %(learner)s and micro_class_id = %(class)s and segment = %(segment)s
"""
_ANSWER = """
update {web}.micro_class_progress set check_right = coalesce(check_right, %(right)s)
where learner_id = %(learner)s and micro_class_id = %(class)s and segment = %(segment)s
    and finished_at is not null
"""
_FORGET = "delete from {web}.micro_class_progress where opened_at <= %(since)s"
