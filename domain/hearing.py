"""A chance to be heard (听取说明): before fraud is confirmed its person is told, and may answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.dispute import ReasonsMissing
from domain.envelope import Envelope
from domain.identity import derived
from domain.irregularity_finding import HeardBy, must_be_heard_by_staff
from domain.refusals import Refused

TO_ANSWER = timedelta(days=7)  # LOCAL: then it may be decided without an answer


class TellingAwaited(Refused):
    """Fraud is not confirmed before its person was heard, or told and given time to answer."""

    code = "hearing_telling_awaited"


class AnswerAwaited(Refused):
    """Whoever was told has until `last_day` to answer, and was not heard yet."""

    code = "hearing_answer_awaited"


class NoHearingNeeded(Refused):
    """Only a proposal for fraud waits for a hearing, and only until it is decided."""

    code = "hearing_not_needed"


class ToldBy(StrEnum):
    """How somebody was told: the days to answer count from then."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    ON_PAPER = "on_paper"


def last_day_to_answer(told_at: datetime) -> date:
    return local_day(told_at, CITY_ZONE) + TO_ANSWER


class Hearing(LedgerAggregate):
    """Of whom a proposal for fraud is about: one a proposal, its id says so."""

    TOPIC: ClassVar[str] = "hearing"

    class Opened(LedgerCreated):
        TOPIC = "hearing.opened"

        correction_id: UUID  # of a teacher's hours too; of a revocation, the id of its proposal

    class Told(LedgerEvent):
        TOPIC = "hearing.told"

        how: ToldBy

    class Heard(LedgerEvent):
        """Here, in words that lie in the vault; or in the review of an irregularity."""

        TOPIC = "hearing.heard"

        heard_by: HeardBy | None = None
        words_id: UUID | None = None
        irregularity_id: UUID | None = None

    @staticmethod
    def create_id(correction_id: UUID) -> UUID:
        return derived("hearing", correction_id)

    @event(Opened)
    def __init__(self, correction_id: UUID, envelope: Envelope) -> None:
        self.answer_until: date | None = None
        self.is_held = False
        self.words_ids: tuple[UUID, ...] = ()

    def tell(self, how: ToldBy, envelope: Envelope) -> None:
        """Say that the person was told today; told or heard already, it is no news."""
        if self.answer_until is None and not self.is_held:
            self._told(how=how, envelope=envelope)

    def hear(self, heard_by: HeardBy, words_id: UUID | None, envelope: Envelope) -> None:
        """Take down for the person what they say. Raises ReasonsMissing, HeardByOwnDevice."""
        must_be_heard_by_staff(heard_by)
        if words_id is None:
            raise ReasonsMissing
        self._heard(heard_by=heard_by, words_id=words_id, envelope=envelope)

    def was_held_for(self, irregularity_id: UUID, envelope: Envelope) -> None:
        """A confirmed irregularity of the same session and person had its hearing."""
        if not self.is_held:
            self._heard(irregularity_id=irregularity_id, envelope=envelope)

    def must_be_over(self, today: date) -> None:
        """Raises TellingAwaited, AnswerAwaited (rulebook: deductions.fraud_confirmed.needs)."""
        if self.is_held:
            return
        if self.answer_until is None:
            raise TellingAwaited
        if today <= self.answer_until:
            raise AnswerAwaited(last_day=self.answer_until)

    @event(Told)
    def _told(self, how: ToldBy, envelope: Envelope) -> None:
        self.answer_until = last_day_to_answer(envelope.at)

    @event(Heard)
    def _heard(
        self,
        envelope: Envelope,
        heard_by: HeardBy | None = None,
        words_id: UUID | None = None,
        irregularity_id: UUID | None = None,
    ) -> None:
        self.is_held = True
        self.words_ids += (words_id,) if words_id else ()
