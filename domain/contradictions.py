"""What a new rulebook may not say: rules that contradict each other, or that nobody could meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from domain.rulebook import Rulebook
from domain.rules import AnnualCompletion, ModeRule, StarTrack, TeacherProgramme

BASES = ("SEED", "SEED-SOFT", "LAW", "PRACTICE", "LOCAL")
LEVELS = (1, 2, 3, 4, 5)
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,23}", re.ASCII)
TERMS_PER_YEAR = 2
WHOLE = 100
_NEW_YEAR = re.compile(r"20[0-9]{2}-01-01", re.ASCII)


class Contradiction(NamedTuple):
    """One reason to refuse: a stable code, and the figure that is wrong."""

    code: str
    ref: str


def contradictions(rulebook: Rulebook) -> tuple[Contradiction, ...]:
    """Everything that is wrong with a rulebook; nothing means that it is sound."""
    return (
        *_unfounded(rulebook),
        *_units(rulebook),
        *_attendance(rulebook),
        *_modes(rulebook),
        *_families(rulebook),
        *_exam(rulebook),
        *_completion(rulebook, rulebook.completion.annual),
        *_stars(rulebook),
        *_teachers(rulebook.teacher_programme),
    )


def _unfounded(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Whoever reads a figure must see on what it stands."""
    for figure in rulebook.figures():
        if not figure.basis.startswith(BASES):
            yield Contradiction("basis_missing", figure.ref)
        if isinstance(figure.value, int) and figure.value < 0:
            yield Contradiction("negative", figure.ref)


def _units(rulebook: Rulebook) -> Iterator[Contradiction]:
    if rulebook.units.award_step < 1:
        yield Contradiction("step_not_positive", "units.award_step")
    for stage, minutes in rulebook.units.class_hour_minutes.items():
        if minutes < 1:
            yield Contradiction("length_not_positive", f"units.class_hour_minutes.{stage}")


def _attendance(rulebook: Rulebook) -> Iterator[Contradiction]:
    rules = rulebook.attendance
    if not 0 < rules.half_credit_min_percent < rules.full_credit_min_percent:
        yield Contradiction("half_not_below_full", "attendance.half_credit_min_percent")
    if rules.full_credit_min_percent > WHOLE:
        yield Contradiction("share_above_whole", "attendance.full_credit_min_percent")
    if rules.rotating_code_accept_seconds < rules.rotating_code_seconds:
        yield Contradiction("code_dies_on_screen", "attendance.rotating_code_accept_seconds")


def _modes(rulebook: Rulebook) -> Iterator[Contradiction]:
    for code in (*rulebook.modes, *rulebook.other_activities):
        ref, rule = rulebook.mode(code)
        yield from _caps(ref, rule, rulebook.units.award_step)
    for code in rulebook.modes.keys() & rulebook.other_activities.keys():
        yield Contradiction("named_twice", f"other_activities.{code}")
    for code in rulebook.school_term_compliance.modes_counted:
        if code not in rulebook.modes:
            yield Contradiction("mode_unknown", "school_term_compliance.modes_counted")
    if rulebook.no_double_credit.online_max_percent > WHOLE:
        yield Contradiction("share_above_whole", "no_double_credit.online_max_percent")
    if rulebook.no_double_credit.term_cap_total < rulebook.units.award_step:
        yield Contradiction("cap_below_award_step", "no_double_credit.term_cap_total")


def _caps(ref: str, rule: ModeRule, award_step: int) -> Iterator[Contradiction]:
    """A cap leaves room for one award, and a longer span is not capped below a shorter one."""
    names = ("cap_per_session", "cap_per_day", "cap_per_term")
    caps = [(name, cap) for name in names if (cap := getattr(rule, name)) is not None]
    for name, cap in caps:
        if cap < award_step:
            yield Contradiction("cap_below_award_step", f"{ref}.{name}")
    for (_, shorter), (name, longer) in pairwise(caps):
        if longer < shorter:
            yield Contradiction("cap_below_shorter_span", f"{ref}.{name}")


def _families(rulebook: Rulebook) -> Iterator[Contradiction]:
    families = rulebook.course_families
    if families.required_for_completion > len(families.known):
        yield Contradiction("unreachable", "course_families.required_for_completion")
    if not families.known.issuperset(families.must_include):
        yield Contradiction("family_unknown", "course_families.must_include")


