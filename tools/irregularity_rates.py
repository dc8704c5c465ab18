"""docs/irregularities.md: the rules of irregularities, and how often they err on an invented crowd.

`python -m tools.irregularity_rates [--check]` draws the same crowd again; it takes a minute.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from domain.irregularity_look import Look, Rule
from domain.irregularity_rules import DEFAULTS, RULES_VERSION, Thresholds, flags_of
from tools import ROOT
from tools.crowd import evenings_of, honest_evenings

PATH = ROOT / "docs/irregularities.md"
SEED, HONEST, CHEATS = 2027, 4_000, 500
# What else each threshold might be; the rule that it belongs to.
OTHERS: dict[str, tuple[Rule, tuple[int, ...]]] = {
    "overlap_minutes": (Rule.OVERLAP, (10, 20)),
    "burst_persons": (Rule.STAFF_BURST, (10, 20)),
    "late_persons": (Rule.LATE_ENTRY, (1, 5)),
    "missing_percent": (Rule.SHORT_SESSION, (10, 30)),
    "relay_persons": (Rule.RELAYED_CODE, (3, 6)),
    "relay_step_percent": (Rule.RELAYED_CODE, (33, 50)),
}
MEANS = {
    Rule.OVERLAP: "one person at two places: two recorded stays overlap by `overlap_minutes`, or"
    " (no check-out known) check-ins at two schools lie within `apart_minutes`",
    Rule.SHARED_DEVICE: "more persons on one phone in one session than"
    " `attendance.max_persons_per_device_per_session` of the rulebook, of more than one family"
    " (who shares a child is one family)",
    Rule.STAFF_BURST: "one member of staff enters `burst_persons` one by one within"
    " `burst_minutes`; scanners and paper are not meant",
    Rule.LATE_ENTRY: "`late_persons` put on the list on one day, from paper or waiting scans, after"
    " `attendance.missing_check_out_confirm_days` of the rulebook",
    Rule.SHORT_SESSION: "`missing_percent` of the minutes that the class hours stand for were not"
    " held",
    Rule.RELAYED_CODE: "`relay_persons` use one code later than a third into the time it is good"
    " after it was shown, they are `relay_step_percent` of those who used it, and of all other"
    " codes no more than `relay_other_percent` were late",
}
CHEAT = {
    Rule.OVERLAP: "is checked in by somebody else while being at another school all evening",
    Rule.SHARED_DEVICE: "one parent signs in 2 to 8 friends who stay at home",
    Rule.STAFF_BURST: "15 to 40 absent people are tapped in; a third of the cheats take 12 s each",
    Rule.LATE_ENTRY: "3 to 15 names are added 3 to 40 days later",
    Rule.SHORT_SESSION: "everybody leaves after 20 to 85 % of the time",
    Rule.RELAYED_CODE: "1 to 3 pictures of the code go to groups of 5 to 30",
}
HEAD = """# Irregularities

Written by `python -m tools.irregularity_rates`; do not edit.

A flag (异常提示) says that a record is unusual. It never acts by itself: no hours are held, no star
changes, nobody is ranked. The worker looks at a session once two persons attested it, and again
when paper is taken later; what it finds is `irregularity.flagged`, once for each cause. Only
recorded facts are looked at. There is no place, no address and no movement of anybody in the
ledger, so a code that was passed on can be seen in time alone.

Two persons in two roles (coordinator, head, district officer) decide: one proposes a finding with
its reason, the other agrees or sets it aside. Where staff of the school are concerned, one of the
two is the district's. Nobody reviews what concerns them. Nothing is confirmed before everybody
concerned was heard, or had seven days to answer (LOCAL): from the flag on, or, for who has no
phone, from the day on which they were told on paper, by telephone or in person. A parent sees what
concerns them at once, as a question, and may answer. A confirmed one leads to the page of
corrections, which has its own preview, signatures and appeal; where it says fraud, the hearing
here was its hearing. What people write lies in the vault: their own words under their own key,
the reviewers' under a key of the irregularity.

## Rules

Thresholds of version {version} are local defaults (地方默认规则), kept in
`domain/irregularity_rules.py`; the version stands in every flag. They are no figures of the
rulebook, because nobody gains or loses anything by them; where the rulebook has a figure (persons
on a phone, days for late stays, rhythm of the codes) that figure is used. The score is 50 at the
threshold and 100 at its double.

