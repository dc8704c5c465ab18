"""Two sessions at once: the same room, or the same parents, cannot be in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.plan import SessionPlan


@dataclass(frozen=True)
class Wish:
    """A row's plan, and what stands for it now: this stays where the row is not taken."""

    row: int
    plan: SessionPlan
    stands: SessionPlan | None


def clashing(
    wishes: Sequence[Wish],
    standing: Sequence[SessionPlan],
    meets: Callable[[SessionPlan], bool],
) -> set[int]:
    """The rows that cannot be taken beside what stands and beside the rows before them.

    `meets` says whether people come together for a plan at all: a push is nobody's evening.
    """
    left: set[int] = set()
    while found := one_more(wishes, standing, meets, left):
        left |= found
    return left


def one_more(
    wishes: Sequence[Wish],
    standing: Sequence[SessionPlan],
    meets: Callable[[SessionPlan], bool],
    left: set[int],
) -> set[int]:
    # A row that is not taken leaves its old session where it was: that may be in another's way.
    stays = [w.stands for w in wishes if w.stands and (w.row in left or w.plan == w.stands)]
    taken = [plan for plan in (*standing, *stays) if meets(plan)]
    for wish in wishes:
        if wish.row in left or wish.plan == wish.stands or not meets(wish.plan):
            continue
        if any(at_once(wish.plan, other) for other in taken):
            return {wish.row}
        taken.append(wish.plan)
    return set()


def at_once(one: SessionPlan, other: SessionPlan) -> bool:
    overlap = one.begins_at < other.ends_at and other.begins_at < one.ends_at
    return overlap and (same_room(one, other) or same_parents(one, other))


def same_room(one: SessionPlan, other: SessionPlan) -> bool:
    return one.place != "" and one.place == other.place


def same_parents(one: SessionPlan, other: SessionPlan) -> bool:
    """No grades mean the whole school."""
    return not one.grades or not other.grades or bool(set(one.grades) & set(other.grades))