def _exam(rulebook: Rulebook) -> Iterator[Contradiction]:
    exam = rulebook.exam
    if not exam.pass_mark <= exam.merit_mark <= exam.full_mark:
        yield Contradiction("marks_not_rising", "exam.merit_mark")
    if exam.attempts_max < 1:
        yield Contradiction("unreachable", "exam.attempts_max")
    if exam.questions > exam.drawn_from_at_least:
        yield Contradiction("part_above_whole", "exam.questions")


def _completion(rulebook: Rulebook, annual: AnnualCompletion) -> Iterator[Contradiction]:
    guard, stage = annual.supply_guard, rulebook.completion.stage
    if annual.min_face_to_face_hours > annual.min_hours:
        yield Contradiction("part_above_whole", "completion.annual.min_face_to_face_hours")
    if annual.min_hours > _must_offer(rulebook, TERMS_PER_YEAR):
        yield Contradiction("unreachable", "completion.annual.min_hours")
    if guard.floor > annual.min_hours:
        yield Contradiction("floor_above_threshold", "completion.annual.supply_guard.floor")
    if guard.share_percent > WHOLE:
        yield Contradiction("share_above_whole", "completion.annual.supply_guard.share_percent")
    if not 0 < stage.years_numerator <= stage.years_denominator:
        yield Contradiction("unreachable", "completion.stage.years_numerator")


def _stars(rulebook: Rulebook) -> Iterator[Contradiction]:
    tracks = rulebook.stars.tracks
    stages = [stage for track in tracks.values() for stage in track.stages]
    if len(stages) != len(set(stages)):
        yield Contradiction("named_twice", "stars.tracks")
    if set(stages) != set(rulebook.units.class_hour_minutes):
        yield Contradiction("stage_without_track", "stars.tracks")
    if rulebook.stars.late_joiner_rounding < 1:
        yield Contradiction("step_not_positive", "stars.late_joiner_rounding")
    for name, track in tracks.items():
        ref = f"stars.tracks.{name}.levels"
        if tuple(track.levels) == LEVELS:
            yield from _levels(ref, track)
            yield from _reach(ref, track, rulebook)
        else:
            yield Contradiction("levels_not_one_to_five", ref)


def _levels(ref: str, track: StarTrack) -> Iterator[Contradiction]:
    for (_, lower), (number, higher) in pairwise(track.levels.items()):
        if higher.hours <= lower.hours:
            yield Contradiction("thresholds_not_rising", f"{ref}.{number}.hours")
        if higher.annual_completions < lower.annual_completions:
            yield Contradiction("thresholds_not_rising", f"{ref}.{number}.annual_completions")


def _reach(ref: str, track: StarTrack, rulebook: Rulebook) -> Iterator[Contradiction]:
    """A star lies within what a school must offer, the years of the stage and the families."""
    limits = {
        "hours": _must_offer(rulebook, track.terms),
        "annual_completions": track.years,
        "families": len(rulebook.course_families.known),
    }
    for number, level in track.levels.items():
        for name, limit in limits.items():
            if getattr(level, name) > limit:
                yield Contradiction("unreachable", f"{ref}.{number}.{name}")


def _must_offer(rulebook: Rulebook, terms: int) -> int:
    """Hours that a learner can earn from what a school must offer, at the best rate and no more."""
    rate = max(rule.rate_per_class_hour for rule in rulebook.modes.values())
    offered = rulebook.school_term_compliance.min_class_hours * rate // WHOLE
    return min(offered, rulebook.no_double_credit.term_cap_total) * terms


def _teachers(programme: TeacherProgramme) -> Iterator[Contradiction]:
    """A cycle is made of calendar years, and a day of it has room for hours."""
    if not programme.cycle_years:
        return  # an edition from before the programme
    if not _NEW_YEAR.fullmatch(programme.cycle_begins):
        yield Contradiction("cycle_not_calendar_years", "teacher_programme.cycle_begins")
    if programme.hour_minutes < 1:
        yield Contradiction("length_not_positive", "teacher_programme.hour_minutes")
    if not programme.max_hours_per_day:
        yield Contradiction("unreachable", "teacher_programme.max_hours_per_day")
