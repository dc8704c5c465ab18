"""The pilot's rules to come: a draft that was tried out, and what a district has announced."""

from __future__ import annotations

from datetime import date

from api.demo.loading import Pilot
from api.demo.staff import DISTRICT
from api.rulebooks.executing import carry_out
from api.rulebooks.run import Kind, NewRun
from api.rulebooks.runs import RuleRuns
from domain.envelope import Envelope
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.supplement import RuleLevel, Supplement
from ledger.rulebooks import default_rulebook

CITY = ""  # as the ledger names it
FULL_FROM, PASS_MARK = 60, 70


def rule(pilot: Pilot) -> None:
    draft(pilot)
    supplement(pilot)


def next_september(pilot: Pilot) -> date:
    return date(pilot.calendar.school_year + 1, 9, 1)


def draft(pilot: Pilot) -> None:
    """Full hours from three fifths of an evening on; the dry run says who would have more."""
    first = next_september(pilot)
    data = default_rulebook().model_dump(mode="json")
    data |= {"version": f"{first.year}.1", "effective_from": first.isoformat()}
    data["attendance"]["full_credit_min_percent"] = FULL_FROM
    rulebook = Rulebook.model_validate(data)
    by = pilot.logins["city"].acting(pilot.calendar.moment(3, 9), "next edition")
    pilot.runtime.book.rulebooks.draft(rulebook, by)
    try_out(pilot, CITY, rulebook.version, by)


def supplement(pilot: Pilot) -> None:
    """One officer of the district drafts it, another one announces it."""
    first = next_september(pilot)
    made = Supplement(
        rulebook_id=pilot.runtime.book.rulebooks.rulebook_id, version=f"{first.year}.1",
        title="示例区补充规则", level=RuleLevel.DISTRICT, organisation=DISTRICT,
        effective_from=first, figures={"exam.pass_mark": PASS_MARK},
    )  # fmt: skip
    rulebooks, at = pilot.runtime.book.rulebooks, pilot.calendar.moment(2, 14)
    by = pilot.logins["district"].acting(at, "supplement")
    rulebooks.draft_supplement(made, by)
    try_out(pilot, DISTRICT, made.version, by)
    announced = pilot.logins["district2"].acting(pilot.calendar.now, "supplement")
    rulebooks.publish(made.version, announced, DISTRICT)


def try_out(pilot: Pilot, place: str, version: str, by: Envelope) -> None:
    """As the worker would: last year is judged by the draft."""
    runs = RuleRuns(pilot.runtime.tables)
    new = NewRun(
        run_id=derived("demo", "dry run", place, version), kind=Kind.DRY_RUN, place=place,
        version=version, asked_by=by.actor.id, asked_at=by.at,
        since=pilot.calendar.last_year(9, 1),
    )  # fmt: skip
    run = runs.take(runs.ask(new))
    assert run is not None
    carry_out(pilot.runtime, run)
