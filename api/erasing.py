"""Erasing a person: what would go and what stays, who decides, and what the program does then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import structlog

from api.access.actions import Action
from api.access.policy import Forbidden, LoginRequired, Organisation
from api.access_log import organisations_of
from api.asking import Asking
from api.bootstrap import Runtime
from api.closing import SECONDS_TO_CATCH_UP, ReadModelsBehind
from api.erasure_effects import IN_FORCE, effects_of
from api.erasure_list import Carried, ErasureList
from api.reaching import may_in, unknown
from api.sharing import ShareLinks
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Certificate
from domain.envelope import Envelope
from domain.erasure import (
    CertificateWish,
    Erasure,
    ErasureGround,
    Scope,
    UnknownErasure,
)
from domain.refusals import Refused
from ledger.evaluating import system_envelope
from ledger.streams import Streams
from projections.erasure_board import ErasureLine
from projections.feed import Fact
from projections.following import Follower
from projections.sight import everything_in_sight

log = structlog.get_logger(__name__)

ANSWER_WITHIN: Final = 15  # working days (PIPL 50; local default)
ON_A_PAGE: Final = 100
PURPOSE: Final = "erasure_request"


class IdentityUnchecked(Refused):
    """Nobody is erased before it is certain that it is they who ask."""

    code = "erasure_identity_unchecked"


@dataclass(frozen=True)
class Waiting:
    """A request, and the last day for an answer."""

    line: ErasureLine
    due: date
    is_late: bool


@dataclass(frozen=True)
class Listed:
    """A page of the officer's list; `older` is the request after which the next page goes on."""

    waiting: list[Waiting]
    answered: list[ErasureLine]
    older: UUID | None


@everything_in_sight()
def school_of(runtime: Runtime, learner_id: UUID) -> str:
    """The school whose data protection officer answers; empty: the city's."""
    for place in runtime.models.roster.last_places_of(learner_id):
        return place.school_code
    links = runtime.models.links.of_learner(learner_id)
    return links[0].school_code if links else ""


def request(runtime: Runtime, learner_id: UUID, wish: CertificateWish, by: Envelope) -> int:
    """Raises UnknownLearner, OwnCase, ErasureWaits, PersonErased."""
    learner_id = runtime.book.learners.survivor_of(learner_id)
    school_code = school_of(runtime, learner_id)
    return runtime.settle(runtime.book.erasures.request(learner_id, school_code, wish, by))


def withdraw_own(asking: Asking, request_id: UUID) -> int:
    """Raises UnknownErasure, ErasureAnswered."""
    learner_id, by = asking.own(Action.OWN_ERASURE)
    for line in asking.runtime.models.erasures.of_learner(learner_id):
        if line.request_id == request_id:
            runtime = asking.runtime
            return runtime.settle(runtime.book.erasures.withdraw(line.learner_id, request_id, by))
    raise UnknownErasure(id=request_id)


def latest_of(runtime: Runtime, learner_id: UUID) -> ErasureLine | None:
    """The newest request that a person did not take back."""
    found = runtime.models.erasures.of_learner(learner_id)
    return next((line for line in found if line.state != "withdrawn"), None)


def organisation_of(runtime: Runtime, school_code: str) -> Organisation:
    return runtime.organisation_of(school_code) if school_code else Organisation()


def decidable(asking: Asking, request_id: UUID) -> tuple[ErasureLine, Envelope]:
    """A request for whoever may answer it. Raises UnknownErasure, Forbidden, LoginRequired."""
    line = asking.runtime.models.erasures.line(request_id)
    if line is None:
        raise unknown(asking, Action.ERASURE_DECIDE, UnknownErasure(id=request_id))
    where = organisation_of(asking.runtime, line.school_code)
    return line, asking.may_in(Action.ERASURE_DECIDE, where)


def listed(asking: Asking, before: UUID | None = None) -> Listed:
    """What waits for the asker's answer, and what was answered; or a further page of the latter.

    Raises Forbidden, LoginRequired.
    """
    if asking.principal is None:
        raise LoginRequired
    if not organisations_of(asking, Action.ERASURE_DECIDE):
        raise Forbidden(action=Action.ERASURE_DECIDE.value)
    runtime, board = asking.runtime, asking.runtime.models.erasures
    today, schools = local_day(runtime.now(), CITY_ZONE), answered_for(asking)
    dues = ((line, answer_due(runtime, line)) for line in board.waiting(schools) if not before)
    waiting = [Waiting(line, due, is_late=today > due) for line, due in dues]
    found = board.answered(schools, ON_A_PAGE + 1, before)
    shown = found[:ON_A_PAGE]
    return Listed(waiting, shown, shown[-1].request_id if len(found) > len(shown) else None)


