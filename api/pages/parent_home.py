"""A parent's home: who, how far, what is next, what was credited, which certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.logins import Login
from api.asking import InParent
from api.bootstrap import Runtime
from api.changes import changes_of
from api.irregularity_reaching import own_irregularities
from api.language.catalogue import language_of
from api.own_exams import exams_of
from api.pages.change_words import told
from api.pages.earning_words import LEAVE_CATEGORIES
from api.pages.hearing_words import lines_of
from api.pages.parent_progress import StageProgress, progress_of
from api.pages.parent_statement import opened_lines
from api.pages.parent_words import WEEKDAYS, parent_page
from api.phone_persons import keep_persons, others_on
from api.proposed import own_proposal, own_proposals
from api.rendering import CITY, local
from domain.grades import Grade, Stage, grade_named
from domain.relation import Relation, relation_of
from ledger.records import spoken_for
from ledger.vault import Subject
from projections.certificate_register import RegisteredCertificate
from projections.leave_book import LeaveLine
from projections.roster import Place
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

MOST_SESSIONS = 3
MOST_COMING = 12  # looked at for what they would fill
MOST_LINES = 5
MOST_CHANGES = 3
PHONE_IS_NEW = timedelta(days=14)


@dataclass(frozen=True)
class Child:
    """One child's place in the newest school year it has one in."""

    name: str
    relation: Relation
    school: str
    stage: Stage
    grade: Grade
    class_group: str
    school_year: int


@dataclass(frozen=True)
class Upcoming:
    """A session to come, or going on, with what a calendar sheet shows."""

    session: SessionOnBoard
    school: str
    day: str
    weekday: str
    leave: LeaveLine | None
    may_ask: bool


@router.get("/me")
def home(request: Request, asking: InParent) -> Response:
    if asking.parent is not None and not asking.parent.confirmed:
        return RedirectResponse("/enrolled", status_code=303)
    learner_id, by = asking.own(Action.OWN_READ)
    runtime = asking.runtime
    learner = runtime.book.learners.get(learner_id)
    coming = runtime.models.sessions.upcoming_for(learner_id, by.at, limit=MOST_COMING)
    stages = progress_of(runtime, learner, coming, by.at)
    response = parent_page(
        request, "parent/home.html", "home",
        name=own_name(runtime, learner_id),
        children=children_of(runtime, learner_id),
        balance=runtime.models.accounts.balance(learner_id),
        stages=[(Stage(progress.stage), progress) for progress in stages],
        sessions=told_sessions(runtime, learner_id, shown_of(coming, stages), by.at),
        exams=exams_of(runtime, learner_id, by.at),
        changes=[told(each) for each in changes_of(runtime, learner_id, by.at)],
        most_changes=MOST_CHANGES,
        lines=opened_lines(runtime, learner_id)[:MOST_LINES],
        certificates=certificates_of(runtime, learner_id, by.at),
        newer_phone=newer_phone(request, runtime, learner_id, by.at),
        others=others_on(request, runtime),
        leave_categories=LEAVE_CATEGORIES,
        proposed=own_proposals(asking, learner_id, by),
        questions=[e for e in own_irregularities(asking) if e.found.is_open and not e.steps],
    )  # fmt: skip
    keep_persons(request, response, runtime.cookies)
    return response


@router.get("/me/changes")
def changes_page(request: Request, asking: InParent) -> Response:
    learner_id, by = asking.own(Action.OWN_READ)
    found = changes_of(asking.runtime, learner_id, by.at)
    return parent_page(
        request, "parent/changes.html", "home", changes=[told(each) for each in found],
        proposed=own_proposals(asking, learner_id, by),
    )  # fmt: skip


@router.get("/me/proposals/{matter_id}")
def proposal_page(request: Request, asking: InParent, matter_id: UUID) -> Response:
    """What is proposed about the parent who asks. Raises UnknownCorrection."""
    learner_id, by = asking.own(Action.OWN_READ)
    found = own_proposal(asking, matter_id, learner_id, by)
    school = asking.runtime.models.schools.school(found.school_code)
    lines = lines_of(found, school.name if school else "", language_of(request))
    return parent_page(request, "parent/proposal.html", "home", proposed=found, lines=lines)


