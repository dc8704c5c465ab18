"""One of everything behind the doors, and visitors of every role, from here and from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from api import arrivals, door
from api.access.cookies import CookieKind
from api.access.policy import Grant, Principal, PrincipalKind
from api.access.scopes import Scope
from api.bootstrap import Runtime
from api.certificates import issue_statement
from api.files.template import Kind, template_file
from api.imports.uploads import NewUpload, Uploads
from api.machines import make_key
from api.rulebooks.run import Kind as RunKind
from api.rulebooks.run import NewRun
from api.rulebooks.runs import RuleRuns
from api.signing import create_key
from domain.correction import AttendanceOrder, SessionVoidOrder
from domain.course import Course
from domain.enrolment import ClassPlace
from domain.envelope import Role
from domain.exam_attempt_facts import OralReason
from domain.external import IssuerKind
from domain.home_visit import HomeVisit, Visit, VisitForm, VisitWay
from domain.re_evaluation import Plan, ReEvaluation
from domain.rehearsal import Totals
from domain.rules import ReversalReason
from domain.supplement import RuleLevel, Supplement
from domain.waiting_scan import Way
from ledger.book import Book
from ledger.exams_judged import OralResult
from ledger.external_hours import NewExternalHours
from ledger.link_requests import LinkRequest
from ledger.registry import NewSchool
from ledger.transfers import Pupil
from ledger.waiting_scans import RefusedScan
from tests.acting import DISTRICT, ENDS, SCHOOL, SET_UP, Pilot, envelope
from tests.api.doors.case_things import case_things
from tests.api.doors.children_things import children_things
from tests.api.doors.erasures import own_data_things
from tests.api.doors.sheet_things import sheet_things
from tests.api.doors.star_things import star_things
from tests.api.doors.teachers_world import teacher_things
from tests.ledger.studies import micro_class, push
from tests.ledger_evening import hold
from tests.online_exams import fill_bank, publish_online

OTHER_SCHOOL, OTHER_DISTRICT, CITY = "4401060001", "440106", "440100"
PLACE_AND_TIME = {
    "district_code": DISTRICT, "school_code": SCHOOL, "term": "2026-1", "school_year": "2026",
}  # fmt: skip
PLACES = {
    Role.DISTRICT_OFFICER: (DISTRICT, OTHER_DISTRICT),
    Role.CITY_ADMINISTRATOR: (CITY, None),
    Role.AUDITOR: (CITY, None),
    Role.DATA_PROTECTION_OFFICER: (CITY, None),
    Role.OPERATOR: (CITY, None),
}
NOT_STAFF = {Role.PARENT, Role.SYSTEM}


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door: their cookies, and who they are to the policy."""

    name: str
    cookies: dict[str, str]
    principal: Principal | None = None


@dataclass(frozen=True)
class World:
    runtime: Runtime
    things: dict[str, str]
    visitors: tuple[Visitor, ...]


def build_world(runtime: Runtime) -> World:
    """A school with an evening behind it; the clock stands a day later."""
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners)
    new = NewSchool(OTHER_SCHOOL, "示例二小", ("primary",), OTHER_DISTRICT)
    runtime.book.registry.register_school(new, envelope())
    exam_id = publish_online(runtime.book, title="期中考核")
    runtime.projector.catch_up()
    own = pilot.learners[0]
    devices = (parent(runtime, own, confirmed=True), parent(runtime, own, confirmed=False))
    visitors = (*staff_visitors(runtime), *devices, Visitor("nobody", {}))
    coordinator = next(v for v in visitors if v.name == "coordinator")
    return World(runtime, things(runtime, pilot, exam_id, coordinator), visitors)


def things(runtime: Runtime, pilot: Pilot, exam_id: UUID, coordinator: Visitor) -> dict[str, str]:
    """What the addresses name."""
    at = ENDS + timedelta(days=1)
    assert coordinator.principal is not None
    create_key(runtime, SET_UP)
    issued = issue_statement(runtime, SCHOOL, pilot.learners[0], uuid4(), envelope(at))
    assert issued.number is not None
    made = PLACE_AND_TIME | case_things(pilot, at) | studies(pilot) | own_data_things(pilot)
    made |= children_things(pilot)
    made |= teacher_things(runtime) | star_things(runtime, pilot) | sheet_things(pilot)
    runtime.projector.catch_up()
    uploads = Uploads(runtime.tables, runtime.secrets.vault)
    brought = NewUpload(coordinator.principal.person_id, SCHOOL, Kind.ROSTER)
    upload_id = uploads.keep(brought, roster_with_a_wrong_row(), at)
    return {
        **corrections(runtime, pilot, coordinator),
        **rules(runtime),
        **families(runtime, pilot),
        **made,
        "scan_id": str(scan_that_waits(pilot, at)),
        "session_id": str(pilot.session_id),
        "stream_id": str(pilot.session_id),
        "session": arrivals.session_text(pilot.session_id),
        "learner_id": str(pilot.learners[0]),
        **attempts(runtime, pilot, exam_id),
        "number": issued.number,
        "upload_id": str(upload_id),
        "kind": "roster",
        "login_id": str(uuid4()),
    }


