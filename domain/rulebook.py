"""The rulebook: one version of all rules, each figure typed and with the basis it stands on.

Rules are data with dates, never constants. Loading checks shapes only: an old version must load for
ever, so what a new one may not contradict is judged when it is drafted (`domain.contradictions`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.figures import Figure, figures_in
from domain.refusals import Refused
from domain.rules import (
    AttendanceRules,
    Calendar,
    CompletionRules,
    CourseFamilies,
    Deductions,
    ExamRules,
    ExternalRecognition,
    MakeUpRules,
    Margins,
    MicroClassRules,
    ModeRule,
    NoDoubleCredit,
    Retroactivity,
    SchoolTermCompliance,
    StarRules,
    TeacherProgramme,
    Units,
)


class UnknownMode(Refused):
    """The rulebook knows no such mode or activity."""

    code = "mode_unknown"


class UnknownRule(Refused):
    """The rulebook has no figure under that reference."""

    code = "rule_unknown"


HEADING = frozenset({"rulebook_id", "version", "title", "effective_from", "time_zone"})


class Rulebook(BaseModel):
    """One version of all rules. A group that an older edition lacks has its empty values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rulebook_id: str
    version: str
    title: str
    effective_from: date
    time_zone: str
    units: Units
    calendar: Calendar
    school_term_compliance: SchoolTermCompliance
    attendance: AttendanceRules
    modes: dict[str, ModeRule]
    other_activities: dict[str, ModeRule]
    no_double_credit: NoDoubleCredit
    course_families: CourseFamilies
    exam: ExamRules
    completion: CompletionRules
    stars: StarRules
    deductions: Deductions
    retroactivity: Retroactivity
    micro_class: MicroClassRules = MicroClassRules()
    make_up: MakeUpRules = MakeUpRules()
    external: ExternalRecognition = ExternalRecognition()
    teacher_programme: TeacherProgramme = TeacherProgramme()
    margins: Margins = Margins()

    def mode(self, code: str) -> tuple[str, ModeRule]:
        """What a mode or other activity is worth, with its reference. Raises UnknownMode."""
        for group, rules in (("modes", self.modes), ("other_activities", self.other_activities)):
            if code in rules:
                return f"{group}.{code}", rules[code]
        raise UnknownMode(mode=code)

    def figures(self) -> Iterator[Figure]:
        """Every figure with its reference and its basis, in the order of the file."""
        for name in type(self).model_fields:
            if name not in HEADING:
                yield from figures_in(name, getattr(self, name))

    def figure(self, ref: str) -> Figure:
        """The figure a `rule_ref` names. Raises UnknownRule."""
        for figure in self.figures():
            if figure.ref == ref:
                return figure
        raise UnknownRule(ref=ref)

    def as_data(self) -> dict[str, JsonValue]:
        """The rules as they are stored, without defaults: a later field changes no fingerprint."""
        return self.model_dump(mode="json", exclude_defaults=True)


class FigureChange(NamedTuple):
    """A figure that two versions say differently; None where one of them says nothing."""

    ref: str
    before: Figure | None
    after: Figure | None


def changes(before: Rulebook, after: Rulebook) -> list[FigureChange]:
    """What changes from one version to another, in the order of the file."""
    old = {figure.ref: figure for figure in before.figures()}
    new = {figure.ref: figure for figure in after.figures()}
    compared = (FigureChange(ref, old.get(ref), new.get(ref)) for ref in {**old, **new})
    return [
        change
        for change in compared
        if not (change.before and change.after and change.before.value == change.after.value)
    ]


def fingerprint(rules: Mapping[str, JsonValue]) -> str:
    """SHA-256 of the one canonical text: sorted keys, no spaces; there are no floats anywhere."""
    text = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
