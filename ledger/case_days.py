"""The day of a command about a case: its rules, its working days, and the deadlines they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.rules import Calendar
from domain.working_days import Deadline, WorkingDays
from ledger.calendars import Calendars
from ledger.rulebooks import Rulebooks


@dataclass(frozen=True)
class Today:
    """`by` names the edition of the rulebook that the deadlines are taken from."""

    day: date
    rules: Calendar
    days: WorkingDays
    by: Envelope

    def answer_due(self) -> Deadline:
        return self.days.deadline(self.day, self.rules.dispute_answer_working_days)

    def decision_due(self) -> Deadline:
        return self.days.deadline(self.day, self.rules.appeal_decision_working_days)

    def window(self, since: date | None = None) -> Deadline:
        """How long a parent may appeal, or ask for the review, from a day on."""
        return self.days.deadline(since or self.day, self.rules.appeal_window_working_days)


class CaseDays:
    def __init__(self, rulebooks: Rulebooks, calendars: Calendars) -> None:
        self._rulebooks = rulebooks
        self._calendars = calendars

    def of(self, by: Envelope) -> Today:
        """Raises NoRulebookInForce."""
        day = local_day(by.at, CITY_ZONE)
        rulebook = self._rulebooks.on(day)
        days = self._calendars.around(day)
        return Today(day, rulebook.calendar, days, by.under(rulebook.version))
