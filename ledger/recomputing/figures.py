"""Figures: what is recorded of a person beside what the rules make of the facts under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import Refused
from domain.rulebook_refusals import NoRulebookInForce, UnknownRulebook

Value = str | int | None


class Verdict(StrEnum):
    """Whether a recorded figure is what the rules make of the facts."""

    SAME = "same"
    DIFFERS = "differs"
    UNDERIVED = "underived"  # the file does not hold what it rests on
    DUE = "due"  # follows by the rules, and is not recorded yet


class What(StrEnum):
    """What a figure is of."""

    FACT = "fact"
    RULES = "rules"
    SESSION = "session"
    ATTENDANCE = "attendance"
    LINE = "line"
    EXAM = "exam"
    COMPLETION = "completion"
    STAR = "star"
    UPKEEP = "upkeep"
    HOURS = "hours"
    PROOF = "proof"


class Because(StrEnum):
    """Why a figure cannot be derived, or what differs beside its value."""

    NOTHING = ""
    GAP = "gap"
    CONTRADICTS = "contradicts"
    SOURCE_MISSING = "source_missing"
    RULES_MISSING = "rules_missing"
    ATTESTED_ALONE = "attested_alone"
    OTHER_RULES = "other_rules"
    OTHER_CLAIM = "other_claim"
    OTHER_CONDITIONS = "other_conditions"
    NOT_RECORDED_YET = "not_recorded_yet"
    NO_LOG = "no_log"
    CHECKPOINT = "checkpoint"
    NOT_INCLUDED = "not_included"
    NOT_COSIGNED = "not_cosigned"
    NOT_LOGGED_YET = "not_logged_yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `of` says which, in codes and ids that a person can find again."""

    what: What
    of: str
    recorded: Value
    derived: Value
    verdict: Verdict
    because: Because = Because.NOTHING


def compared(
    what: What, of: str, recorded: Value, derived: Value, because: Because = Because.NOTHING
) -> Figure:
    """Two values of a figure; with a reason they differ even where the values are the same."""
    same = recorded == derived and not because
    return Figure(what, of, recorded, derived, Verdict.SAME if same else Verdict.DIFFERS, because)


def underived(what: What, of: str, recorded: Value, because: Because) -> Figure:
    return Figure(what, of, recorded, None, Verdict.UNDERIVED, because)


def why(missing: Refused) -> Because:
    """What the file lacks, where a rule cannot find what it looks at."""
    rules = isinstance(missing, UnknownRulebook | NoRulebookInForce)
    return Because.RULES_MISSING if rules else Because.SOURCE_MISSING


def due(what: What, of: str, derived: Value) -> Figure:
    return Figure(what, of, None, derived, Verdict.DUE, Because.NOT_RECORDED_YET)


def worst(figures: Iterable[Figure]) -> Verdict:
    """What differs comes before what cannot be said."""
    found = {figure.verdict for figure in figures}
    order = (Verdict.DIFFERS, Verdict.UNDERIVED, Verdict.DUE)
    return next((each for each in order if each in found), Verdict.SAME)
