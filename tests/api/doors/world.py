"""One of everything behind the doors, and visitors of every role, from here and from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from api import arrivals
from api.access.cookies import CookieKind
from api.access.policy import Grant, Principal, PrincipalKind
from api.bootstrap import Runtime
from api.certificates import issue_statement
from api.files.template import Kind, template_file
from api.imports.uploads import NewUpload, Uploads
from api.signing import create_key
from domain.correction import AttendanceOrder, SessionVoidOrder
from domain.envelope import Role
from domain.rules import ReversalReason
from ledger.registry import NewSchool
from tests.acting import DISTRICT, ENDS, SCHOOL, SET_UP, Pilot, envelope
from tests.api.doors.star_things import star_things
from tests.ledger_evening import hold

OTHER_SCHOOL, OTHER_DISTRICT, CITY = "4401060001", "440106", "440100"
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
    exam_id = runtime.book.exams.publish(SCHOOL, "期中考核", date(2026, 9, 12), envelope())
    runtime.projector.catch_up()
    visitors = (*staff_visitors(runtime), parent(runtime, pilot.learners[0]), Visitor("nobody", {}))
    coordinator = next(v for v in visitors if v.name == "coordinator")
    return World(runtime, things(runtime, pilot, exam_id, coordinator), visitors)


def things(runtime: Runtime, pilot: Pilot, exam_id: UUID, coordinator: Visitor) -> dict[str, str]:
    """What the addresses name."""
    at = ENDS + timedelta(days=1)
    assert coordinator.principal is not None
    create_key(runtime, SET_UP)
    issued = issue_statement(runtime, SCHOOL, pilot.learners[0], uuid4(), envelope(at))
    assert issued.number is not None
    runtime.projector.catch_up()
    uploads = Uploads(runtime.tables, runtime.secrets.vault)
    brought = NewUpload(coordinator.principal.person_id, SCHOOL, Kind.ROSTER)
    upload_id = uploads.keep(brought, roster_with_a_wrong_row(), at)
    return {
        **corrections(runtime, pilot),
        "session_id": str(pilot.session_id),
        "session": arrivals.session_text(pilot.session_id),
        "school_code": SCHOOL,
        "learner_id": str(pilot.learners[0]),
        "exam_id": str(exam_id),
        "number": issued.number,
        "upload_id": str(upload_id),
        "kind": "roster",
        "link_id": str(uuid4()),
        "login_id": str(uuid4()),
        **star_things(runtime, pilot),
    }


def corrections(runtime: Runtime, pilot: Pilot) -> dict[str, str]:
    """A session that waits to be voided, and an order that could be signed."""
    at, session_id = ENDS + timedelta(days=1), pilot.session_id
    order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
    book, by = runtime.book, envelope(at)
    waiting = book.corrections.propose(order, book.corrections.preview(order, by).sha256, by)
    runtime.projector.catch_up()
    absent = AttendanceOrder(
        session_id=session_id,
        learner_id=pilot.learners[0],
        reason_code=ReversalReason.NOT_PRESENT,
    )
    return {"correction_id": str(waiting.id), "attendance_order": absent.model_dump_json()}


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


def parent(runtime: Runtime, learner_id: UUID) -> Visitor:
    login = runtime.logins.begin_device(learner_id, ENDS + timedelta(days=1), confirmed=True)
    principal = Principal(PrincipalKind.DEVICE, learner_id, learner_id=learner_id, confirmed=True)
    return Visitor("parent", {runtime.cookies.name(CookieKind.DEVICE): login.token}, principal)


def roster_with_a_wrong_row() -> bytes:
    """One phone has ten digits: the row comes back as a file."""
    return template_file(Kind.ROSTER).replace(b"10000000000", b"1000000000")
