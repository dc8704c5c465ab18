"""A scan that came too late, or that a rule refused: it waits until host or coordinator decides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Channel, Envelope
from domain.identity import derived
from domain.plan import Door
from domain.refusals import Refused
from domain.session import Session
from domain.session_refusals import CheckInClosed, SessionNotOpen
from domain.standing import Standing


class Way(StrEnum):
    """What a scan is for."""

    IN = "in"
    OUT = "out"


class ScanRefusal(StrEnum):
    """Why a waiting scan is not taken."""

    RECORDED_OTHERWISE = "recorded_otherwise"
    NOT_PRESENT = "not_present"
    WRONG_PERSON = "wrong_person"
    NOT_OF_THIS_SESSION = "not_of_this_session"
    CODE_NOT_VALID = "code_not_valid"


class WaitingScanUnknown(Refused):
    """No such scan waits in this session."""

    code = "waiting_scan_unknown"


class WaitingScanDecided(Refused):
    """The scan was decided already, the other way."""

    code = "waiting_scan_decided"


class NobodyToTake(Refused):
    """The code named nobody: there is nobody whose attendance it could be."""

    code = "waiting_scan_of_nobody"


class WaitingScan(LedgerAggregate):
    """Its id is made of session and scan: however often it is uploaded, it waits once."""

    TOPIC: ClassVar[str] = "waiting_scan"

    class Kept(LedgerCreated):
        TOPIC = "waiting_scan.kept"

        session_id: UUID
        school_code: str
        scan_id: UUID
        way: Way
        scanned_at: AwareDatetime
        reason_code: str
        learner_id: UUID | None = None

    class Taken(LedgerEvent):
        TOPIC = "waiting_scan.taken"

    class TurnedDown(LedgerEvent):
        TOPIC = "waiting_scan.refused"

        reason_code: ScanRefusal

    @staticmethod
    def create_id(session_id: UUID, scan_id: UUID) -> UUID:
        return derived("waiting_scan", session_id, scan_id)

    @event(Kept)
    def __init__(
        self,
        session_id: UUID,
        school_code: str,
        scan_id: UUID,
        way: Way,
        scanned_at: datetime,
        reason_code: str,
        envelope: Envelope,
        learner_id: UUID | None = None,
    ) -> None:
        self.session_id = session_id
        self.scan_id = scan_id
        self.way = way
        self.scanned_at = scanned_at
        self.channel: Channel = envelope.channel
        self.learner_id = learner_id
        self.reason_code = reason_code
        self.is_taken: bool | None = None

    def take(self, envelope: Envelope) -> UUID:
        """Say that it counts, and whose attendance it is. Again is no news.

        Raises WaitingScanDecided, NobodyToTake.
        """
        if self.learner_id is None:
            raise NobodyToTake
        if self._is_news(taken=True):
            self._taken(envelope=envelope)
        return self.learner_id

    def turn_down(self, reason_code: ScanRefusal, envelope: Envelope) -> None:
        """Say that it does not count, and why. Again is no news. Raises WaitingScanDecided."""
        if self._is_news(taken=False):
            self._turned_down(reason_code=reason_code, envelope=envelope)

    def _is_news(self, *, taken: bool) -> bool:
        if self.is_taken not in {None, taken}:
            raise WaitingScanDecided(is_taken=self.is_taken)
        return self.is_taken is None

    @event(Taken)
    def _taken(self, envelope: Envelope) -> None:
        self.is_taken = True

    @event(TurnedDown)
    def _turned_down(self, reason_code: ScanRefusal, envelope: Envelope) -> None:
        self.is_taken = False


def must_take_late(session: Session, at: datetime, door: Door) -> None:
    """A scan from the time of the session is taken until somebody attests it.

    Raises SessionNotOpen, CheckInClosed.
    """
    if session.standing not in {Standing.OPENED, Standing.CLOSED} or session.attested_by:
        raise SessionNotOpen(stands=session.standing.value)
    opens_at, _ = door.hours(session.plan.begins_at)
    ends_at = session.plan.ends_at
    closes_at = min(ends_at, session.closed_at) if session.closed_at else ends_at
    if not opens_at <= at < closes_at:
        raise CheckInClosed(opens_at=opens_at, closes_at=closes_at)
