"""docs/rules.md: how the rules are read, and every figure with the basis it stands on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import cast

from domain.figures import Figure, Unit
from domain.hours import as_text
from domain.rulebook import Rulebook
from tools import ROOT
from tools.inventory import refusals
from tools.refusal_tests import tests_of

REFUSALS = ROOT / "docs/rule_refusals.csv"
RULEBOOK = "ledger/rulebooks/gz-parent-school-2026.1.json"

_HEAD = """# Rules

Written by `make schemas` from `{file}`; do not edit.

Rulebook `{id}`, version **{version}**, binding from {effective_from}, time zone
{time_zone}. Rules are data: a city publishes its own edition, and every credit line and
certificate names the edition that it was judged by. Nothing here is a duty of a parent: the
two activities and eight class hours a term bind the school.

Bases: **SEED** is fixed by the plan of Guangzhou (GZ) or the ministries' opinion (MOE),
with the clause; **SEED-SOFT** is there, but only encouraged; **LAW** is law or national
rule; **PRACTICE** is taken from another scheme; **LOCAL** is a local default
(地方默认规则，可修改), to be changed by whoever runs the ledger. Hours, 课时 and 学时 alike, are
written with two decimals.

## How they are read

- **Presence.** Minutes count where a learner's stay, the time between opening and closing,
  and the planned time meet; times are read to the minute, to the learner's advantage. Late
  or early within the grace is free, but grace never lifts less than half of real presence
  into credit. Where a correction says that fewer class hours were given than announced, the
  planned time is less in proportion, and no less than was held: nobody is cut twice.
- **Missing check-out.** Pending until staff confirm the stay, then half at most.
- **Rounding.** Hours are rounded down to the award step, after the half and after every
  cap.
- **Once only.** A session counts once for a person, however many children; a course once a
  school year; of sessions that overlap the longer one, of two as long the one credited
  first.
- **Caps.** Per session, day and term they are counted for each mode, the term's total for
  all.
- **Parents who speak or help.** Named on a session before it is attested, and credited at the
  rate of the service instead of their own attendance there: of several parts of one person in a
  session the one that leaves more hours counts, once. Nobody serves for more class hours than
  the session has.
- **Leave and make-up.** Missing a session costs nothing. After granted leave, a cancelled
  session or for an accessibility need it is made up for by another run of the course, at
  whatever school, or by its micro-class; at the make-up's rate, for the missed course, once.
- **Micro-class.** A segment counts as watched once as much real time has passed as it takes
  at the fastest speed allowed, one segment at a time; the checks lie elsewhere for each
  learner. It has no time of its own and overlaps nothing.
- **Pushes.** Only a right answer counts, once an item, in the term it was sent. One item is
  less than the award step: as many right answers as fill a step make one line that names its
  items. What is left over at the end of the term makes no line.
- **Hours from elsewhere.** Entered by the school, confirmed by the district; one document
  counts once. They are online hours to the shares below.
- **Online and elsewhere.** Two shares bind, one after the other: hours recognised from
  elsewhere make at most their share of what a completion or star asks for; then online hours,
  recognised ones among them, make at most theirs of what is counted. Recognised hours in person
  are counted first. Where no hours are asked for (a stage completion) all of them are printed.
- **Annual completion.** Counts the hours of the whole school year, whatever the stage. It
  is withdrawn only where credit or an exam was taken back, by the thresholds of the day it
  was reached.
- **Supply guard.** Once a school year is closed: where less was offered than a school must,
  the hours asked for are that share of the offer, and never below the floor. Only what was held
  face to face is an offer: micro-classes and pushes are none. With places in
  several schools the largest offer counts, once all of them have closed: the parent could have
  gone to any of it. A grade that a closing does not name was offered nothing.
- **Stage completion.** The stage ends when the school year of its last grade is closed; with
  several children it ends several times, and the first end that suffices completes it.
- **Which rules.** A school year, and the end of a stage in it, is judged by the rulebook of its
  last day, however late; stars by the one of the day they are judged.
- **Stars.** Counted within a stage. A level takes its own conditions and those of every
  level below; a star is never lowered. Whoever joins late needs the part of the hours that
  the terms left make of the stage, rounded up, and never less than the first star; other
  conditions stay as they are.
- **After confirmed fraud.** No new star for the rest of that term and the announced terms after
  it that the rules name. Completions are reached and stars held stay. What is claimed whole again
  was no fraud, and a session that was made up is no fraud of those who came. Fraud counts though
  it brought no hours, and goes with its source when records are merged or parted.
- **Merged records.** The record that speaks for a person takes over the higher star of the other
  one, and its completions by what they asked for, as far as the hours and exams of both reach it.
  Parting them again moves hours and completions and takes no star from either: what was
  reached or taken over while they were one stays, and its certificate is a person's to revoke.
