"""The table of roles and actions, as data. `policy` reads it; nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.envelope import Role


class Action(StrEnum):
    """What can be asked for. A route names one; what is public names none."""

    SCHOOL_REGISTER = "school.register"
    TERM_OPEN = "term.open"
    COURSE_REGISTER = "course.register"
    STAR_READ = "star.read"
    STAR_PROPOSE = "star.propose"
    STAR_OBJECT = "star.object"
    STAR_DECIDE = "star.decide"
    OWN_OBJECT = "own.object"
    STAFF_GRANT_COORDINATOR = "staff.grant_coordinator"
    STAFF_GRANT_IN_SCHOOL = "staff.grant_in_school"
    ROSTER_IMPORT = "roster.import"
    PLAN_IMPORT = "plan.import"
    LEARNER_READ = "learner.read"
    LEARNER_CONFIRM = "learner.confirm"
    ENROLMENT_CODE_ISSUE = "enrolment_code.issue"
    SESSION_READ = "session.read"
    SESSION_SCHEDULE = "session.schedule"
    SESSION_CANCEL = "session.cancel"
    SESSION_OPEN = "session.open"
    SESSION_PRESENT = "session.present"
    SESSION_CLOSE = "session.close"
    SESSION_HEAD_COUNT = "session.head_count"
    SESSION_ATTEST_AS_HOST = "session.attest_as_host"
    SESSION_ATTEST_AS_COORDINATOR = "session.attest_as_coordinator"
    SESSION_VOID_PROPOSE = "session.void_propose"
    SESSION_VOID_CONFIRM = "session.void_confirm"
    ATTENDANCE_READ = "attendance.read"
    ATTENDANCE_ENTER = "attendance.enter"
    ATTENDANCE_CORRECT = "attendance.correct"
    ATTENDANCE_CORRECT_SECOND = "attendance.correct_second"
    EXAM_PUBLISH = "exam.publish"
    EXAM_ENTER = "exam.enter"
    EXAM_CHECK = "exam.check"
    CERTIFICATE_READ = "certificate.read"
    CERTIFICATE_AUTHORISE = "certificate.authorise"
    CERTIFICATE_REISSUE = "certificate.reissue"
    CERTIFICATE_REVOKE_PROPOSE = "certificate.revoke_propose"
    CERTIFICATE_REVOKE_CONFIRM = "certificate.revoke_confirm"
    HISTORY_READ = "history.read"
    AUDIT_READ = "audit.read"
    STATUS_READ = "status.read"
    OWN_READ = "own.read"
    OWN_CHECK_IN = "own.check_in"
    OWN_CHECK_OUT = "own.check_out"
    OWN_CONSENT = "own.consent"
    OWN_DEVICES = "own.devices"


class Level(StrEnum):
    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"


class Reach(StrEnum):
    """How far a role's right goes from the organisation of its grant."""

    OWN = "own"  # the grant's organisation, exactly
    WITHIN = "within"  # it, and everything that lies in it
    SELF = "self"  # a parent's own affairs, from any device of theirs
    SELF_CONFIRMED = "self_confirmed"  # the same, from a device the school vouches for


OWN, WITHIN = Reach.OWN, Reach.WITHIN

# Most senior first: who holds several fitting roles acts under the first of them.
SENIORITY: Final = (
    Role.CITY_ADMINISTRATOR,
    Role.DISTRICT_OFFICER,
    Role.HEAD,
    Role.COORDINATOR,
    Role.CLASS_TEACHER,
    Role.HOST,
    Role.AUDITOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.OPERATOR,
    Role.PARENT,
)

_IN_SCHOOL = frozenset({Level.SCHOOL})
_ABOVE_SCHOOL = frozenset({Level.DISTRICT, Level.CITY})
_ANYWHERE = frozenset(Level)

# At which levels a grant of the role means something. Nobody is granted PARENT or SYSTEM.
LEVELS: Final[Mapping[Role, frozenset[Level]]] = MappingProxyType(
    {
        Role.HOST: _IN_SCHOOL,
        Role.CLASS_TEACHER: _IN_SCHOOL,
        Role.COORDINATOR: _IN_SCHOOL,
        Role.HEAD: _IN_SCHOOL,
        Role.DISTRICT_OFFICER: frozenset({Level.DISTRICT}),
        Role.CITY_ADMINISTRATOR: frozenset({Level.CITY}),
        Role.AUDITOR: _ABOVE_SCHOOL,
        Role.DATA_PROTECTION_OFFICER: _ANYWHERE,
        Role.OPERATOR: _ABOVE_SCHOOL,
        Role.PARENT: frozenset(),
        Role.SYSTEM: frozenset(),
    }
)

