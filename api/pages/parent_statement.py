"""A parent's statement: every line with its balance, opened down to the scan and the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InParent
from api.bootstrap import Runtime
from api.pages.days import day_of
from api.pages.parent_words import Words, parent_page
from api.pages.rule_words import basis_of, figure_of, says
from api.rendering import local
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.carriers import Mode
from domain.hours import as_text
from domain.rulebook import Rulebook
from projections.account_statement import StatementLine
from projections.attendance_register import LearnerAttendance

router = APIRouter(include_in_schema=False)

NOTES = {"held", "released"}


@dataclass(frozen=True)
class Rule:
    """A rule that was applied: what it says, what it stands on, where it is written."""

    says: Words
    basis: Words
    ref: str
    would_be: int | None = None
    awarded: int | None = None


@dataclass(frozen=True)
class Opened:
    """A line of the statement with all that explains it."""

    line: StatementLine
    attendance: LearnerAttendance | None
    rules: tuple[Rule, ...]
    reversed: bool
    held: bool

    @property
    def day(self) -> str:
        return local(self.line.begins_at or self.line.occurred_at, "%m-%d")

    @property
    def what(self) -> object:
        """The session's title; what was earned without a session is called by its mode."""
        return self.line.title or (Mode(self.line.mode) if self.line.mode else "")

    @property
    def amount(self) -> str:
        """With its sign; what changed nothing has none, and what only notes shows no figure."""
        if self.line.kind in NOTES:
            return ""
        return f"{'+' if self.line.hours > 0 else ''}{as_text(self.line.hours)}"

    @property
    def month(self) -> str:
        return local(self.line.occurred_at, "%Y-%m")


@router.get("/me/statement")
def statement_page(request: Request, asking: InParent, day: str = "") -> Response:
    """Every line; of a day that is asked about, those that are true for it by today's lights."""
    learner_id, by = asking.own(Action.OWN_READ)
    accounts, asked = asking.runtime.models.accounts, day_of(day)
    year = school_year_of(local_day(by.at, CITY_ZONE))
    lines = opened_lines(asking.runtime, learner_id, asked)
    months = [(month, list(group)) for month, group in groupby(lines, key=lambda o: o.month)]
    return parent_page(
        request, "parent/statement.html", "statement", learner_id=learner_id, months=months,
        balance=accounts.balance(learner_id), held=accounts.held(learner_id),
        day=asked, both=asking.runtime.models.as_of.on(learner_id, asked) if asked else None,
        this_year=sum(t.hours for t in accounts.totals(learner_id) if t.school_year == year),
    )  # fmt: skip


def opened_lines(runtime: Runtime, learner_id: UUID, as_of: date | None = None) -> list[Opened]:
    """The statement, the newest line first."""
    lines = runtime.models.accounts.statement(learner_id, as_of)
    visits = {a.session_id: a for a in runtime.models.attendances.attendances_of(learner_id)}
    gone = {line.entry_id for line in lines if line.kind == "reversed"}
    noted = {line.entry_id: line.kind for line in lines if line.kind in NOTES}
    return [
        Opened(
            line=line,
            attendance=visits.get(line.session_id) if line.session_id else None,
            rules=tuple(rules_of(runtime, line)),
            reversed=line.kind == "awarded" and line.entry_id in gone,
            held=line.kind == "awarded" and noted.get(line.entry_id) == "held",
        )
        for line in reversed(lines)
    ]


def rules_of(runtime: Runtime, line: StatementLine) -> Iterator[Rule]:
    if line.rulebook_version is None:
        return
    rulebook = runtime.book.rulebooks.version(line.rulebook_version)
    if line.rule_ref:
        yield rule(rulebook, line.rule_ref)
    if line.cap_ref:
        yield rule(rulebook, line.cap_ref, line.would_be, line.awarded)


def rule(
    rulebook: Rulebook, ref: str, would_be: int | None = None, awarded: int | None = None
) -> Rule:
    figure = figure_of(rulebook, ref)
    return Rule(says(figure), basis_of(figure.basis), ref, would_be, awarded)