- **Right answers to pushes.** So many as make an award step are credited together, once each, over
  all records of a person: first each record's own, then what is left over of them all. A parting
  ends the lines of both, and each record has what its own answers make.
- **Upkeep.** Judged at the close of a school year that began after the star was awarded, while
  the parent has a child in the stage: with fewer hours than asked for the star says 未续学 and
  stays; it is renewed when that year or a later one reaches them. The hours of every stage count.
  Hours that are taken back after the close say nothing new of that year: it was judged. A star
  that another record takes over stays 未续学 there, unless a later year was judged there; and what
  that record's own star lacked, the higher one does not mend: the hours of both do.
- **Star by proposal.** The coordinator proposes once the conditions are met, once a school year;
  published in the school for some working days with a masked name; parents and staff may object
  until the last day; the head answers, and grants or refuses after it, if they took no part. The
  conditions are looked at again when the star is granted.
- **Certificates.** What is signed is what stands on the day of signing, corrections included: of a
  school year all its hours that count; of a stage those of its school years; of a star those of the
  stage up to the day of that star, so that each level says its own. Hours that are held are not
  among them, and what hangs on them waits. The rules named are those by which the award was judged.
  A reissue for an error, or a new name, is signed anew, as of today; a lost one says the same again
  (as do a new issuer and a new key), and so does a new name on what does not stand any more.
- **Under verification.** Hours that are held reach nothing new and withdraw nothing.
- **New rules** bind sessions announced under them; they change nothing that was reached.
"""

_TITLES = {
    "units": "Units",
    "calendar": "Calendar",
    "school_term_compliance": "What a school must offer in a term",
    "attendance": "Attendance",
    "modes": "Modes",
    "other_activities": "Other activities",
    "no_double_credit": "No double credit",
    "course_families": "Course families",
    "exam": "Exam",
    "completion": "Completion",
    "stars": "Stars",
    "deductions": "Reversals",
    "retroactivity": "New rules",
    "micro_class": "Micro-class",
    "make_up": "Make-up",
    "external": "Hours earned elsewhere",
    "teacher_programme": "The teachers' programme",
    "margins": "What lower levels may set",
}
_WORDS = {
    Unit.PERCENT: "%",
    Unit.SECONDS: "s",
    Unit.MINUTES: "min",
    Unit.CLOCK_HOURS: "h",
    Unit.DAYS: "days",
    Unit.WORKING_DAYS: "working days",
    Unit.YEARS: "years",
    Unit.MARKS: "marks",
}


def documents() -> dict[str, str]:
    rulebook = Rulebook.model_validate_json((ROOT / RULEBOOK).read_bytes())
    head = _HEAD.format(
        file=RULEBOOK,
        id=rulebook.rulebook_id,
        version=rulebook.version,
        effective_from=rulebook.effective_from,
        time_zone=rulebook.time_zone,
    )
    return {"docs/rules.md": head + "".join(_tables(rulebook))}


def value_of(figure: Figure) -> str:
    """A figure in words: hours with decimals, a unit where there is one."""
    match figure.value:
        case bool(value):
            return "yes" if value else "no"
        case int(value) if figure.unit in {Unit.HOURS, Unit.CLASS_HOURS}:
            return as_text(value)
        case tuple():
            names = cast("tuple[object, ...]", figure.value)  # pyright: ignore[reportUnknownMemberType]
            return ", ".join(f"`{name}`" for name in names)
        case value:
            return f"{value} {_WORDS.get(figure.unit, '') if figure.unit else ''}".rstrip()


def _tables(rulebook: Rulebook) -> Iterator[str]:
    for group, figures in groupby(rulebook.figures(), key=lambda one: one.ref.partition(".")[0]):
        yield f"\n## {_TITLES[group]}\n\n| rule | value | basis |\n|---|---|---|\n"
        above = ""
        for figure in figures:
            basis = "〃" if figure.basis == above else figure.basis
            yield f"| `{figure.ref}` | {value_of(figure)} | {basis} |\n"
            above = figure.basis
        yield _refusals(group)


def _refusals(group: str) -> str:
    """What the rules of a group refuse, and the test that shows it."""
    with REFUSALS.open(encoding="utf-8", newline="") as file:
        codes = [row["refusal"] for row in csv.DictReader(file) if row["rule"] == group]
    kinds = {kind.code: kind for kind in refusals()}
    lines = [f"- `{code}`: [{Path(test).name}](../{test})\n"
             for code in codes for test in tests_of(kinds[code])[:1]]  # fmt: skip
    return "\nRefused, and tested in:\n\n" + "".join(lines) if lines else ""
