"""The worker: keeps the read models up with the feed, and does what follows from facts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import structlog

from api.bootstrap import Runtime
from api.imports.uploads import Uploads
from api.sharing import ShareLinks
from api.staffing import forget_who_never_came
from api.studying import Progress
from api.teacher_closing import close_cycles
from domain.aggregate import LedgerEvent
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Channel, Envelope, Role
from domain.exam import ExamRecord
from domain.external import ExternalHours
from domain.push import PushRecord
from domain.service import Service
from domain.session import Session
from domain.sheet import Sheet
from domain.studying import MicroClassCompletion
from ledger.awards import Awards
from ledger.earning import Earning
from ledger.evaluating import system_envelope
from ledger.link_requests import LINK
from projections.attendance_register import PendingAttendance
from projections.feed import Fact
from projections.schools import TermDates

log = structlog.get_logger(__name__)

HOUSEKEEPING_EVERY: Final = timedelta(minutes=10)
AWARD_RUN_TAKES: Final = timedelta(minutes=1)
# How a check-out may be recorded after the attestation; before it, the session's own run counts it.
CONFIRMED_BY_STAFF: Final = frozenset({Channel.STAFF_ENTRY, Channel.STAFF_SCAN})
ANSWERED_LINK_IS_KEPT: Final = timedelta(days=30)  # local default: time to answer it otherwise


def follow_awards(awards: Awards, earning: Earning) -> Callable[[Sequence[Fact]], None]:
    """What the award process does with facts: asked at least once, done exactly once."""

    def follow(facts: Sequence[Fact]) -> None:
        for fact in facts:
            award(awards, fact.event)
            earn(earning, fact.event)

    return follow


AWARD_TOPICS: Final = frozenset(
    {
        Session.Attested.TOPIC,
        ExamRecord.ResultCounted.TOPIC,
        ExamRecord.ResultRecounted.TOPIC,
        Attendance.CheckedOut.TOPIC,
        Attendance.Vouched.TOPIC,
        Sheet.Checked.TOPIC,
        Service.Named.TOPIC,
        Service.NamedAgain.TOPIC,
        MicroClassCompletion.Completed.TOPIC,
        PushRecord.AnsweredRight.TOPIC,
        ExternalHours.Confirmed.TOPIC,
    }
)


def earn(earning: Earning, event: LedgerEvent) -> None:
    """Credit what is earned outside attendance."""
    at, cause = event.envelope.occurred_at, event.envelope.command_id
    match event:
        case Session.Attested(complete=True):
            earning.of_session(event.originator_id, at, cause)
        case Service.Named(session_id=session_id) | Service.NamedAgain(session_id=session_id):
            # Whoever was named while the second person attested is seen by no run of the session.
            earning.of_session(session_id, at, cause)
        case MicroClassCompletion.Completed():
            earning.of_micro_class(event.originator_id, at, cause)
        case PushRecord.AnsweredRight():
            earning.of_pushes(event.originator_id, at, cause)
        case ExternalHours.Confirmed():
            earning.of_external(event.originator_id, at, cause)
        case _:
            pass


def is_confirmed(by: Envelope) -> bool:
    """Whether a person on duty said so; a device at the door confirms nothing."""
    return by.channel in CONFIRMED_BY_STAFF and by.actor.role is not Role.MACHINE


def award(awards: Awards, event: LedgerEvent) -> None:
    """Start what an event entails: an award run, an evaluation, a stay confirmed afterwards."""
    at, cause = event.envelope.occurred_at, event.envelope.command_id
    match event:
        case Session.Attested(complete=True):
            log.info("award_run", session=str(event.originator_id))
            awards.run(event.originator_id, at, cause)
        case ExamRecord.ResultCounted(learner_id=learner_id):
            awards.evaluate(learner_id, at, cause)
        case ExamRecord.ResultRecounted(outcome=outcome):
            awards.evaluate(outcome.learner_id, at, cause)
        case Attendance.CheckedOut() if is_confirmed(event.envelope):
            awards.award_attendance(event.originator_id, at, cause)
        case Attendance.Vouched():
            awards.award_attendance(event.originator_id, at, cause)
        case Sheet.Checked(attendance_ids=attendance_ids):
            # Of a session that is attested already; before that its own run counts them.
            for key in attendance_ids:
                awards.award_attendance(key, at, cause)
        case _:
            pass


class Housekeeping:
    """Now and then: stays nobody confirmed or no run judged, and what ended in the web tables."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.once(self._runtime.now())
            except Exception:  # the next round tries again; the log says what was wrong
                log.exception("housekeeping_failed")
            self._stop.wait(HOUSEKEEPING_EVERY.total_seconds())

    def once(self, at: datetime) -> None:
        """Settle attendances whose days are over or that no run saw; close cycles; forget."""
        runtime = self._runtime
        self._settle(runtime.models.attendances.pending_before(at - self._to_confirm(at)), at)
        # The intake may have read a session as open and recorded after its award run.
        self._settle(runtime.models.attendances.unjudged_before(at - AWARD_RUN_TAKES), at)
        self._vouch_for_the_confirmed(at)
        self._mark_what_ran_out(at)
        self._judge_the_suspended(at)
        for closed in close_cycles(runtime, at):
            log.info("teacher_cycle_closed", cycle=closed.cycle, teachers=closed.teachers)
        answered = runtime.models.links.answered_before(at - ANSWERED_LINK_IS_KEPT)
        runtime.book.vault.drop(LINK, [each.link_id for each in answered])
        forget_who_never_came(runtime, at)
        runtime.book.scans.forget(at)
        runtime.tables.forget_what_ended(at)
        Uploads(runtime.tables, runtime.secrets.vault).forget_what_ended(at)
        ShareLinks(runtime.tables).forget_what_ended(at)
        Progress(runtime.tables).forget_what_ended(at)

    def _vouch_for_the_confirmed(self, at: datetime) -> None:
        for left in self._runtime.models.links.left_waiting(at - AWARD_RUN_TAKES):
            by = system_envelope(at, "", left.attendance_id, "vouch")
            self._runtime.book.links.vouch(left.learner_id, left.link_id, left.attendance_id, by)

    def _mark_what_ran_out(self, at: datetime) -> None:
        """Exams on a screen that nobody handed in count by what was saved in time."""
        for line in self._runtime.models.exams.overdue(at):
            by = system_envelope(at, "", line.attempt_id, "ran out")
            self._runtime.book.online_exams.settle(line.attempt_id, by)

    def _judge_the_suspended(self, at: datetime) -> None:
        """Stars that were suspended for terms may be due once one is over, or has other dates."""
        models, awards = self._runtime.models, self._runtime.book.awards
        told = news_of(models.schools.terms(), local_day(at, CITY_ZONE))
        if told is None:
            return
        for row in models.stars.suspended_on(told.day):
            awards.evaluate_at_term_end(row.learner_id, row.stage, told.name, at)

    def _settle(self, stays: Sequence[PendingAttendance], at: datetime) -> None:
        for stay in stays:
            key = stay.attendance_id
            self._runtime.book.awards.award_one(stay.session_id, key, at, key)

    def _to_confirm(self, at: datetime) -> timedelta:
        """How long staff may confirm a stay without check-out (rulebook: attendance, LOCAL)."""
        rules = self._runtime.book.sessions.rules_on(at).attendance
        return timedelta(days=rules.missing_check_out_confirm_days)


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
