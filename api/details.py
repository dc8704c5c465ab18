"""A person's details that are said to be wrong: what was typed, what waits, and who answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking
from api.bootstrap import Runtime
from api.files import cells
from api.linking import NameMalformed, PhoneMalformed, taken
from domain.details import Detail, DetailsState, UnknownDetailsRequest
from domain.envelope import Envelope
from domain.learner import UnknownLearner
from domain.refusals import Refused
from ledger.details import Asked
from ledger.vault import Subject
from projections.details_board import DetailsLine

PURPOSE = "details_requests"
LONGEST: Final = 100


class Typed(BaseModel):
    """The form as it came, to be shown again as it was typed; what is empty stays as it is."""

    name: str = Field(default="", max_length=LONGEST)
    phone: str = Field(default="", max_length=LONGEST)
    relation: str = Field(default="", max_length=LONGEST)


@dataclass(frozen=True)
class Change:
    """One detail as it is recorded and as it is asked for."""

    detail: Detail
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True)
class Waiting:
    """A request with what it would change."""

    line: DetailsLine
    name: str = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)

    @property
    def is_put_right_elsewhere(self) -> bool:
        return any(each.detail is Detail.RELATION for each in self.changes)


def read(typed: Typed) -> Asked | dict[str, Refused]:
    """What is asked for, or what is wrong, by field."""
    name = taken(typed.name, cells.person_name) if typed.name.strip() else ""
    phone = taken(typed.phone, cells.phone) if typed.phone.strip() else ""
    faults: dict[str, Refused] = {}
    if name is None:
        faults["name"] = NameMalformed()
    if phone is None:
        faults["phone"] = PhoneMalformed()
    if name is None or phone is None:
        return faults
    return Asked(name, phone, typed.relation.strip())


def asked(runtime: Runtime, learner_id: UUID, typed: Typed, by: Envelope) -> int:
    """Ask for a change. Raises NameMalformed, PhoneMalformed, and what the ledger refuses."""
    wish = read(typed)
    if isinstance(wish, dict):
        raise next(iter(wish.values()))
    return runtime.settle(runtime.book.details.ask(learner_id, wish, by))


def own_request(asking: Asking, request_id: UUID) -> tuple[DetailsLine, Envelope]:
    """A request of the person who asks. Raises UnknownDetailsRequest."""
    learner_id, by = asking.own(Action.OWN_CASES)
    for line in asking.runtime.models.details.of_learner(learner_id):
        if line.request_id == request_id:
            return line, by
    raise UnknownDetailsRequest(id=request_id)


def latest_of(runtime: Runtime, learner_id: UUID) -> DetailsLine | None:
    """The newest request that a person did not take back."""
    found = runtime.models.details.of_learner(learner_id)
    return next((line for line in found if line.state != DetailsState.WITHDRAWN), None)


def withdrawn(asking: Asking, request_id: UUID) -> int:
    line, by = own_request(asking, request_id)
    runtime = asking.runtime
    return runtime.settle(runtime.book.details.withdraw(line.learner_id, request_id, by))


def may_decide(asking: Asking, school_code: str, request_id: UUID) -> tuple[DetailsLine, Envelope]:
    """A request to this school. Raises UnknownDetailsRequest, Forbidden, LoginRequired."""
    by = asking.may(Action.LEARNER_CONFIRM, school_code)
    line = asking.runtime.models.details.at(school_code, request_id)
    if line is None:
        raise UnknownDetailsRequest(id=request_id)
    return line, by


def writer_at(asking: Asking, school_code: str, learner_id: UUID) -> Envelope:
    """Whoever writes down for a parent of the school, gone or not. Raises UnknownLearner."""
    by, roster = asking.may(Action.CASE_ENTER, school_code), asking.runtime.models.roster
    speaker = asking.runtime.book.learners.survivor_of(learner_id)
    places = (*roster.places_of(speaker), *roster.last_places_of(speaker))
    if school_code not in {place.school_code for place in places}:
        raise UnknownLearner(id=learner_id)
    return by


def waiting_at(asking: Asking, school_code: str, by: Envelope) -> list[Waiting]:
    """What waits for a school's answer, oldest first; the looking is recorded."""
    book = asking.runtime.book
    lines = asking.runtime.models.details.waiting_at(school_code)
    speakers = book.learners.survivors_of([line.learner_id for line in lines])
    ids = {*speakers.values(), *(line.request_id for line in lines)}
    known = book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return [
        laid(line, known[speakers[line.learner_id]], known[line.request_id])
        for line in lines
        if line.request_id in known and speakers[line.learner_id] in known
    ]


def laid(line: DetailsLine, known: Subject, said: Subject) -> Waiting:
    details = [Detail(code) for code in line.details.split()]
    changes = (Change(d, known.fields.get(d, ""), said.fields[d]) for d in details)
    return Waiting(line, known.name, tuple(changes))