def answered_for(asking: Asking) -> list[str]:
    """The schools whose requests the asker answers; an empty code is the city's own."""
    runtime = asking.runtime
    return [
        code
        for code in runtime.models.erasures.school_codes()
        if may_in(asking, Action.ERASURE_DECIDE, organisation_of(runtime, code))
    ]


def answer_due(runtime: Runtime, line: ErasureLine) -> date:
    """The last day for an answer, counted on the city's calendar as it is published now."""
    day = local_day(line.requested_at, CITY_ZONE)
    return runtime.book.calendars.around(day).after(day, ANSWER_WITHIN)


def carry_out(runtime: Runtime, line: ErasureLine, by: Envelope, *, identity_checked: bool) -> int:
    """Raises IdentityUnchecked, OwnCase, ErasureAnswered, ErasureObstructed."""
    if not identity_checked:
        raise IdentityUnchecked
    if not runtime.projector.wait_for(runtime.book.ledger.position(), SECONDS_TO_CATCH_UP):
        raise ReadModelsBehind  # what it takes away is read from them
    scope = effects_of(runtime, line.learner_id).scope(CertificateWish(line.certificates))
    position = runtime.book.erasures.carry_out(line.learner_id, line.request_id, scope, by)
    unbind(runtime, scope)
    return runtime.settle(position)


def refuse(runtime: Runtime, line: ErasureLine, ground: ErasureGround, by: Envelope) -> int:
    """Raises OwnCase, ErasureAnswered."""
    erasures = runtime.book.erasures
    return runtime.settle(erasures.refuse(line.learner_id, line.request_id, ground, by))


def unbind(runtime: Runtime, scope: Scope) -> None:
    """Phones are signed out, codes for new ones end, links to certificates close."""
    for each in scope.records:
        runtime.logins.revoke_all(each)
        runtime.enrolment_codes.withdraw(each)
    links, now = ShareLinks(runtime.tables), runtime.now()
    for certificate_id in (*scope.kept, *scope.withdrawn):
        for link in links.of(certificate_id, now):
            links.close(link.link_id, certificate_id, now)


def follow_erasures(runtime: Runtime) -> Follower:
    """Finish what was cut, and note each erasure where no restore of the database reaches."""
    noted = ErasureList(runtime.settings.erasures)

    def follow(facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact.event, Erasure.CarriedOut):
                noted.note(Carried.of(fact.event))
                finish(runtime, fact.event)
            elif isinstance(fact.event, Certificate.RevocationDropped):
                give_up(runtime, fact.event)

    topics = {Erasure.CarriedOut.TOPIC, Certificate.RevocationDropped.TOPIC}
    return Follower("erasures", frozenset(topics), follow)


def give_up(runtime: Runtime, event: Certificate.RevocationDropped) -> None:
    """What the holder's erasure left to the district; of most, nobody was erased."""
    key = event.originator_id
    by = system_envelope(runtime.now(), "", event.envelope.command_id, str(key))
    runtime.book.erasures.give_up(key, by)


def finish(runtime: Runtime, event: Erasure.CarriedOut) -> None:
    """Idempotent: what the officer's own request has done already is done."""
    runtime.book.erasures.finish(event.scope)
    unbind(runtime, event.scope)
    left_over = effects_of(runtime, event.learner_id)  # asked for, or left alone, meanwhile
    typed = (*left_over.requests, *left_over.children)
    rest = Scope(records=event.scope.records, subjects=typed, scans=left_over.scans)
    runtime.book.erasures.finish(rest)
    left = set(event.scope.kept)
    for certificate in issued_meanwhile(runtime, event.learner_id, left):
        by = system_envelope(runtime.now(), "", event.envelope.command_id, str(certificate.id))
        runtime.book.certificates.withdraw(certificate.id, by)
    log.info("erasure_finished", learner=str(event.learner_id), subjects=len(event.scope.subjects))


def issued_meanwhile(runtime: Runtime, learner_id: UUID, kept: set[UUID]) -> Iterable[Certificate]:
    """In force, not kept: issued while the erasure was decided, so that nobody gave them up."""
    speaker = runtime.book.learners.survivor_of(learner_id)
    found = runtime.models.certificates.certificates_of_learner(speaker)
    ids = [e.certificate_id for e in found if e.state == IN_FORCE and e.certificate_id not in kept]
    streams = Streams(runtime.book.ledger.load(ids)).all(Certificate)
    return [each for each in streams if each.state == IN_FORCE and each.proposed is None]


def replay(runtime: Runtime, carried: Iterable[Carried]) -> int:
    """Carry out again what a restored ledger may not know of; how many it did not know."""
    news = 0
    for each in carried:
        before = runtime.book.ledger.position()
        by = system_envelope(runtime.now(), "", each.request_id, "erasure replayed")
        runtime.book.erasures.carry_out_again(each.learner_id, each.request_id, each.scope, by)
        unbind(runtime, each.scope)
        news += runtime.book.ledger.position() > before
    return news