def attempts(runtime: Runtime, pilot: Pilot, exam_id: UUID) -> dict[str, str]:
    """The parent's own attempt on a screen, another's oral one, and the bank they draw from."""
    book, (own, other, _) = runtime.book, pilot.learners
    at = ENDS + timedelta(days=1)
    by = envelope(at, Role.PARENT, own)
    oral = OralResult(other, passed=True, reason=OralReason.ELDERLY)
    bank_id = fill_bank(book)
    return {
        "exam_id": str(exam_id),
        "attempt_id": str(book.online_exams.start(exam_id, own, by)),
        "oral_id": str(book.judged_exams.examine(exam_id, oral, envelope(at))),
        "bank_id": str(bank_id),
        "question_id": str(next(iter(book.question_banks.get(bank_id).questions))),
        "owner": SCHOOL,
    }


def corrections(runtime: Runtime, pilot: Pilot, coordinator: Visitor) -> dict[str, str]:
    """What the coordinator began: a session to be voided, an order to sign, a device invited."""
    at, session_id = ENDS + timedelta(days=1), pilot.session_id
    order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
    assert coordinator.principal is not None
    book, by = runtime.book, envelope(at, actor_id=coordinator.principal.person_id)
    waiting = book.corrections.propose(order, book.corrections.preview(order, by).sha256, by)
    absent, untrue = (
        AttendanceOrder(session_id=session_id, learner_id=pilot.learners[0], reason_code=reason)
        for reason in (ReversalReason.NOT_PRESENT, ReversalReason.FRAUD_CONFIRMED)
    )
    again = envelope(at, actor_id=by.actor.id)
    matter = book.corrections.propose(untrue, book.corrections.preview(untrue, by).sha256, again)
    runtime.projector.catch_up()
    return {
        "correction_id": str(waiting.id),
        "matter_id": str(matter.id),
        "attendance_order": absent.model_dump_json(),
        "device_id": str(invited(runtime, coordinator)),
        "key_id": str(key_of_a_program(runtime)),
    }


def rules(runtime: Runtime) -> dict[str, str]:
    """What the school sets in a draft, a dry run that waits, and what it would apply backwards."""
    book, run_id, version = runtime.book, uuid4(), "9"
    given: dict[str, Any] = {
        "rulebook_id": book.rulebooks.rulebook_id, "version": version, "title": "示例校规则",
        "level": RuleLevel.SCHOOL, "organisation": SCHOOL, "effective_from": date(2027, 3, 1),
        "figures": {"exam.questions": 10},
    }  # fmt: skip
    book.rulebooks.draft_supplement(Supplement(**given), envelope())
    asked = NewRun(run_id, RunKind.BACKWARDS, SCHOOL, version, uuid4(), SET_UP, from_version="8")
    RuleRuns(runtime.tables).ask(asked)
    plan = Plan(
        rulebook_id=book.rulebooks.rulebook_id, level=RuleLevel.SCHOOL, organisation=SCHOOL,
        from_version="8", to_version=version, judged_at=SET_UP, dry_run_id=run_id,
        dry_run_sha256="0" * 64, totals=Totals(),
    )  # fmt: skip
    found = ReEvaluation(plan=plan, envelope=envelope())
    book.ledger.save(found)
    return {
        "organisation": SCHOOL, "version": version, "run_id": str(run_id), "name": "2026.1",
        "re_evaluation_id": str(found.id), "rules_text": '{"version": "10"}',
    }  # fmt: skip


def families(runtime: Runtime, pilot: Pilot) -> dict[str, str]:
    """A child who is about to move, and another record that could be one person's."""
    book, parent_id = runtime.book, pilot.learners[0]
    [child_id] = book.learners.get(parent_id).guardianships
    pupil = Pupil(child_id, SCHOOL, 2026, [parent_id])
    leaves_on = date(2027, 3, 1)
    transfer_id = book.transfers.announce(pupil, leaves_on, None, envelope(ENDS))
    visit = Visit(SCHOOL, ENDS.date(), VisitForm.ON_SITE, VisitWay.SINGLE, 2026)
    book.home_visits.record(visit, {child_id: [parent_id]}, envelope(ENDS))
    runtime.projector.catch_up()
    return {
        "visit_id": str(HomeVisit.create_id(SCHOOL, child_id, visit.on, visit.form, visit.way)),
        "link_id": str(asked_for(book)),
        "child_id": str(child_id),
        "transfer_id": str(transfer_id),
        "other_learner_id": str(pilot.learners[1]),
    }