@router.get("/me/certificates")
def certificates_page(request: Request, asking: InParent) -> Response:
    learner_id, by = asking.own(Action.OWN_READ)
    found = certificates_of(asking.runtime, learner_id, by.at)
    return parent_page(request, "parent/certificates.html", "certificates", certificates=found)


def phones_of(runtime: Runtime, learner_id: UUID, at: datetime) -> list[Login]:
    """The phones of a person, under whatever record they were enrolled."""
    records = spoken_for(runtime.book.ledger, learner_id)
    return [each for record in records for each in runtime.logins.of_person(record, at)]


def newer_phone(
    request: Request, runtime: Runtime, learner_id: UUID, at: datetime
) -> datetime | None:
    """When another phone was let in lately, after this one: perhaps not by the person's wish."""
    own = runtime.logins.login_of(runtime.cookies.read(request.cookies, CookieKind.DEVICE))
    phones = [each for each in phones_of(runtime, learner_id, at) if each.confirmed]
    since = max([at - PHONE_IS_NEW, *(e.confirmed_at for e in phones if e.login_id == own)])
    newer = [e.confirmed_at for e in phones if e.login_id != own and e.confirmed_at > since]
    return max(newer, default=None)


def own_name(runtime: Runtime, learner_id: UUID) -> str:
    """A parent's own name, shown to themselves; empty once it is erased."""
    subject = runtime.book.vault.open([learner_id]).get(learner_id)
    return subject.name if subject else ""


def children_of(runtime: Runtime, learner_id: UUID) -> list[Child]:
    places = runtime.models.roster.places_of(learner_id)
    newest = {place.child_id: place for place in reversed(places)}
    names = runtime.book.vault.open(newest)
    return [child(runtime, place, names.get(place.child_id)) for place in newest.values()]


def child(runtime: Runtime, place: Place, subject: Subject | None) -> Child:
    school = runtime.models.schools.school(place.school_code)
    return Child(
        name=subject.name if subject else "",
        relation=relation_of(place.relation_code),
        school=school.name if school else place.school_code,
        stage=Stage(place.stage),
        grade=grade_named(place.grade),
        class_group=place.class_group,
        school_year=place.school_year,
    )


def shown_of(coming: list[SessionOnBoard], stages: list[StageProgress]) -> list[SessionOnBoard]:
    """The next ones, and those that a line of what is missing names."""
    named = {each.session_id for p in stages for line in p.missing for each in line.sessions}
    return [*coming[:MOST_SESSIONS], *(s for s in coming[MOST_SESSIONS:] if s.session_id in named)]


def told_sessions(
    runtime: Runtime, learner_id: UUID, sessions: list[SessionOnBoard], at: datetime
) -> list[Upcoming]:
    """What the parent's children's classes are invited to, with the school's name."""
    leaves = runtime.models.leaves.of_learner(learner_id)
    schools = runtime.models.schools.of_codes({session.school_code for session in sessions})
    names = {school.school_code: school.name for school in schools}
    return [
        Upcoming(
            session=session,
            school=names.get(session.school_code, session.school_code),
            day=local(session.begins_at, "%d"),
            weekday=WEEKDAYS[session.begins_at.astimezone(CITY).weekday()],
            leave=leaves.get(session.session_id),
            may_ask=session.standing == "scheduled" and at < session.begins_at,
        )
        for session in sessions
    ]


def certificates_of(
    runtime: Runtime, learner_id: UUID, at: datetime
) -> list[tuple[RegisteredCertificate, str]]:
    """Every certificate with the state it is in now."""
    found = runtime.models.certificates.certificates_of_learner(learner_id)
    return [(each, state_at(each, at)) for each in found]


def state_at(certificate: RegisteredCertificate, at: datetime) -> str:
    """A valid certificate expires by itself: no fact is recorded for it."""
    over = certificate.valid_until is not None and certificate.valid_until <= at
    return "expired" if over and certificate.state == "valid" else certificate.state
