"""The pilot's staff: one login for every role, with passwords made for this installation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.bootstrap import Runtime
from api.demo.acting import acting
from api.demo.calendar import Calendar
from api.staffing import Newcomer, open_staff
from domain.envelope import Actor, Envelope, Role

PRIMARY, KINDERGARTEN, JUNIOR = "4401040001", "4401040002", "4401040003"
DISTRICT, CITY = "440104", "440100"


@dataclass(frozen=True)
class Login:
    """What a newcomer needs to sign in; written to var/demo.json, for nobody else."""

    staff_id: UUID
    role: Role
    organisation: str
    user: str
    password: str
    totp_secret: str

    def acting(self, at: datetime, *parts: object) -> Envelope:
        """Let the person act in their role."""
        actor = Actor(id=self.staff_id, role=self.role, organisation=self.organisation)
        return acting(actor, at, self.user, *parts)


PEOPLE = (
    ("coordinator", "示例主任", Role.COORDINATOR, PRIMARY),
    ("host", "示例老师", Role.HOST, PRIMARY),
    ("teacher", "例班主任", Role.CLASS_TEACHER, PRIMARY),
    ("head", "示例校长", Role.HEAD, PRIMARY),
    ("kg.coordinator", "例园长助理", Role.COORDINATOR, KINDERGARTEN),
    ("kg.host", "示小班老师", Role.HOST, KINDERGARTEN),
    ("kg.head", "例园长", Role.HEAD, KINDERGARTEN),
    ("junior.coordinator", "示德育主任", Role.COORDINATOR, JUNIOR),
    ("junior.host", "例年级长", Role.HOST, JUNIOR),
    ("junior.head", "示中学校长", Role.HEAD, JUNIOR),
    ("district", "例区教研员", Role.DISTRICT_OFFICER, DISTRICT),
    ("district2", "示区督导员", Role.DISTRICT_OFFICER, DISTRICT),
    ("city", "示市管理员", Role.CITY_ADMINISTRATOR, CITY),
    ("city2", "例市管理员", Role.CITY_ADMINISTRATOR, CITY),
    ("auditor", "示审计员", Role.AUDITOR, CITY),
    ("dpo", "例信息保护员", Role.DATA_PROTECTION_OFFICER, CITY),
    ("operator", "示运维员", Role.OPERATOR, CITY),
)


def hire(runtime: Runtime, calendar: Calendar, by: Envelope) -> dict[str, Login]:
    """Open every account, as of the pilot's beginning. User name -> login."""
    until = calendar.today + timedelta(days=730)
    logins: dict[str, Login] = {}
    for user, name, role, organisation in PEOPLE:
        password = secrets.token_urlsafe(12)
        new = Newcomer(user, name, (role,), organisation, until)
        staff_id, secret = open_staff(runtime, new, password, by)
        logins[user] = Login(staff_id, role, organisation, user, password, secret)
    return logins
