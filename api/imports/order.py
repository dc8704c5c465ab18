"""What somebody asks for: which kind of file, for which school, under whose envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from api.access.actions import Action
from api.files.template import Kind
from domain.envelope import Channel, Envelope

Language = Literal["zh", "en"]
Progress = Callable[[int, int], None]  # rows done, rows in all

ACTIONS: Final = {
    Kind.ROSTER: Action.ROSTER_IMPORT,
    Kind.PLAN: Action.PLAN_IMPORT,
    Kind.EXAM: Action.EXAM_ENTER,
    Kind.QUESTIONS: Action.QUESTION_BANK_EDIT,
    Kind.TEACHER_HOURS: Action.TEACHER_HOURS_ENTER,
    Kind.SIGN_IN_SHEET: Action.SHEET_ENTER,
}
# What one person types and another checks.
CHECKS: Final = {Kind.EXAM: Action.EXAM_CHECK, Kind.SIGN_IN_SHEET: Action.SHEET_CHECK}
CHANNELS: Final = {
    Kind.ROSTER: Channel.FILE_IMPORT,
    Kind.PLAN: Channel.FILE_IMPORT,
    Kind.EXAM: Channel.PAPER_IMPORT,
    Kind.QUESTIONS: Channel.FILE_IMPORT,
    Kind.TEACHER_HOURS: Channel.FILE_IMPORT,
    Kind.SIGN_IN_SHEET: Channel.PAPER_IMPORT,
}


def action_of(kind: Kind, *, checking: bool) -> Action:
    """What must be allowed: checking paper is another right than typing them."""
    return CHECKS[kind] if checking and kind in CHECKS else ACTIONS[kind]


@dataclass(frozen=True, slots=True)
class Order:
    """One import. `checking`: the results were typed before, this is the second person.

    `anew`: the rows of a plan whose session was called off and that are meant as new ones.
    """

    kind: Kind
    school_code: str
    by: Envelope
    dry_run: bool
    checking: bool = False
    school_year: int | None = None  # of a roster; the day decides where it is not given
    language: Language = "zh"
    anew: frozenset[int] = frozenset()

    @property
    def envelope(self) -> Envelope:
        return self.by.model_copy(update={"channel": CHANNELS[self.kind]})
