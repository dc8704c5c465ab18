"""The hours of a term for its archive (学时登记表): what a school credited, to whomever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.asking import Asking
from api.exports.exams import TIE_ENDED
from api.exports.handing_out import Listing, Row, Saying, numbered
from api.exports.people import HOURS, hours_row
from api.pages.staff_class_list import called, children_called
from api.pages.staff_statements import PURPOSE
from domain.calendar import Term
from domain.envelope import Envelope
from projections.classes import ClassName, class_order
from projections.roster import Tie
from projections.term_accounts import TermLine

OTHERS = "其他"  # nobody's parent then: a record merged since, a tie that was entered in error
ABOUT = "只列本校本学期认定的学时，累计学时也只算这些。"


@dataclass(frozen=True, slots=True)
class ClassOfTerm:
    """Who has hours from a school in a term, through which children of a class, if any."""

    name: str
    school_code: str
    term: Term
    ties: Mapping[UUID, Sequence[Tie]]


def classes_of(asking: Asking, school_code: str, term: Term) -> list[ClassOfTerm]:
    """Everybody with hours, though they have left since; classes without anybody, too."""
    models = asking.runtime.models
    learners = models.term_accounts.learners(school_code, term.code)
    ties: dict[ClassName, dict[UUID, list[Tie]]] = {
        each: {} for each in models.roster.classes(school_code, term.school_year)
    }
    for tie in models.roster.ties_in(learners, school_code, term):
        of_learners = ties.setdefault(ClassName(tie.grade, tie.class_group), {})
        of_learners.setdefault(tie.learner_id, []).append(tie)
    placed = {learner_id for of_class in ties.values() for learner_id in of_class}
    lists = {f"{c.grade}{c.class_group}": ties[c] for c in sorted(ties, key=class_order)}
    if others := [each for each in learners if each not in placed]:
        lists[OTHERS] = {each: [] for each in others}
    return [ClassOfTerm(name, school_code, term, found) for name, found in lists.items()]


def term_hours(asking: Asking, of_class: ClassOfTerm, by: Envelope, say: Saying) -> Listing:
    rows = numbered(rows_of(asking, of_class, by, say))
    return Listing("家长学时登记表", HOURS, rows, about=say.text(ABOUT))


def rows_of(asking: Asking, of_class: ClassOfTerm, by: Envelope, say: Saying) -> Iterator[Row]:
    """Every line, by the child's name and then the learner's, each from the oldest on."""
    models, ties, code = asking.runtime.models, of_class.ties, of_class.school_code
    ids = {*ties, *(tie.child_id for own in ties.values() for tie in own)}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)

    def named(line: TermLine) -> tuple[str, str, UUID]:
        return (
            children_called(names, ties[line.learner_id]),
            called(names, line.learner_id),
            line.learner_id,
        )

    for line in sorted(models.term_accounts.lines(code, of_class.term.code, ties), key=named):
        tie, (child, learner, _) = speaking(ties[line.learner_id]), named(line)
        relation = say.named("relation", tie.relation_code) if tie else ""
        carrier = say.named("carrier", line.carrier) or None
        *cells, note, entry_id = hours_row(line, carrier, say)
        parted = say.text(TIE_ENDED, day=tie.tie_ended_on) if tie and tie.tie_ended_on else None
        notes = "；".join(str(each) for each in (note, parted) if each)
        yield of_class.name, child, learner, relation, *cells, notes, entry_id


def speaking(ties: Sequence[Tie]) -> Tie | None:
    """One that stands before one that ended."""
    return min(ties, key=lambda each: each.tie_ended_on is not None, default=None)
