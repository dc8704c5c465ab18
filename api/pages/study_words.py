"""What study at home counts by the rules, and what a cap leaves of it, in plain words."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from api.bootstrap import Runtime
from api.pages.parent_words import Words
from domain.calendar import CITY_ZONE, local_day
from domain.carriers import Mode
from domain.crediting import Room
from domain.hours import as_short_text, rounded_down
from domain.push import line_size
from domain.rulebook import Rulebook

MOST = {
    "cap_per_day": "每天最多计 {hours} 学时。",
    "cap_per_term": "每学期最多计 {hours} 学时。",
}
FULL = {
    "cap_per_day": "今天的 {hours} 学时已经计满，今天再完成的不计学时；想看随时可以看。",
    "cap_per_term": "本学期的 {hours} 学时已经计满，再完成的不计学时；想看随时可以看。",
    "term_cap_total": "本学期所有学时合计已满 {hours}，再完成的不计学时；想看随时可以看。",
}
LEFT = "这里最多再计 {hours} 学时，其余已到上限。"


def told_of_pushes(runtime: Runtime, learner_id: UUID) -> list[Words]:
    """What right answers count for a person today; nothing where no rules are in force."""
    day = local_day(runtime.now(), CITY_ZONE)
    term, book = runtime.models.schools.term_on(day), runtime.book
    if term is None or not book.rulebooks.hold_on(day):
        return []
    rulebook = book.pushes.rules_for(learner_id, term.code, day)
    step, (_, rule) = rulebook.units.award_step, rulebook.mode(Mode.INFO_PUSH)
    count = line_size(rule.per_item, step)
    if not count:
        return [Words("答对推送不计学时。")]
    hours = rounded_down(count * rule.per_item, step)
    worth = Words(
        "每答对 {count} 条推送计 {hours} 学时。", {"count": count, "hours": as_short_text(hours)}
    )
    return [worth, *told_of_caps(runtime, learner_id, Mode.INFO_PUSH, hours, rulebook)]


def told_of_caps(
    runtime: Runtime, learner_id: UUID, mode: Mode, sought: int, rulebook: Rulebook
) -> list[Words]:
    """The caps of a mode; and where what is sought does not fit under them, what is left."""
    _, rule = rulebook.mode(mode)
    caps = {"cap_per_day": rule.cap_per_day, "cap_per_term": rule.cap_per_term}
    told = [
        Words(MOST[n], {"hours": as_short_text(cap)}) for n, cap in caps.items() if cap is not None
    ]
    day = local_day(runtime.now(), CITY_ZONE)
    if term := runtime.models.schools.term_on(day):
        room = runtime.book.earning.room(learner_id, mode, (term.code, day), rulebook)
        if room.hours < sought:
            told.append(lacking_room(room, rulebook))
    return told


def lacking_room(room: Room, rulebook: Rulebook) -> Words:
    full = FULL.get(room.cap_ref.rsplit(".", 1)[-1])
    if room.hours or full is None:
        return Words(LEFT, {"hours": as_short_text(room.hours)})
    return Words(full, {"hours": as_short_text(cast("int", rulebook.figure(room.cap_ref).value))})
