"""Scans and taps of a staff device, now or uploaded later: taken, known already, refused, or kept.

What a rule refuses while the person stands there is told at once. What comes late is not lost: it
waits in the session's inbox with its reason and its own time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from api.bootstrap import Runtime
from api.sheet_codes import is_row_code, sheet_row_of
from domain.attendance import AlreadyCheckedIn, AlreadyCheckedOut, ahead_of
from domain.envelope import Channel, Envelope, Role
from domain.identity import derived
from domain.refusals import Refused
from domain.session_refusals import SessionNotOpen
from domain.standing import Standing
from domain.waiting_scan import WaitingScan, Way
from ledger.attendances import CheckOut
from ledger.check_in import CheckIn
from ledger.ledger import Contended, OutcomeUnknown
from ledger.waiting_scans import RefusedScan

SEEN_AT_ONCE = timedelta(seconds=20)


class ScanOfAnother(Refused):
    """The device's scan was made while somebody else was signed in."""

    code = "scan_of_another"


class RowOfAnotherSession(Refused):
    """The code is of a row of another session's sign-in sheet."""

    code = "sheet_row_of_another_session"


class RowIsBlank(Refused):
    """The row was printed without a name: who signed there is found by name."""

    code = "sheet_row_blank"


class Answer(StrEnum):
    """What became of a scan. Only what is to be sent `again` stays on the device."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"
    WAITING = "waiting"
    TURNED_DOWN = "turned_down"
    AGAIN = "again"


@dataclass(frozen=True)
class Scan:
    """A code that was read or a name that was tapped, with the device's corrected time.

    `shift` is who was signed in on the device, by `shift_of`; None: whoever is asking.
    """

    scan_id: UUID
    way: Way
    at: datetime
    code: str | None = None
    learner_id: UUID | None = None
    shift: UUID | None = None

    @property
    def channel(self) -> Channel:
        return Channel.STAFF_ENTRY if self.code is None else Channel.STAFF_SCAN


@dataclass(frozen=True)
class Answered:
    """The answer to one scan; `at` is since when somebody is in or out."""

    scan_id: UUID
    answer: Answer
    learner_id: UUID | None = None
    at: datetime | None = None
    refusal: Refused | None = None
    position: int | None = None


def shift_of(session_id: UUID, staff_id: UUID) -> UUID:
    """What a device is given to mark its scans by: it says that two scans are of one person."""
    return derived("scanner", session_id, staff_id)


def learner_of(runtime: Runtime, session_id: UUID, scan: Scan) -> UUID:
    """Whose scan it is, under the record that speaks for them. Raises what a code refuses."""
    found = scan.learner_id or holder_of(runtime, session_id, scan.code or "")
    return runtime.book.learners.survivor_of(found)


def holder_of(runtime: Runtime, session_id: UUID, code: str) -> UUID:
    """Whose personal code it is, or who stands on that row of the session's sign-in sheet."""
    if not is_row_code(code):
        return runtime.personal_codes.learner_of(code)
    row = sheet_row_of(runtime, code)
    if row.session_id != session_id:
        raise RowOfAnotherSession
    if row.learner_id is None:
        raise RowIsBlank
    return row.learner_id


def take(runtime: Runtime, session_id: UUID, scan: Scan, by: Envelope) -> Answered:
    """Record a scan, or say what became of it. The same scan again gets the same answer."""
    learner_id: UUID | None = None
    is_late = abs(by.at - scan.at) > SEEN_AT_ONCE
    if is_late and (waiting := runtime.book.waiting_scans.of(session_id, scan.scan_id)):
        return Answered(scan.scan_id, decided(waiting), waiting.learner_id)
    try:
        learner_id = learner_of(runtime, session_id, scan)
        if scan.shift not in {None, shift_of(session_id, by.actor.id)}:
            raise ScanOfAnother
        return recorded(runtime, session_id, learner_id, scan, by)
    except (AlreadyCheckedIn, AlreadyCheckedOut) as known:
        return Answered(scan.scan_id, Answer.ALREADY, learner_id, since(known))
    except (Contended, OutcomeUnknown) as doubt:
        return Answered(scan.scan_id, Answer.AGAIN, learner_id, refusal=doubt)
    except Refused as refusal:
        if is_late:
            return kept(runtime, session_id, learner_id, scan, by, refusal)
        return Answered(scan.scan_id, Answer.REFUSED, learner_id, refusal=refusal)


def recorded(
    runtime: Runtime, session_id: UUID, learner_id: UUID, scan: Scan, by: Envelope
) -> Answered:
    """Raises what a check-in or a check-out refuses."""
    if scan.way is Way.OUT:
        return checked_out(runtime, session_id, learner_id, scan, by)
    answer = runtime.book.attendances.check_in(
        CheckIn(
            session_id=session_id,
            learner_id=learner_id,
            scan_id=scan.scan_id,
            channel=scan.channel,
            actor=by.actor,
            at=scan.at,
            now=by.at,
        )
    )
    taken = Answer.TAKEN
    return Answered(scan.scan_id, taken, learner_id, answer.checked_in_at, position=answer.position)


def checked_out(
    runtime: Runtime, session_id: UUID, learner_id: UUID, scan: Scan, by: Envelope
) -> Answered:
    ahead_of(scan.at, by.at)
    at = min(scan.at, by.at)
    left = by.model_copy(
        update={"command_id": scan.scan_id, "occurred_at": at, "channel": scan.channel}
    )
    is_person = by.actor.role is not Role.MACHINE
    if not is_person:
        must_be_open(runtime, session_id)
    leaving = CheckOut(session_id, learner_id, scan.scan_id, now=by.at, by_staff=is_person)
    position = runtime.book.attendances.leave(leaving, left)
    return Answered(scan.scan_id, Answer.TAKEN, learner_id, at, position=position)


def must_be_open(runtime: Runtime, session_id: UUID) -> None:
    """A device confirms no stay once the session is over. Raises SessionNotOpen."""
    session = runtime.book.sessions.get(session_id)
    if session.standing is not Standing.OPENED:
        raise SessionNotOpen(stands=session.standing.value)


def kept(
    runtime: Runtime,
    session_id: UUID,
    learner_id: UUID | None,
    scan: Scan,
    by: Envelope,
    refusal: Refused,
) -> Answered:
    """Let a refused scan wait for host or coordinator."""
    refused = RefusedScan(session_id, scan.scan_id, scan.way, scan.at, refusal.code, learner_id)
    command_id = derived("keep scan", session_id, scan.scan_id)
    by = by.model_copy(update={"command_id": command_id, "channel": scan.channel})
    position = runtime.book.waiting_scans.keep(refused, by)
    waiting = Answer.WAITING
    return Answered(scan.scan_id, waiting, learner_id, refusal=refusal, position=position)


def decided(waiting: WaitingScan) -> Answer:
    if waiting.is_taken is None:
        return Answer.WAITING
    return Answer.TAKEN if waiting.is_taken else Answer.TURNED_DOWN


def since(known: Refused) -> datetime | None:
    at = known.facts.get("checked_in_at") or known.facts.get("checked_out_at")
    return at if isinstance(at, datetime) else None
