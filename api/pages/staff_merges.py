"""Two records that may be one person's, side by side; what a merge would change, and its sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.correcting import previewed
from api.language.catalogue import language_of
from api.merging import is_here, refuse_stranger, suggestions, tell_apart
from api.pages.effect_words import change_rows
from api.pages.staff_class_list import called
from api.pages.staff_corrections import Drafted
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from domain.correction import MergeOrder, Order, UnmergeOrder
from domain.envelope import Envelope
from domain.learner import UnknownLearner
from domain.masking import mask_name, mask_phone
from domain.merging import Evidence
from domain.refusals import Refused
from ledger.divided_ties import divided_ties
from ledger.vault import Subject
from projections.roster import Place

router = APIRouter(include_in_schema=False)

PURPOSE = "merge_records"


@dataclass(frozen=True)
class Side:
    """One of the two records: what a person needs to see whether it is the same human being."""

    learner_id: UUID
    name: str
    phone: str
    places: tuple[Place, ...]
    children: tuple[str, ...]
    balance: int
    attendances: int
    certificates: int


@dataclass(frozen=True)
class Divided:
    """A child whose tie two persons ended under one of the records: what holds after the merge."""

    child: str
    ended_on: date
    stands: bool


@dataclass(frozen=True)
class Suggested:
    """A pair as the list shows it; a record of another school shows a mask."""

    one: UUID
    other: UUID
    names: tuple[str, str]
    because: tuple[str, ...]


@dataclass(frozen=True)
class Came:
    """A record that was merged into another one: whose, and through which children now."""

    merged_id: UUID
    merged_at: datetime
    name: str
    children: tuple[str, ...]


@router.get("/staff/merges/{school_code}")
def merges(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.MERGE_PROPOSE, school_code)
    models = asking.runtime.models
    waiting = models.corrections.of_schools([school_code], "waiting")
    return staff_page(
        request,
        "merges.html",
        school=models.schools.school(school_code),
        pairs=suggested(asking, school_code, by),
        waiting=[row for row in waiting if row.kind in {"merge", "unmerge"}],
    )


@router.get("/staff/merges/{school_code}/pair")
def pair(
    request: Request,
    asking: InAsking,
    school_code: str,
    survivor: UUID,
    merged: UUID,
    evidence: Evidence | None = None,
) -> Response:
    """The two records side by side; with a reason, what the merge would change."""
    by = asking.may(Action.MERGE_PROPOSE, school_code)
    sides = sides_of(asking, school_code, (survivor, merged), by)

    def order(because: Evidence) -> Order:
        return MergeOrder(
            school_code=school_code, survivor_id=survivor, merged_id=merged, evidence=because
        )

    found = drafted(request, asking, school_code, order(evidence), by) if evidence else None
    return staff_page(
        request,
        "merge_pair.html",
        status_of(found.refusal.code) if found and found.refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        sides=sides,
        divided=divided(asking, school_code, (survivor, merged), by),
        kinds=[each for each in Evidence if each is not Evidence.LINK_CONFIRMED],
        evidence=evidence,
        found=found,
        refusal=refusal_of(request, found),
    )


@router.post("/staff/merges/{school_code}/apart")
def apart(
    asking: InAsking,
    school_code: str,
    one: Annotated[UUID, Form()],
    other: Annotated[UUID, Form()],
) -> Response:
    """These are two persons, say so once: the suggestion is not made again."""
    by = asking.may(Action.MERGE_PROPOSE, school_code)
    tell_apart(asking, school_code, (one, other), by)
    return RedirectResponse(f"/staff/merges/{school_code}", status_code=303)


@router.get("/staff/merges/{school_code}/of/{learner_id}")
def parting(
    request: Request,
    asking: InAsking,
    school_code: str,
    learner_id: UUID,
    merged: UUID | None = None,
) -> Response:
    """What was merged into a record, and what it would change to part one of them again."""
    by = asking.may(Action.UNMERGE_PROPOSE, school_code)
    if not is_here(asking, school_code, learner_id):
        raise UnknownLearner(id=learner_id)
    came = came_into(asking, school_code, learner_id, by)
    found = None
    if merged is not None:
        order = UnmergeOrder(school_code=school_code, survivor_id=learner_id, merged_id=merged)
        found = drafted(request, asking, school_code, order, by)
    return staff_page(
        request,
        "merge_parting.html",
        status_of(found.refusal.code) if found and found.refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        learner_id=learner_id,
        came=came,
        merged=merged,
        found=found,
        refusal=refusal_of(request, found),
    )


def came_into(asking: Asking, school_code: str, learner_id: UUID, by: Envelope) -> list[Came]:
    """What was merged into a record: names as this school may see them, the looking is recorded."""
    models = asking.runtime.models
    merges = [e for e in models.one_person.merges_of(learner_id) if e.survivor_id == learner_id]
    own = {place.child_id for place in models.roster.places_of(learner_id)}
    persons = {
        each.merged_id: [
            each.merged_id,
            *sorted({p.child_id for p in models.roster.last_places_of(each.merged_id)} & own),
        ]
        for each in merges
    }
    ids = {person for found in persons.values() for person in found}
    shown = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)

    def came(merged_id: UUID, merged_at: datetime) -> Came:
        name, *children = (
            seen(asking, school_code, merged_id, called(shown, each)) for each in persons[merged_id]
        )
        return Came(merged_id, merged_at, name, tuple(children))

    return [came(each.merged_id, each.merged_at) for each in merges]


def drafted(
    request: Request, asking: Asking, school_code: str, order: Order, by: Envelope
) -> Drafted:
    """An order with what it would change, or why it cannot be."""
    try:
        preview = previewed(asking, order)
    except Refused as refusal:
        return Drafted(None, None, [], refusal)
    rows = change_rows(request, asking, preview.effects, school_code, by)
    return Drafted(order, preview, rows, None)


def refusal_of(request: Request, found: Drafted | None) -> str | None:
    refusal = found.refusal if found else None
    return text_of(refusal.code, language_of(request)) if refusal else None


def suggested(asking: Asking, school_code: str, by: Envelope) -> list[Suggested]:
    found = suggestions(asking, school_code)
    ids = {each for one in found for each in (one.pair.one, one.pair.other)}
    names = names_of(asking, school_code, ids, by)
    return [
        Suggested(
            each.pair.one,
            each.pair.other,
            (names[each.pair.one], names[each.pair.other]),
            each.pair.kinds,
        )
        for each in found
    ]


def names_of(asking: Asking, school_code: str, ids: set[UUID], by: Envelope) -> dict[UUID, str]:
    """Names for the school's own staff; of a record of another school alone the mask."""
    shown = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return {each: seen(asking, school_code, each, called(shown, each)) for each in ids}