| rule | flags |
|---|---|
{rules}

| threshold | {version} |
|---|---|
{thresholds}

## How often they err

The thresholds were chosen on one invented crowd and are measured here on another (seed {seed}):
{honest} honest evenings with {persons} check-ins, and for every rule {cheats} evenings that are
honest but for one cheat of its kind. The honest ones have what goes wrong in schools: couples and
grandparents on one phone (four in ten families of several), a mother of the class committee who
signs in two to five grandparents (4 % of evenings), people helped at the desk (8 %), a hall with
a slow network (a quarter of evenings), a network that fails and a roll call by name (2 %), paper
that is typed days later (10 %), scanners brought back late (5 %), clocks wrong by up to five
minutes, parents who go from one school to the other, stays confirmed to the end by habit, a power
cut (0.5 %). These shares are assumptions (`tools/crowd.py`), not measurements of any school.

| rule | honest evenings flagged | honest persons asked | the cheat | found |
|---|---|---|---|---|
{rates}

What is flagged of honest evenings is nearly all what the rule says: five grandparents on one
phone, a stay confirmed to an end that nobody saw, a session that a power cut ended. That is why
two people look.

What is not found: the patient. Entering absent people slowly, adding names within the days
allowed, two friends on a second phone, a picture that is opened within seconds. The [random
sample](audit-sample.md) and the head count are for them.

Other thresholds on the same crowd:

| threshold | value | honest evenings flagged | cheats found |
|---|---|---|---|
{others}
"""


@dataclass(frozen=True)
class Rate:
    evenings: int
    persons: int
    found: int


class Crowds:
    def __init__(self, seed: int, honest: int, cheats: int) -> None:
        self.honest = list(honest_evenings(seed, honest))
        self.cheats = {rule: list(evenings_of(rule, seed, cheats)) for rule in Rule}
        self.persons = sum(len(each.seen) for each in self.honest)

    def rate(self, rule: Rule, limits: Thresholds) -> Rate:
        flags = [[f for f in flags_of(each, limits) if f.rule is rule] for each in self.honest]
        persons = sum(len(flag.learner_ids) for found in flags for flag in found)
        return Rate(sum(map(bool, flags)), persons, self.found(rule, limits))

    def found(self, rule: Rule, limits: Thresholds) -> int:
        looks: Sequence[Look] = self.cheats[rule]
        return sum(any(f.rule is rule for f in flags_of(each, limits)) for each in looks)


def thresholds() -> str:
    return "\n".join(f"| `{name}` | {value} |" for name, value in asdict(DEFAULTS).items())


def rates(crowds: Crowds) -> Iterator[str]:
    for rule in Rule:
        rate = crowds.rate(rule, DEFAULTS)
        yield (
            f"| `{rule}` | {rate.evenings} ({share(rate.evenings, len(crowds.honest))}) |"
            f" {rate.persons} ({share(rate.persons, crowds.persons, 3)}) | {CHEAT[rule]} |"
            f" {share(rate.found, len(crowds.cheats[rule]), 0)} |"
        )


def others(crowds: Crowds) -> Iterator[str]:
    for name, (rule, values) in OTHERS.items():
        for value in sorted((*values, getattr(DEFAULTS, name))):
            rate = crowds.rate(rule, replace(DEFAULTS, **{name: value}))
            told = f"**{value}**" if value == getattr(DEFAULTS, name) else str(value)
            yield (
                f"| `{name}` | {told} | {share(rate.evenings, len(crowds.honest))} |"
                f" {share(rate.found, len(crowds.cheats[rule]), 0)} |"
            )


def share(part: int, whole: int, digits: int = 2) -> str:
    return f"{100 * part / whole:.{digits}f} %"


def document(crowds: Crowds) -> str:
    return HEAD.format(
        version=RULES_VERSION,
        seed=SEED,
        honest=f"{len(crowds.honest):,}",
        persons=f"{crowds.persons:,}",
        cheats=CHEATS,
        rules="\n".join(f"| `{rule}` | {told} |" for rule, told in MEANS.items()),
        thresholds=thresholds(),
        rates="\n".join(rates(crowds)),
        others="\n".join(others(crowds)),
    )


def main() -> int:
    made = document(Crowds(SEED, HONEST, CHEATS))
    if "--check" in sys.argv:
        return int(not PATH.exists() or PATH.read_text(encoding="utf-8") != made)
    PATH.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
