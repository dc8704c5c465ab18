"""A session at each place where it can stand, told from its planning on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from domain.envelope import Envelope, Role
from domain.head_count import Recorded
from domain.plan import Door, SessionPlan
from domain.session import Session
from domain.standing import Standing
from tests.domain.given import CHEN, EVENING, LIN, by

ENDS = EVENING + timedelta(minutes=80)
DOOR = Door(opens_minutes_before=30, closes_minutes_after_start=30)


def plan(**different: object) -> SessionPlan:
    values: dict[str, object] = {
        "school_code": "4401040001", "district_code": "440104", "school_year": 2026, "term_no": 1,
        "course_id": LIN, "title": "读懂孩子的情绪", "family": "mental_health",
        "stage": "primary", "mode": "on_site", "carrier": "in_school", "class_hours": 200,
        "class_hour_minutes": 40, "grades": ("三年级",), "begins_at": EVENING, "ends_at": ENDS,
        "place": "报告厅",
    }  # fmt: skip
    return SessionPlan.model_validate(values | different)


def at(minutes: float, actor: UUID = LIN) -> Envelope:
    return by(actor, EVENING + timedelta(minutes=minutes)).model_copy(
        update={"command_id": uuid4()}
    )


def scheduled() -> Session:
    return Session(id=uuid4(), plan=plan(), envelope=at(-9000))


def opened() -> Session:
    session = scheduled()
    session.open(DOOR, at(-20))
    return session


def closed() -> Session:
    session = opened()
    session.close(at(80))
    return session


def counted() -> Session:
    session = closed()
    session.count_heads(10, Recorded(10, 10), None, at(81))
    return session


def attested() -> Session:
    session = counted()
    session.attest(Role.HOST, "attestation/1", 10, at(82, LIN))
    session.attest(Role.COORDINATOR, "attestation/1", 10, at(83, CHEN))
    return session


def cancelled() -> Session:
    session = scheduled()
    session.cancel("speaker_ill", at(-60))
    return session


STANDINGS = {
    Standing.SCHEDULED: scheduled, Standing.CANCELLED: cancelled, Standing.OPENED: opened,
    Standing.CLOSED: counted, Standing.ATTESTED: attested,
}  # fmt: skip