def seen(asking: Asking, school_code: str, learner_id: UUID, name: str) -> str:
    """A name on a learner's record, as this school may see it."""
    return name if is_here(asking, school_code, learner_id) else mask_name(name)


def sides_of(asking: Asking, school_code: str, ids: tuple[UUID, UUID], by: Envelope) -> list[Side]:
    """Raises UnknownLearner for a record that nothing ties to the school."""
    refuse_stranger(asking, school_code, ids)
    roster = asking.runtime.models.roster
    last = {each: roster.last_places_of(each) for each in ids}
    places = {each: tuple(p for p in last[each] if p.relation_code) for each in ids}
    everybody = {*ids, *(place.child_id for each in ids for place in places[each])}
    shown = asking.runtime.book.vault.show(everybody, to=by.actor, purpose=PURPOSE, at=by.at)
    return [side(asking, school_code, each, places[each], shown) for each in ids]


def divided(
    asking: Asking, school_code: str, ids: tuple[UUID, UUID], by: Envelope
) -> list[Divided]:
    """Where the ties of the two differ: the record that is kept keeps what it has."""
    book = asking.runtime.book
    ties = divided_ties(book.ledger, *ids)
    shown = book.vault.show(
        {each.child_id for each in ties}, to=by.actor, purpose=PURPOSE, at=by.at
    )
    return [
        Divided(
            seen(asking, school_code, each.stands_under, called(shown, each.child_id)),
            each.ended_on,
            stands=each.stands_under == ids[0],
        )
        for each in ties
    ]


def side(
    asking: Asking,
    school_code: str,
    learner_id: UUID,
    places: tuple[Place, ...],
    shown: dict[UUID, Subject],
) -> Side:
    models = asking.runtime.models
    phone = shown[learner_id].fields.get("phone", "") if learner_id in shown else ""
    name, *children = (
        seen(asking, school_code, learner_id, called(shown, each))
        for each in (learner_id, *(place.child_id for place in places))
    )
    return Side(
        learner_id=learner_id,
        name=name,
        phone=mask_phone(phone) if phone else "",
        places=places,
        children=tuple(children),
        balance=models.accounts.balance(learner_id),
        attendances=len(models.attendances.attendances_of(learner_id)),
        certificates=len(models.certificates.certificates_of_learner(learner_id)),
    )
