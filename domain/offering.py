"""Offering: the hours a school year offered to each grade, for the guard of annual completions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.assessing import Result
from domain.compliance import TermSession, best_runs
from domain.crediting import hours_for
from domain.rulebook import Rulebook
from domain.standing import Standing


def offered_by_grade(
    sessions: Iterable[TermSession],
    grades: Iterable[str],
    rules_of: Callable[[TermSession], Rulebook],
) -> dict[str, int]:
    """Hours a family of each grade could have earned face to face, at the rates of the sessions.

    What counts for the term counts here. The same course is credited once a school year, so it is
    offered once, by its longest run.
    """
    offered = [s for s in sessions if is_offered(s, rules_of(s))]
    return {
        grade: sum(
            hours_for(rules_of(s), s.mode, s.class_hours, Result.FULL)
            for s in best_runs(s for s in offered if s.is_open_to(grade)).values()
        )
        for grade in grades
    }


def is_offered(session: TermSession, rulebook: Rulebook) -> bool:
    """Whether a session was held, attested, of a mode that counts, and face to face."""
    if session.standing is not Standing.ATTESTED:
        return False
    if session.mode not in rulebook.school_term_compliance.modes_counted:
        return False
    return rulebook.mode(session.mode)[1].face_to_face
