"""A parent's statement: every line with its balance, opened down to the scan and the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Action
from api.asking import InParent
from api.bootstrap import Runtime
from api.pages.days import day_of
from api.pages.parent_words import BASES, CAPS, RULES, UNITS, Words, parent_page
from api.rendering import local
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.carriers import Mode
from domain.figures import Figure, Unit
from domain.hours import as_text
from domain.rulebook import Rulebook, UnknownRule
from projections.account_statement import StatementLine
from projections.attendance_register import LearnerAttendance

router = APIRouter(include_in_schema=False)


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

    @property
    def day(self) -> str:
        return local(self.line.begins_at or self.line.occurred_at, "%m-%d")

    @property
    def amount(self) -> str:
        """With its sign; what changed nothing has none."""
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
        request, "parent/statement.html", "statement", months=months,
        balance=accounts.balance(learner_id), held=accounts.held(learner_id),
        day=asked, both=asking.runtime.models.as_of.on(learner_id, asked) if asked else None,
        this_year=sum(t.hours for t in accounts.totals(learner_id) if t.school_year == year),
    )  # fmt: skip


def opened_lines(runtime: Runtime, learner_id: UUID, as_of: date | None = None) -> list[Opened]:
    """The statement, the newest line first."""
    lines = runtime.models.accounts.statement(learner_id, as_of)
    visits = {a.session_id: a for a in runtime.models.attendances.attendances_of(learner_id)}
    gone = {line.entry_id for line in lines if line.kind == "reversed"}
    return [
        Opened(
            line=line,
            attendance=visits.get(line.session_id) if line.session_id else None,
            rules=tuple(rules_of(runtime, line)),
            reversed=line.kind == "awarded" and line.entry_id in gone,
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
    try:
        figure = rulebook.figure(ref)
    except UnknownRule:  # a rule with a name and no figure of its own
        figure = Figure(ref, "", "LOCAL")
    basis = Words(BASES.get(figure.basis.partition(":")[0].split(" ")[0], BASES["LOCAL"]))
    return Rule(says(figure), basis, ref, would_be, awarded)


def says(figure: Figure) -> Words:
    """A figure in the words of a parent; a cap names its mode."""
    group, _, last = figure.ref.rpartition(".")
    value = Words(UNITS[figure.unit], {"value": plain(figure)}) if figure.unit in UNITS else ""
    if last in CAPS:
        return Words(CAPS[last], {"value": value, "mode": Mode(group.rpartition(".")[2])})
    return Words(RULES.get(figure.ref, "{ref}"), {"value": value, "ref": figure.ref})


def plain(figure: Figure) -> object:
    return (
        as_text(figure.value)
        if figure.unit is Unit.HOURS and isinstance(figure.value, int)
        else figure.value
    )
