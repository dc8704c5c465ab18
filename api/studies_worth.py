"""What study at home counts for a person today: by the rules, and what the caps leave of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from api.bootstrap import Runtime
from api.studying import Watching, running_year
from domain.assessing import Result
from domain.calendar import CITY_ZONE, local_day
from domain.carriers import Mode
from domain.crediting import Room, hours_for
from domain.hours import rounded_down
from domain.push import line_size
from domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Worth:
    """So many at home (none: they count nothing) earn so many hours, under the caps of their mode.

    `room` is what the caps leave today, outside of terms None; `full` the figure of its cap.
    """

    count: int
    hours: int
    cap_per_day: int | None = None
    cap_per_term: int | None = None
    room: Room | None = None
    full: int = 0

    @property
    def left(self) -> int | None:
        return self.room.hours if self.room else None

    @property
    def left_by(self) -> str | None:
        """The cap that leaves least."""
        return self.room.cap_ref.rsplit(".", 1)[-1] if self.room else None


def pushes_worth(runtime: Runtime, learner_id: UUID) -> Worth | None:
    """Of right answers; nothing outside of terms and where no rules are in force."""
    day = local_day(runtime.now(), CITY_ZONE)
    term, book = runtime.models.schools.term_on(day), runtime.book
    if term is None or not book.rulebooks.hold_on(day):
        return None
    rulebook = book.pushes.rules_for(learner_id, term.code, day)
    step, (_, rule) = rulebook.units.award_step, rulebook.mode(Mode.INFO_PUSH)
    count = line_size(rule.per_item, step)
    if not count:
        return Worth(0, 0)
    hours = rounded_down(count * rule.per_item, step)
    return under_caps(runtime, learner_id, Mode.INFO_PUSH, (count, hours), rulebook)


def micro_class_worth(before: Watching) -> Worth | None:
    """Of one micro-class; nothing where it is over."""
    book, micro_class = before.runtime.book, before.micro_class
    running = running_year(before.runtime)
    if book.micro_classes.is_over(micro_class, before.learner_id, running):
        return None
    rulebook = book.micro_classes.rules_of(micro_class)
    hours = hours_for(rulebook, Mode.MICRO_CLASS, micro_class.plan.class_hours, Result.FULL)
    return under_caps(before.runtime, before.learner_id, Mode.MICRO_CLASS, (1, hours), rulebook)


def under_caps(
    runtime: Runtime, learner_id: UUID, mode: Mode, earned: tuple[int, int], rulebook: Rulebook
) -> Worth:
    _, rule = rulebook.mode(mode)
    caps = (rule.cap_per_day, rule.cap_per_term)
    day = local_day(runtime.now(), CITY_ZONE)
    term = runtime.models.schools.term_on(day)
    if term is None:
        return Worth(*earned, *caps)
    room = runtime.book.earning.room(learner_id, mode, (term.code, day), rulebook)
    return Worth(*earned, *caps, room, cast("int", rulebook.figure(room.cap_ref).value))
