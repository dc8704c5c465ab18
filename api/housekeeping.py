"""What the worker does now and then: stays nobody confirmed, terms that are over, what ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, TypeVar

import structlog

from api.bootstrap import Runtime
from api.imports.uploads import Uploads
from api.rounds import Rounds
from api.sharing import ShareLinks
from api.staffing import forget_who_never_came
from api.studying import Progress
from api.teacher_closing import close_cycles
from domain.calendar import CITY_ZONE, local_day
from ledger.evaluating import system_envelope
from ledger.link_requests import LINK
from projections.attendance_register import PendingAttendance
from projections.database import GONE
from projections.exam_board import AttemptLine
from projections.link_board import LeftWaiting
from projections.schools import TermDates
from projections.star_progress import ProgressRow

log = structlog.get_logger(__name__)

HOUSEKEEPING_EVERY: Final = timedelta(minutes=10)
AWARD_RUN_TAKES: Final = timedelta(minutes=1)
ANSWERED_LINK_IS_KEPT: Final = timedelta(days=30)  # local default: time to answer it otherwise

T = TypeVar("T")


class Housekeeping(Rounds):
    """Chores, each done for itself: what cannot be done keeps nothing else from being done."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("housekeeping", HOUSEKEEPING_EVERY.total_seconds())
        self._runtime = runtime

    def round(self) -> bool:
        self.once(self._runtime.now())
        return False

    def once(self, at: datetime) -> None:
        """Settle attendances whose days are over or that no run saw; close cycles; forget."""
        runtime, tables = self._runtime, self._runtime.tables
        chores: tuple[Callable[[datetime], object], ...] = (
            self._settle_the_unconfirmed,
            self._settle_the_unjudged,
            self._vouch_for_the_confirmed,
            self._mark_what_ran_out,
            self._judge_the_suspended,
            self._close_cycles,
            self._forget_answered_links,
            partial(forget_who_never_came, runtime),
            runtime.book.scans.forget,
            tables.forget_what_ended,
            Uploads(tables, runtime.secrets.vault).forget_what_ended,
            ShareLinks(tables).forget_what_ended,
            Progress(tables).forget_what_ended,
        )
        each_by_itself(chores, lambda chore: chore(at))

    def _settle_the_unconfirmed(self, at: datetime) -> None:
        """Stays without check-out that staff may confirm no more (rulebook: attendance, LOCAL)."""
        book, models = self._runtime.book, self._runtime.models
        if book.rulebooks.hold_on(local_day(at, CITY_ZONE)):
            days = timedelta(
                days=book.sessions.rules_on(at).attendance.missing_check_out_confirm_days
            )
            each_by_itself(models.attendances.pending_before(at - days), partial(self._settle, at))

    def _settle_the_unjudged(self, at: datetime) -> None:
        """The intake may have read a session as open and recorded after its award run."""
        found = self._runtime.models.attendances.unjudged_before(at - AWARD_RUN_TAKES)
        each_by_itself(found, partial(self._settle, at))

    def _settle(self, at: datetime, stay: PendingAttendance) -> None:
        key = stay.attendance_id
        self._runtime.book.awards.award_one(stay.session_id, key, at, key)

    def _vouch_for_the_confirmed(self, at: datetime) -> None:
        def vouch(left: LeftWaiting) -> None:
            by = system_envelope(at, "", left.attendance_id, "vouch")
            self._runtime.book.links.vouch(left.learner_id, left.link_id, left.attendance_id, by)

        each_by_itself(self._runtime.models.links.left_waiting(at - AWARD_RUN_TAKES), vouch)

    def _mark_what_ran_out(self, at: datetime) -> None:
        """Exams on a screen that nobody handed in count by what was saved in time."""

        def mark(line: AttemptLine) -> None:
            by = system_envelope(at, "", line.attempt_id, "ran out")
            self._runtime.book.online_exams.settle(line.attempt_id, by)

        each_by_itself(self._runtime.models.exams.overdue(at), mark)

    def _judge_the_suspended(self, at: datetime) -> None:
        """Stars that were suspended for terms may be due once one is over, or has other dates."""
        models, awards = self._runtime.models, self._runtime.book.awards
        told = news_of(models.schools.terms(), local_day(at, CITY_ZONE))
        if told is None:
            return

        def judge(row: ProgressRow) -> None:
            awards.evaluate_at_term_end(row.learner_id, row.stage, told.name, at)

        each_by_itself(models.stars.suspended_on(told.day), judge)

    def _close_cycles(self, at: datetime) -> None:
        for closed in close_cycles(self._runtime, at):
            log.info("teacher_cycle_closed", cycle=closed.cycle, teachers=closed.teachers)

    def _forget_answered_links(self, at: datetime) -> None:
        answered = self._runtime.models.links.answered_before(at - ANSWERED_LINK_IS_KEPT)
        self._runtime.book.vault.drop(LINK, [each.link_id for each in answered])


def each_by_itself(items: Iterable[T], act: Callable[[T], object]) -> None:
    """What goes wrong with one is logged, and comes again in the next round.

    Raises GONE where the database does not answer: then nothing else can be done either.
    """
    for item in items:
        try:
            act(item)
        except GONE:
            raise
        except Exception:
            log.exception("housekeeping_failed")


class TermNews(NamedTuple):
    """The last that happened to the terms: whoever was judged by that day is judged again."""

    day: date
    name: str  # the same for the same news: it is answered once


def news_of(terms: Sequence[TermDates], today: date) -> TermNews | None:
    """The last end of a term, and whatever dates were corrected since; None: nothing yet."""
    over = [term for term in terms if term.ends < today]
    corrected = [term.corrected_at for term in terms if term.corrected_at]
    days = [term.ends for term in over] + [local_day(at, CITY_ZONE) for at in corrected]
    if not days:
        return None
    last = max(over, key=lambda term: term.ends, default=None)
    parts = (f"{last.code} {last.ends}" if last else "", *sorted(map(str, corrected))[-1:])
    return TermNews(max(days), " ".join(parts))