def invited(runtime: Runtime, coordinator: Visitor) -> UUID:
    """A device at the door that waits to be enrolled."""
    assert coordinator.principal is not None
    by = envelope(ENDS, actor_id=coordinator.principal.person_id)
    device_id, _ = door.invite(runtime, SCHOOL, "示例平板", 30, by)
    return device_id


def key_of_a_program(runtime: Runtime) -> UUID:
    at = ENDS + timedelta(days=1)
    ends, scopes = at + timedelta(days=30), (Scope.SESSIONS_READ,)
    return make_key(runtime, "school-office", SCHOOL, scopes, ends, envelope(at)).key_id


def asked_for(book: Book) -> UUID:
    """A link that somebody asked for from a phone."""
    link_id, learner_id = uuid4(), uuid4()
    place = ClassPlace(
        school_code=SCHOOL, stage="primary", grade="三年级", class_group="2班", school_year=2026
    )
    asked = LinkRequest(link_id, place, "0" * 64, "10000000077", "（示例）陈小2")
    by = envelope(ENDS, Role.PARENT, learner_id)
    book.links.request(learner_id, asked, ("learning_record", "privacy/1"), by)
    return link_id


def scan_that_waits(pilot: Pilot, at: datetime) -> UUID:
    """A scan of the evening that was uploaded a day late."""
    scan_id = uuid4()
    scan = RefusedScan(
        pilot.session_id, scan_id, Way.IN, ENDS, "session_not_open", pilot.learners[2]
    )
    pilot.book.waiting_scans.keep(scan, envelope(at))
    return scan_id


def studies(pilot: Pilot) -> dict[str, str]:
    """A micro-class, a push, a course, and hours from elsewhere that wait for the district."""
    new = NewExternalHours(
        school_code=SCHOOL, learner_id=pilot.learners[1], issuer=IssuerKind.COMMUNITY_STATION,
        document_number="示例", reason="（示例）", hours=200, family="mental_health",
        school_year=2026, term_no=1,
    )  # fmt: skip
    made = {
        "micro_class_id": micro_class(pilot),
        "item_id": push(pilot),
        "course_id": Course.create_id(SCHOOL, "读懂孩子的情绪"),
        "external_id": pilot.book.external_hours.enter(new, envelope(ENDS)),
    }
    return {"segment": "0", **{name: str(key) for name, key in made.items()}}


def staff_visitors(runtime: Runtime) -> Iterator[Visitor]:
    """Every role at its own place, and at a place that has nothing to do with it."""
    for role in Role:
        if role in NOT_STAFF:
            continue
        own, other = PLACES.get(role, (SCHOOL, OTHER_SCHOOL))
        yield staff_visitor(runtime, role.value, role, own)
        if other is not None:
            yield staff_visitor(runtime, f"foreign {role.value}", role, other)


def staff_visitor(runtime: Runtime, name: str, role: Role, organisation: str) -> Visitor:
    staff_id = uuid4()
    registry = runtime.book.registry
    registry.register_staff(staff_id, envelope())
    until = date(2027, 8, 31)
    registry.authorise(staff_id, role, organisation, SET_UP.date(), until, envelope())
    login = runtime.logins.begin_staff(staff_id, ENDS + timedelta(days=1))
    grant = Grant(role, organisation, SET_UP, SET_UP + timedelta(days=365))
    principal = Principal(PrincipalKind.STAFF, staff_id, (grant,))
    return Visitor(name, {runtime.cookies.name(CookieKind.STAFF): login.token}, principal)


def parent(runtime: Runtime, learner_id: UUID, *, confirmed: bool) -> Visitor:
    """A parent's own phone, or one that enrolled itself and nobody has confirmed."""
    at = ENDS + timedelta(days=1)
    login = runtime.logins.begin_device(learner_id, at, confirmed=confirmed)
    principal = Principal(PrincipalKind.DEVICE, learner_id, (), learner_id, confirmed)
    name = "parent" if confirmed else "unconfirmed device"
    return Visitor(name, {runtime.cookies.name(CookieKind.DEVICE): login.token}, principal)


def roster_with_a_wrong_row() -> bytes:
    """One phone has ten digits: the row comes back as a file."""
    return template_file(Kind.ROSTER).replace(b"10000000000", b"1000000000")
