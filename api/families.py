"""Children whom staff reach through their school: who they are there, and on which way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.access.actions import Action
from api.access.rate_limit import TRANSFER_CLAIM_BY_SCHOOL
from api.asking import Asking
from api.bootstrap import Runtime
from api.reaching import unknown
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.custody import CustodyNotEnded
from domain.enrolment import Returning
from domain.envelope import Envelope
from domain.grades import class_called
from domain.links import LinkState
from domain.planning import UnknownGrade
from domain.transfer import ChildNotHere, Transfer, TransferUnknown
from ledger.transfers import NewClass, Pupil
from projections.roster import Place
from projections.sight import everything_in_sight


@dataclass(frozen=True)
class ReachedChild:
    """A child's place at a school now, and the adults who are enrolled through it."""

    place: Place
    adults: tuple[UUID, ...]

    @property
    def pupil(self) -> Pupil:
        place = self.place
        return Pupil(place.child_id, place.school_code, place.school_year, self.adults)


@dataclass(frozen=True)
class OldNumber:
    """A child as the school that it leaves knows it."""

    school_code: str
    student_no: str


@dataclass(frozen=True)
class Leaving:
    """Which child leaves, from which day on, and for which school, where that is known."""

    child_id: UUID
    effective_on: date
    to_school_code: str | None


def child_at(asking: Asking, school_code: str, child_id: UUID) -> ReachedChild:
    """A child of the school, in its newest school year there. Raises ChildNotHere."""
    places = asking.runtime.models.roster.guardians_of(child_id)
    here = [p for p in places if p.school_code == school_code and p.ended_on is None]
    newest = [p for p in here if p.school_year == here[0].school_year]
    if not newest:
        raise ChildNotHere
    return ReachedChild(newest[0], tuple(place.learner_id for place in newest))


def left_this_year(asking: Asking, school_code: str) -> dict[UUID, Place]:
    """The children who left this school year and are at no school now, the last first."""
    year = school_year_of(local_day(asking.runtime.now(), CITY_ZONE))
    found: dict[UUID, Place] = {}
    for place in asking.runtime.models.roster.left_in(school_code, year):
        found.setdefault(place.child_id, place)
    return found


def taken_back(
    asking: Asking, school_code: str, child_id: UUID, on: date, reason: Returning, by: Envelope
) -> int:
    """Record that a child that left in its last year here is here again, from a day on.

    Raises ChildNotHere, and what the ledger refuses.
    """
    places = asking.runtime.models.roster.guardians_of(child_id)
    here = [place.school_year for place in places if place.school_code == school_code]
    if not here:
        raise ChildNotHere
    adults = sorted({place.learner_id for place in places})
    pupil = Pupil(child_id, school_code, max(here), adults)
    return asking.runtime.settle(asking.runtime.book.transfers.take_back(pupil, on, reason, by))


def parted_at(
    asking: Asking, school_code: str, learner_id: UUID, child_id: UUID
) -> tuple[UUID, ...]:
    """Of a guardianship that two persons ended: the adults who learn through the child now.

    Raises CustodyNotEnded, also where the child is not the school's.
    """
    models = asking.runtime.models
    ended = models.custody.ended_at(school_code)
    if (learner_id, child_id) not in {(each.learner_id, each.child_id) for each in ended}:
        raise CustodyNotEnded
    return tuple({place.learner_id for place in models.roster.guardians_of(child_id)})


def case_at(asking: Asking, school_code: str, learner_id: UUID, child_id: UUID) -> None:
    """A case about a child of the school, whether its guardianship stands. Raises ChildNotHere."""
    waiting = asking.runtime.models.custody.waiting_at(school_code)
    if (learner_id, child_id) not in {(each.learner_id, each.child_id) for each in waiting}:
        child_at(asking, school_code, child_id)


def adults_of(runtime: Runtime, transfer: Transfer) -> list[UUID]:
    """The adults who are enrolled through a child at the school it leaves."""
    places = runtime.models.roster.guardians_of(transfer.child_id)
    from_here = (p for p in places if p.school_code == transfer.from_school_code)
    return sorted({p.learner_id for p in from_here if p.school_year >= transfer.first_year})


def let_go(runtime: Runtime, transfer: Transfer, by: Envelope) -> int:
    """Have the child move, and the links with it that wait for it. See `Transfers.confirm`."""
    lines = runtime.models.links.unconfirmed_at(transfer.from_school_code)
    waiting = [(e.learner_id, e.link_id) for e in lines if e.state == LinkState.WAITING]
    adults = adults_of(runtime, transfer)
    return runtime.book.transfers.confirm(transfer.id, adults, by, waiting)


def class_at(school_code: str, text: str) -> NewClass:
    """The class that takes a child, as people write it: 三年级2班. Raises UnknownGrade."""
    grade, group = class_called(text) or (None, "")
    if grade is None:
        raise UnknownGrade(grade=text)
    return NewClass(school_code, grade.stage, grade.name, group)


def announced(asking: Asking, school_code: str, what: Leaving, by: Envelope) -> tuple[UUID, str]:
    """Record that a child leaves, and make the code that the new school claims it with.

    Raises ChildNotHere, UnknownSchool, and what the ledger refuses.
    """
    runtime, child = asking.runtime, child_at(asking, school_code, what.child_id)
    if what.to_school_code is not None:
        runtime.book.registry.school(what.to_school_code)
    book = runtime.book
    key = book.transfers.announce(child.pupil, what.effective_on, what.to_school_code, by)
    runtime.settle(book.ledger.position())
    return key, runtime.transfer_codes.issue(key, by.at)


def claimed(asking: Asking, way: str | OldNumber, new: NewClass, by: Envelope) -> int:
    """Record which class takes a child, found by a code (used up by it) or by its old number.

    Raises TooManyTries, what codes refuse, TransferUnknown, and what the ledger refuses.
    """
    runtime = asking.runtime
    # A number can be guessed: what a school tries in vain is counted.
    limit = (TRANSFER_CLAIM_BY_SCHOOL, new.school_code)
    with runtime.limits.counting_failures(limit, at=by.at):
        if isinstance(way, str):
            transfer_id = runtime.transfer_codes.redeem(way, new.school_code, by.at)
        else:
            transfer_id = transfer_of_number(runtime, way, new.school_code)
        position = runtime.book.transfers.claim(transfer_id, new, by)
    return runtime.settle(position)


def leaving(asking: Asking, transfer_id: UUID) -> tuple[Transfer, Envelope]:
    """A transfer, for the school that the child leaves. Raises TransferUnknown, Forbidden."""
    found = asking.runtime.book.ledger.find(Transfer, transfer_id)
    if found is None:
        raise unknown(asking, Action.TRANSFER_RELEASE, TransferUnknown(id=transfer_id))
    return found, asking.may(Action.TRANSFER_RELEASE, found.from_school_code)


@everything_in_sight()
def transfer_of_number(runtime: Runtime, old: OldNumber, to_school_code: str) -> UUID:
    """The transfer of a child, by its old number; not if another school was named for it.

    Raises TransferUnknown.
    """
    number = f"{old.school_code} {old.student_no}"
    child_id = runtime.book.vault.identify("child", [number]).get(number)
    found = runtime.models.transfers.open_of([child_id]) if child_id else []
    leaving = [
        row
        for row in found
        if row.from_school_code == old.school_code and row.announced_to in {None, to_school_code}
    ]
    if not leaving:
        raise TransferUnknown
    return leaving[0].transfer_id
