"""The rulebook: every figure the rules use, typed, each with the basis it stands on.

Rules are data with dates, never constants. Loading checks shapes only: an old version must load for
ever, so what a new one may not contradict is judged when it is drafted (`domain.contradictions`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.figures import Figure, Group, Unit, figures_in
from domain.refusals import Refused


class UnknownMode(Refused):
    """The rulebook knows no such mode or activity."""

    code = "mode_unknown"


class UnknownStage(Refused):
    """The rulebook knows no such stage."""

    code = "stage_unknown"


class UnknownRule(Refused):
    """The rulebook has no figure under that reference."""

    code = "rule_unknown"


Hours = Annotated[int, Unit.HOURS]
Cap = Annotated[int | None, Unit.HOURS]
Percent = Annotated[int, Unit.PERCENT]
Minutes = Annotated[int, Unit.MINUTES]
Seconds = Annotated[int, Unit.SECONDS]
Days = Annotated[int, Unit.DAYS]
WorkingDays = Annotated[int, Unit.WORKING_DAYS]


class ReversalReason(StrEnum):
    """Why credit is taken back. Nothing else takes credit back: there are no negative points."""

    DUPLICATE = "duplicate"
    WRONG_PERSON = "wrong_person"
    NOT_PRESENT = "not_present"
    SESSION_VOIDED = "session_voided"
    ENTRY_ERROR = "entry_error"
    RULE_MISAPPLIED = "rule_misapplied"
    FRAUD_CONFIRMED = "fraud_confirmed"
    MERGED = "merged"


class Units(Group):
    class_hour_minutes: Annotated[dict[str, int], Unit.MINUTES]
    award_step: Hours

    def class_hours_in(self, stage: str, minutes: int) -> int:
        """Class hours (hundredths) that fit into minutes at a stage. Raises UnknownStage."""
        if stage not in self.class_hour_minutes:
            raise UnknownStage(stage=stage)
        return minutes * 100 // self.class_hour_minutes[stage]


class Calendar(Group):
    school_year_begins: str
    late_posting_days_after_term_end: Days
    evaluation_publicity_working_days: WorkingDays
    appeal_window_working_days: WorkingDays
    appeal_decision_working_days: WorkingDays


class SchoolTermCompliance(Group):
    """What a school must offer in a term: a duty of the school, never of a parent."""

    min_activities: int
    min_class_hours: Hours
    modes_counted: tuple[str, ...]


class AttendanceRules(Group):
    check_in_opens_minutes_before: Minutes
    check_in_closes_minutes_after_start: Minutes
    late_grace_minutes: Minutes
    early_leave_grace_minutes: Minutes
    full_credit_min_percent: Percent
    half_credit_min_percent: Percent
    check_out_required_from_class_hours: Hours
    missing_check_out_confirm_days: Days
    rotating_code_seconds: Seconds
    rotating_code_accept_seconds: Seconds
    typed_code_seconds: Seconds
    typed_code_grace_seconds: Seconds
    arrival_ticket_minutes: Minutes
    max_persons_per_device_per_session: int


class ModeRule(Group):
    """What one mode or activity is worth, and how much of it. A cap of null is no cap."""

    zh: str
    rate_per_class_hour: Hours
    face_to_face: bool
    per_item: Hours = 0
    cap_per_session: Cap = None
    cap_per_day: Cap = None
    cap_per_term: Cap = None


class NoDoubleCredit(Group):
    same_session: Literal["once"]
    same_course_same_school_year: Literal["once"]
    overlapping_sessions: Literal["longer_one"]
    online_max_percent: Percent
    term_cap_total: Hours


class CourseFamilies(Group):
    """The seven families of GZ-7 and the open list beside them, with their names."""

    core: dict[str, str]
    extra: dict[str, str]
    required_for_completion: int
    must_include: dict[str, int]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.core) | frozenset(self.extra)


class ExamRules(Group):
    pass_mark: int
    merit_mark: int
    full_mark: int
    attempts_max: int
    cool_down_hours: Annotated[int, Unit.CLOCK_HOURS]


class SupplyGuard(Group):
    """No parent fails because the school offered too little."""

    expected_offer: Hours
    share_percent: Percent
    floor: Hours


class AnnualCompletion(Group):
    min_hours: Hours
    min_face_to_face_hours: Hours
    exams_passed: int
    supply_guard: SupplyGuard


class StageCompletion(Group):
    """Annual completions in `years_numerator/years_denominator` of the years enrolled."""

    years_numerator: int
    years_denominator: int
    in_last_year: bool


class CompletionRules(Group):
    annual: AnnualCompletion
    stage: StageCompletion


class StarLevel(Group):
    hours: Hours
    exams_passed: int = 0
    annual_completions: int = 0
    families: int = 0
    theme_activities: int = 0
    shares: int = 0
    needs_proposal: bool = False


class StarTrack(Group):
    """The five levels of the stages that take so many years."""

    stages: tuple[str, ...]
    years: Annotated[int, Unit.YEARS]
    levels: dict[int, StarLevel]

    @property
    def terms(self) -> int:
        return self.years * 2


class StarRules(Group):
    tracks: dict[str, StarTrack]
    late_joiner_rounding: Hours

    def track_of(self, stage: str) -> tuple[str, StarTrack]:
        """The track of a stage, with its name. Raises UnknownStage."""
        for name, track in self.tracks.items():
            if stage in track.stages:
                return name, track
        raise UnknownStage(stage=stage)


class Deductions(Group):
    reason_codes: tuple[ReversalReason, ...]


class Retroactivity(Group):
    notice_days: Days


HEADING = frozenset({"rulebook_id", "version", "title", "effective_from", "time_zone"})


class Rulebook(BaseModel):
    """One version of all rules."""

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


def fingerprint(rules: Mapping[str, JsonValue]) -> str:
    """SHA-256 of the one canonical text: sorted keys, no spaces; there are no floats anywhere."""
    text = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
