"""The groups of figures that a rulebook is made of, each typed and with its unit."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from domain.figures import Group, Unit
from domain.refusals import Refused


class UnknownStage(Refused):
    """The rulebook knows no such stage."""

    code = "stage_unknown"


Hours = Annotated[int, Unit.HOURS]
ClassHours = Annotated[int, Unit.CLASS_HOURS]
Cap = Annotated[int | None, Unit.HOURS]
Percent = Annotated[int, Unit.PERCENT]
Marks = Annotated[int, Unit.MARKS]
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
    UNMERGED = "unmerged"
    RE_EVALUATED = "re_evaluated"


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
    forced_close_days_after_late_posting: Days = 0
    evaluation_publicity_working_days: WorkingDays
    appeal_window_working_days: WorkingDays
    appeal_decision_working_days: WorkingDays
    dispute_answer_working_days: WorkingDays = 0


class SchoolTermCompliance(Group):
    """What a school must offer in a term: a duty of the school, never of a parent."""

    min_activities: int
    min_class_hours: ClassHours
    modes_counted: tuple[str, ...]
    short_days_left: Days = 0


class AttendanceRules(Group):
    check_in_opens_minutes_before: Minutes
    check_in_closes_minutes_after_start: Minutes
    late_grace_minutes: Minutes
    early_leave_grace_minutes: Minutes
    full_credit_min_percent: Percent
    half_credit_min_percent: Percent
    check_out_required_from_class_hours: ClassHours
    missing_check_out_confirm_days: Days
    rotating_code_seconds: Seconds
    rotating_code_accept_seconds: Seconds
    typed_code_seconds: Seconds
    typed_code_grace_seconds: Seconds
    arrival_ticket_minutes: Minutes
    max_persons_per_device_per_session: int
    check_out_opens_minutes_before_end: Minutes = 0
    check_out_closes_minutes_after_end: Minutes = 0


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
    pass_mark: Marks
    merit_mark: Marks
    full_mark: Marks
    attempts_max: int
    cool_down_hours: Annotated[int, Unit.CLOCK_HOURS]
    time_limit_minutes: Minutes = 0
    questions: int = 0
    drawn_from_at_least: int = 0
    blind_checks_max: int = 0


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
    upkeep_hours_per_school_year: Hours = 0

    def track_of(self, stage: str) -> tuple[str, StarTrack]:
        """The track of a stage, with its name. Raises UnknownStage."""
        for name, track in self.tracks.items():
            if stage in track.stages:
                return name, track
        raise UnknownStage(stage=stage)


class Deductions(Group):
    reason_codes: tuple[ReversalReason, ...]
    no_star_terms_after_fraud: int = 0


class Retroactivity(Group):
    """`better_backwards`: whether what is better for a learner may reach back (re_evaluation)."""

    notice_days: Days
    better_backwards: bool = False


class MicroClassRules(Group):
    """When a micro-class counts as attended: watched, attended to, and understood."""

    min_watched_percent: Percent = 0
    max_speed_percent: Percent = 0
    checks_per_class_hour: int = 0
    min_checks_answered_percent: Percent = 0
    quiz_pass_percent: Percent = 0


class MakeUpRules(Group):
    """Making up for a session missed with leave, or for one that was cancelled."""

    within_days: Days = 0
    max_per_term: int = 0
    rate_percent: Percent = 0


class ExternalRecognition(Group):
    """Hours earned elsewhere: how much of what a completion or star asks they may make."""

    max_percent_of_requirement: Percent = 0


class TeacherProgramme(Group):
    """The teachers' own ledger: hours in a cycle of calendar years (GZ-3)."""

    min_hours: Hours = 0
    cycle_years: Annotated[int, Unit.YEARS] = 0
    cycle_begins: str = ""
    hour_minutes: Minutes = 0
    max_hours_per_day: Hours = 0
    closes_days_after_end: Days = 0

    def hours_in(self, minutes: int) -> int:
        """Minutes as hours (hundredths), rounded down."""
        return minutes * 100 // self.hour_minutes


class Margins(Group):
    """Which figures a district or a school may set for itself, as references (`exam.*`)."""

    district: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
