"""The teaching plan a school files for a term: which row of it is which session (GZ-6 教学计划)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived


class TermPlan(LedgerAggregate):
    TOPIC: ClassVar[str] = "term_plan"

    class Filed(LedgerCreated):
        TOPIC = "term_plan.filed"

        school_code: str
        school_year: int
        term_no: int

    class SessionAdded(LedgerEvent):
        TOPIC = "term_plan.session_added"

        row_key: str
        session_id: UUID

    @staticmethod
    def create_id(school_code: str, school_year: int, term_no: int) -> UUID:
        return derived("term_plan", school_code, school_year, term_no)

    @event(Filed)
    def __init__(
        self, school_code: str, school_year: int, term_no: int, envelope: Envelope
    ) -> None:
        self.school_code = school_code
        self.sessions: dict[str, UUID] = {}

    def add(self, row_key: str, session_id: UUID, envelope: Envelope) -> None:
        """Remember which session a row of the plan became."""
        if row_key not in self.sessions:
            self._session_added(row_key=row_key, session_id=session_id, envelope=envelope)

    @event(SessionAdded)
    def _session_added(self, row_key: str, session_id: UUID, envelope: Envelope) -> None:
        self.sessions[row_key] = session_id