_READERS_ABOVE = {
    Role.DISTRICT_OFFICER: WITHIN,
    Role.CITY_ADMINISTRATOR: WITHIN,
    Role.AUDITOR: WITHIN,
}
_LEADERS = {Role.COORDINATOR: OWN, Role.HEAD: OWN}
_TEACHERS = {Role.COORDINATOR: OWN, Role.CLASS_TEACHER: OWN}
_ON_DUTY = {Role.COORDINATOR: OWN, Role.HOST: OWN}
_ANY_STAFF = {**_LEADERS, **_TEACHERS, **_ON_DUTY}
_COORDINATOR = {Role.COORDINATOR: OWN}
_HEAD = {Role.HEAD: OWN}
_DISTRICT = {Role.DISTRICT_OFFICER: WITHIN}
_DISTRICT_OR_CITY = {**_DISTRICT, Role.CITY_ADMINISTRATOR: WITHIN}
_ANY_DEVICE = {Role.PARENT: Reach.SELF}
_CONFIRMED_DEVICE = {Role.PARENT: Reach.SELF_CONFIRMED}

RULES: Final[Mapping[Action, Mapping[Role, Reach]]] = MappingProxyType(
    {
        Action.SCHOOL_REGISTER: _DISTRICT_OR_CITY,
        Action.TERM_OPEN: _COORDINATOR,
        Action.COURSE_REGISTER: {
            **_COORDINATOR,
            Role.DISTRICT_OFFICER: OWN,
            Role.CITY_ADMINISTRATOR: OWN,
        },
        Action.STAR_READ: {**_ANY_STAFF, **_READERS_ABOVE},
        Action.STAR_PROPOSE: _COORDINATOR,
        Action.STAR_OBJECT: {**_TEACHERS, **_ON_DUTY},
        Action.STAR_DECIDE: _HEAD,
        Action.OWN_OBJECT: _CONFIRMED_DEVICE,
        Action.STAFF_GRANT_COORDINATOR: _DISTRICT,
        Action.STAFF_GRANT_IN_SCHOOL: _COORDINATOR,
        Action.ROSTER_IMPORT: _COORDINATOR,
        Action.PLAN_IMPORT: _COORDINATOR,
        Action.LEARNER_READ: {**_ANY_STAFF, Role.AUDITOR: WITHIN},
        Action.LEARNER_CONFIRM: _TEACHERS,
        Action.ENROLMENT_CODE_ISSUE: _TEACHERS,
        Action.SESSION_READ: {**_ANY_STAFF, **_READERS_ABOVE},
        Action.SESSION_SCHEDULE: _TEACHERS,
        Action.SESSION_CANCEL: _COORDINATOR,
        Action.SESSION_OPEN: _ON_DUTY,
        Action.SESSION_PRESENT: _ON_DUTY,
        Action.SESSION_CLOSE: _ON_DUTY,
        Action.SESSION_HEAD_COUNT: _ON_DUTY,
        Action.SESSION_ATTEST_AS_HOST: {Role.HOST: OWN},
        Action.SESSION_ATTEST_AS_COORDINATOR: _COORDINATOR,
        Action.SESSION_VOID_PROPOSE: _COORDINATOR,
        Action.SESSION_VOID_CONFIRM: _DISTRICT,
        Action.ATTENDANCE_READ: {**_ANY_STAFF, Role.AUDITOR: WITHIN},
        Action.ATTENDANCE_ENTER: _ON_DUTY,
        Action.ATTENDANCE_CORRECT: _COORDINATOR,
        Action.ATTENDANCE_CORRECT_SECOND: _LEADERS,
        Action.EXAM_PUBLISH: _COORDINATOR,
        Action.EXAM_ENTER: _TEACHERS,
        Action.EXAM_CHECK: {**_TEACHERS, **_HEAD},
        Action.CERTIFICATE_READ: {**_LEADERS, **_READERS_ABOVE},
        Action.CERTIFICATE_AUTHORISE: _HEAD,
        Action.CERTIFICATE_REISSUE: _HEAD,
        Action.CERTIFICATE_REVOKE_PROPOSE: _HEAD,
        Action.CERTIFICATE_REVOKE_CONFIRM: _DISTRICT,
        Action.HISTORY_READ: {
            **_LEADERS,
            **_READERS_ABOVE,
            Role.DATA_PROTECTION_OFFICER: WITHIN,
        },
        Action.AUDIT_READ: {**_READERS_ABOVE, Role.DATA_PROTECTION_OFFICER: WITHIN},
        Action.STATUS_READ: {
            Role.CITY_ADMINISTRATOR: WITHIN,
            Role.AUDITOR: WITHIN,
            Role.OPERATOR: WITHIN,
        },
        Action.OWN_READ: _CONFIRMED_DEVICE,
        Action.OWN_CHECK_IN: _ANY_DEVICE,
        Action.OWN_CHECK_OUT: _ANY_DEVICE,
        Action.OWN_CONSENT: _ANY_DEVICE,
        Action.OWN_DEVICES: _CONFIRMED_DEVICE,
    }
)
