"""Links that wait for a school: laid over the roster for those who answer, and the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from api.asking import Asking
from api.bootstrap import Runtime
from api.families import child_at
from api.files import cells
from api.link_fit import BY_HAND, Adult, Doubt, Family, Fit, Said, fit_of
from api.linking import LEARNERS
from domain.enrolment import Enrolment, Leaving
from domain.envelope import Envelope
from domain.links import LinkState, UnknownLink
from domain.refusals import Refused
from ledger.link_requests import LinkAnswer
from ledger.records import all_spoken_for, that_agreed
from ledger.vault import Subject
from projections.classes import class_order
from projections.link_board import LinkLine, ToCorrect
from projections.roster import Place
from projections.sight import everything_in_sight

PURPOSE = "link_requests"
OfClass = tuple[str, int, str, str]  # school, school year, grade, group


@dataclass(frozen=True)
class WaitingLink:
    """A link with all that is known of it, for those who answer."""

    line: LinkLine
    said: Said
    fit: Fit
    families: tuple[Family, ...] = field(repr=False)

    @property
    def is_answerable(self) -> bool:
        """Whether one tick says enough: an adult of the roster, or a new one with a name."""
        if self.fit.doubt in BY_HAND:
            return False
        known = self.fit.adult is not None or bool(self.said.name and self.said.relation_code)
        return self.fit.child_id is not None and known


def waiting_links(asking: Asking, school_code: str, by: Envelope) -> list[WaitingLink]:
    """What a school has not confirmed, the oldest first; the looking is recorded."""
    return laid_over(asking, asking.runtime.models.links.unconfirmed_at(school_code), by)


def lines_waiting(asking: Asking, school_code: str, class_name: str = "") -> list[LinkLine]:
    """What a school, or a class, has not confirmed: first what nobody answered, oldest first."""
    found = asking.runtime.models.links.unconfirmed_at(school_code)
    lines = [line for line in found if class_name in {"", class_of(line)}]
    return sorted(lines, key=lambda line: line.state != LinkState.WAITING)


def class_of(line: LinkLine) -> str:
    return f"{line.grade}{line.class_group}"


def classes_waiting(asking: Asking, school_code: str) -> list[str]:
    """The classes with links that are not confirmed, in their order."""
    lines = asking.runtime.models.links.unconfirmed_at(school_code)
    return list(dict.fromkeys(class_of(line) for line in sorted(lines, key=class_order)))


def waiting_link(asking: Asking, school_code: str, link_id: UUID, by: Envelope) -> WaitingLink:
    """One of them. Raises UnknownLink."""
    line = line_at(asking, school_code, link_id)
    return laid_over(asking, [line], by)[0]


def line_at(asking: Asking, school_code: str, link_id: UUID) -> LinkLine:
    """Raises UnknownLink for a link to another school."""
    line = asking.runtime.models.links.line(link_id)
    if line is None or line.school_code != school_code:
        raise UnknownLink(id=link_id)
    return line


def laid_over(asking: Asking, lines: Sequence[LinkLine], by: Envelope) -> list[WaitingLink]:
    vault, roster = asking.runtime.book.vault, asking.runtime.models.roster
    classes = {(e.school_code, e.school_year, e.grade, e.class_group) for e in lines}
    places = {where: [*roster.class_list(*where), *left_from(asking, where)] for where in classes}
    everybody = {e for found in places.values() for p in found for e in (p.learner_id, p.child_id)}
    ids = {*everybody, *(key for line in lines for key in (line.link_id, line.learner_id))}
    known = vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    families = {where: families_of(found, known) for where, found in places.items()}
    said = {line.link_id: said_of(asking, line, known) for line in lines}
    holders = asking.runtime.book.likeness.holders("same_phone", {s.phone for s in said.values()})
    repeated = repeated_of(lines, said)
    found = [
        laid(line, said[line.link_id], families[place_of(line)], holders, repeated)
        for line in lines
    ]
    return beside_their_phones(asking, found)


@everything_in_sight()
def to_correct(runtime: Runtime, school_code: str) -> list[ToCorrect]:
    """What is put right here, also where the school answered to which the child moved."""
    return runtime.models.links.to_correct(school_code)


def left_from(asking: Asking, where: OfClass) -> list[Place]:
    """Who left a class and is at no school now: the last school answers for them."""
    school_code, school_year, *of_class = where
    left = asking.runtime.models.roster.left_in(school_code, school_year)
    return [place for place in left if [place.grade, place.class_group] == of_class]


def beside_their_phones(asking: Asking, found: Sequence[WaitingLink]) -> list[WaitingLink]:
    """Whoever ever had a phone under any of their records seldom asks with another one."""
    adults = [each.fit.adult.learner_id for each in found if each.fit.adult]
    ledger = asking.runtime.book.ledger
    records = all_spoken_for(ledger, adults)
    held = that_agreed(ledger, {r for own in records.values() for r in own})

    def is_taken(link: WaitingLink) -> bool:
        own = records[link.fit.adult.learner_id] if link.fit.adult else frozenset[UUID]()
        return link.line.learner_id not in own and not held.isdisjoint(own)

    doubt = Doubt.ALREADY_ON_A_PHONE
    return [
        replace(each, fit=replace(each.fit, doubt=doubt)) if is_taken(each) else each
        for each in found
    ]


def place_of(line: LinkLine) -> OfClass:
    return line.school_code, line.school_year, line.grade, line.class_group


def laid(
    line: LinkLine,
    said: Said,
    families: tuple[Family, ...],
    holders: Mapping[str, set[UUID]],
    repeated: Mapping[UUID, Doubt],
) -> WaitingLink:
    own = {a.learner_id for f in families if f.child_name == said.child_name for a in f.adults}
    is_elsewhere = bool(holders.get(said.phone, set()) - own - {line.learner_id})
    fit = fit_of(said, families, is_elsewhere, repeated.get(line.link_id))
    return WaitingLink(line, said, fit, families)


def repeated_of(lines: Iterable[LinkLine], said: Mapping[UUID, Said]) -> dict[UUID, Doubt]:
    """Lines that name one person twice, and lines that came from one device."""
    lines = list(lines)
    persons = Counter((said[e.link_id].child_name, said[e.link_id].phone) for e in lines)
    devices = Counter(line.device_hash for line in lines)
    found: dict[UUID, Doubt] = {}
    for line in lines:
        its = said[line.link_id]
        if persons[its.child_name, its.phone] > 1:
            found[line.link_id] = Doubt.ASKED_TWICE
        elif devices[line.device_hash] > 1:
            found[line.link_id] = Doubt.SAME_DEVICE
    return found


def said_of(asking: Asking, line: LinkLine, known: Mapping[UUID, Subject]) -> Said:
    """What the form said; whoever has a place already is called as there."""
    subject, own = known.get(line.link_id), known.get(line.learner_id)
    fields: Mapping[str, str] = subject.fields if subject else {}
    is_known = own is not None and asking.runtime.models.roster.places_of(line.learner_id)
    return Said(
        phone=fields.get("phone", ""),
        child_name=fields.get("child_name", ""),
        name=own.name if own and is_known else fields.get("name", ""),
        relation_code=fields.get("relation_code", ""),
    )


def families_of(places: Iterable[Place], known: Mapping[UUID, Subject]) -> tuple[Family, ...]:
    adults: dict[UUID, list[Adult]] = {}
    for place in places:
        subject = known.get(place.learner_id)
        name, phone = (subject.name, subject.fields.get("phone", "")) if subject else ("—", "")
        adult = Adult(place.learner_id, place.relation_code, name, phone)
        adults.setdefault(place.child_id, []).append(adult)
    names = {child: known[child].name if child in known else "—" for child in adults}
    return tuple(
        Family(child, names[child], tuple(adults[child]))
        for child in sorted(adults, key=lambda each: names[each])
    )


@dataclass(frozen=True)
class Answered:
    """An answer as it came in: which child, and a known adult or a new one by name."""

    child_id: UUID
    adult_id: UUID | None = None
    name: str = field(repr=False, default="")
    relation_code: str = ""


class NameAndRelationMissing(Refused):
    """A new adult is linked by name and by relation to the child."""

    code = "name_and_relation_missing"


def confirmed(
    asking: Asking, school_code: str, link_id: UUID, answer: Answered, by: Envelope
) -> int:
    """Confirm a link: the record, then the devices that asked. Done twice, it is done once.

    Raises UnknownLink, ChildNotHere, NameAndRelationMissing, and what the ledger refuses.
    """
    runtime = asking.runtime
    line = line_at(asking, school_code, link_id)
    place = place_at(asking, line, answer.child_id)
    runtime.settle(runtime.book.ledger.position())  # whoever came in a moment ago is seen too
    known = known_by(answer, place)
    came = runtime.models.attendances.awaiting_link(line.learner_id, school_code, link_id)
    position = runtime.book.links.confirm(line.learner_id, link_id, known, came, by)
    runtime.logins.confirm(line.learner_id, by.at)
    return runtime.settle(position)


def place_at(asking: Asking, line: LinkLine, child_id: UUID) -> Place:
    """The child's place at the school; the last one where it left and is at no other since.

    Raises ChildNotHere.
    """
    left = asking.runtime.models.roster.left_in(line.school_code, line.school_year)
    gone = next((place for place in left if place.child_id == child_id), None)
    return gone or child_at(asking, line.school_code, child_id).place


def known_by(answer: Answered, found: Place) -> LinkAnswer:
    """Raises NameAndRelationMissing."""
    place, begins_on = enrolment_of(found), found.begins_on
    reason = found.end_reason
    ended = (found.ended_on, Leaving(reason)) if found.ended_on and reason else None
    if answer.adult_id is not None:
        return LinkAnswer(place, answer.adult_id, begins_on=begins_on, ended=ended)
    try:
        name = cells.person_name(answer.name.strip())
    except cells.WrongCell:
        raise NameAndRelationMissing from None
    if answer.relation_code not in LEARNERS:
        raise NameAndRelationMissing
    return LinkAnswer(place, None, name, answer.relation_code, begins_on, ended)


def enrolment_of(place: Place) -> Enrolment:
    return Enrolment(
        child_id=place.child_id,
        school_code=place.school_code,
        stage=place.stage,
        grade=place.grade,
        class_group=place.class_group,
        school_year=place.school_year,
    )
