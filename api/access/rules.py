"""The table of roles and actions, as data. `policy` reads it; nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.access.actions import Action
from api.access.reach import Level, Reach
from domain.envelope import Role

OWN, WITHIN = Reach.OWN, Reach.WITHIN

_IN_SCHOOL = frozenset({Level.SCHOOL})
_ABOVE_SCHOOL = frozenset({Level.DISTRICT, Level.CITY})
_ANYWHERE = frozenset(Level)

# At which levels a grant of the role means something. Nobody is granted PARENT or SYSTEM, and
# MACHINE is what a key is granted: `scopes` says for which of these actions.
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
        Role.MACHINE: _ANYWHERE,
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
_SCHOOLS_OWN = {**_LEADERS, **_TEACHERS}  # whom the notice names: who is on duty is not among them
_ANY_STAFF = {**_SCHOOLS_OWN, **_ON_DUTY}
_MACHINE = {Role.MACHINE: WITHIN}
_COORDINATOR = {Role.COORDINATOR: OWN}
_HEAD = {Role.HEAD: OWN}
_DISTRICT = {Role.DISTRICT_OFFICER: WITHIN}
# Each level makes its own rules: the city's administrators, a district's officers, a school's two.
_RULE_MAKERS = {
    **_LEADERS,
    Role.DISTRICT_OFFICER: OWN,
    Role.CITY_ADMINISTRATOR: OWN,
}
_LIBRARIANS = {**_COORDINATOR, Role.DISTRICT_OFFICER: OWN, Role.CITY_ADMINISTRATOR: OWN}
_ANY_DEVICE = {Role.PARENT: Reach.SELF}
_CONFIRMED_DEVICE = {Role.PARENT: Reach.SELF_CONFIRMED}

RULES: Final[Mapping[Action, Mapping[Role, Reach]]] = MappingProxyType(
    {
        Action.STAR_READ: {**_ANY_STAFF, **_READERS_ABOVE},
        Action.STAR_PROPOSE: _COORDINATOR,
        Action.STAR_OBJECT: {**_TEACHERS, **_ON_DUTY},
        Action.STAR_DECIDE: _HEAD,
        Action.OWN_OBJECT: _CONFIRMED_DEVICE,
        Action.ROSTER_IMPORT: {**_COORDINATOR, **_MACHINE},
        Action.DOOR_DEVICE_MANAGE: _COORDINATOR,
        Action.API_KEY_MANAGE: {Role.CITY_ADMINISTRATOR: OWN},
        Action.PLAN_IMPORT: {**_COORDINATOR, **_MACHINE},
        Action.LEARNER_READ: {**_SCHOOLS_OWN, Role.AUDITOR: WITHIN},
        Action.LEARNER_CONFIRM: _TEACHERS,
        Action.ENROLMENT_CODE_ISSUE: _TEACHERS,
        Action.PERSONAL_CODE_PRINT: _TEACHERS,
        Action.CHANGES_PRINT: _TEACHERS,
        Action.MERGE_PROPOSE: _COORDINATOR,
        Action.MERGE_APPROVE: _LEADERS,
        Action.MERGE_ACROSS: _DISTRICT,
        Action.UNMERGE_PROPOSE: {**_COORDINATOR, **_DISTRICT},
        Action.CUSTODY_PROPOSE: _TEACHERS,
        Action.CUSTODY_CONFIRM: _LEADERS,
        Action.TRANSFER_RELEASE: _COORDINATOR,
        Action.TRANSFER_CLAIM: _COORDINATOR,
        Action.SESSION_READ: {**_ANY_STAFF, **_READERS_ABOVE, **_MACHINE},
        Action.SESSION_SCHEDULE: {**_TEACHERS, **_MACHINE},
        Action.SESSION_CANCEL: _COORDINATOR,
        Action.SESSION_OPEN: _ON_DUTY,
        Action.SESSION_PRESENT: _ON_DUTY,
        Action.SESSION_CLOSE: _ON_DUTY,
        Action.SESSION_HEAD_COUNT: _ON_DUTY,
        Action.SESSION_ATTEST_AS_HOST: {Role.HOST: OWN},
        Action.SESSION_ATTEST_AS_COORDINATOR: _COORDINATOR,
        Action.SESSION_VOID_PROPOSE: _COORDINATOR,
        Action.SESSION_VOID_CONFIRM: _DISTRICT,
        Action.ATTENDANCE_READ: {**_ANY_STAFF, Role.AUDITOR: WITHIN, **_MACHINE},
        Action.ATTENDANCE_ENTER: _ON_DUTY,
        Action.ATTENDANCE_CORRECT: _COORDINATOR,
        # A code that was read at the door; a name that was tapped is ATTENDANCE_ENTER.
        Action.SCAN_SEND: {**_ON_DUTY, **_MACHINE},
        # The district sees a sheet where it reviews an appeal about it (`api.sheets`).
        Action.SHEET_READ: {**_ANY_STAFF, Role.AUDITOR: WITHIN},
        Action.SHEET_PRINT: _ON_DUTY,
        Action.SHEET_ENTER: {**_TEACHERS, **_ON_DUTY},
        Action.SHEET_CHECK: {**_TEACHERS, **_ON_DUTY, **_HEAD},
        Action.ATTENDANCE_CORRECT_SECOND: _LEADERS,
        Action.EXAM_PUBLISH: _COORDINATOR,
        Action.EXAM_ENTER: _TEACHERS,
        Action.EXAM_CHECK: {**_TEACHERS, **_HEAD},
        Action.EXAM_WITHDRAW: _COORDINATOR,
        Action.EXAM_EXAMINE: _TEACHERS,
        Action.EXAM_WITNESS: _ANY_STAFF,
        Action.EXAM_MARK_NOTE: {Role.CLASS_TEACHER: OWN},
        Action.EXAM_CORRECT: _COORDINATOR,
        Action.EXAM_CORRECT_SECOND: _LEADERS,
        Action.EXAM_DRAW_READ: {**_COORDINATOR, Role.AUDITOR: WITHIN},
        Action.QUESTION_BANK_READ: {**_LIBRARIANS, **_HEAD, Role.AUDITOR: WITHIN},
        Action.QUESTION_BANK_EDIT: _LIBRARIANS,
        Action.CERTIFICATE_READ: {**_LEADERS, **_READERS_ABOVE},
        Action.CERTIFICATE_AUTHORISE: _HEAD,
        Action.CERTIFICATE_REISSUE: _HEAD,
        Action.CERTIFICATE_WITHDRAW: _TEACHERS,
        Action.CERTIFICATE_REVOKE_PROPOSE: _HEAD,
        Action.CERTIFICATE_REVOKE_CONFIRM: _DISTRICT,
        Action.COMPLIANCE_READ: {**_LEADERS, **_READERS_ABOVE, **_MACHINE},
        Action.COMPLIANCE_OVERVIEW: {**_READERS_ABOVE, **_MACHINE},
        Action.TERM_CLOSE: _COORDINATOR,
        Action.TERM_CLOSE_FORCE: _DISTRICT,
        Action.TERM_LISTING_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.YEAR_CLOSE: {**_COORDINATOR, **_DISTRICT},
        Action.YEAR_PROMOTE: _COORDINATOR,
        # What is missing is told without names; the pack has them in full, and is the school's.
        Action.ARCHIVE_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.ARCHIVE_TAKE: _LEADERS,
        Action.RULEBOOK_READ: {**_LEADERS, **_READERS_ABOVE, **_MACHINE},
        Action.RULEBOOK_DRAFT: _RULE_MAKERS,
        Action.RULEBOOK_PUBLISH: _RULE_MAKERS,
        Action.CALENDAR_PUBLISH: {Role.CITY_ADMINISTRATOR: OWN},
        Action.CASE_READ: {**_TEACHERS, **_HEAD, **_READERS_ABOVE},
        Action.CASE_OVERVIEW_READ: _READERS_ABOVE,
        Action.CASE_ENTER: _TEACHERS,
        Action.DISPUTE_ANSWER: _TEACHERS,
        Action.APPEAL_DECIDE: _LEADERS,
        Action.APPEAL_REVIEW: _DISTRICT,
        Action.CREDIT_HOLD: _COORDINATOR,
        Action.IRREGULARITY_READ: {**_LEADERS, **_READERS_ABOVE},
        Action.IRREGULARITY_OVERVIEW_READ: _READERS_ABOVE,
        Action.IRREGULARITY_REVIEW: {**_LEADERS, **_DISTRICT},
        Action.AUDIT_SAMPLE_READ: _READERS_ABOVE,
        Action.AUDIT_SAMPLE_DRAW: _READERS_ABOVE,
        Action.AUDIT_FINDING_RECORD: {Role.AUDITOR: WITHIN},
        Action.TEACHER_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.TEACHER_REGISTER: _COORDINATOR,
        # Both leaders: one of them is the colleague who enters the other's own hours.
        Action.TEACHER_HOURS_ENTER: _LEADERS,
        Action.TEACHER_HOURS_CORRECT: _LEADERS,
        Action.TEACHER_HOURS_CORRECT_SECOND: _LEADERS,
        Action.TEACHER_COVERAGE_READ: {**_READERS_ABOVE, **_MACHINE},
        Action.HISTORY_READ: {
            **_LEADERS,
            **_READERS_ABOVE,
            Role.DATA_PROTECTION_OFFICER: WITHIN,
        },
        Action.AUDIT_READ: {**_READERS_ABOVE, Role.DATA_PROTECTION_OFFICER: WITHIN},
        Action.ACCESS_LOG_READ: {Role.DATA_PROTECTION_OFFICER: WITHIN},
        Action.STATUS_READ: {
            Role.CITY_ADMINISTRATOR: WITHIN,
            Role.AUDITOR: WITHIN,
            Role.OPERATOR: WITHIN,
        },
        Action.SERVICE_NAME: {**_TEACHERS, **_ON_DUTY},
        Action.LEAVE_DECIDE: _TEACHERS,
        Action.MAKE_UP_ASSIGN: _TEACHERS,
        Action.STUDY_PUBLISH: _COORDINATOR,
        Action.COURSE_CHANGE: _COORDINATOR,
        Action.HOME_VISIT_RECORD: _TEACHERS,
        Action.HOME_VISIT_COUNTS: _LEADERS,
        Action.EXTERNAL_READ: {**_LEADERS, **_DISTRICT},
        Action.EXTERNAL_ENTER: _COORDINATOR,
        Action.EXTERNAL_CONFIRM: _DISTRICT,
        Action.ERASURE_DECIDE: {Role.DATA_PROTECTION_OFFICER: WITHIN},
        Action.OWN_READ: _CONFIRMED_DEVICE,
        Action.OWN_CASES: _CONFIRMED_DEVICE,
        Action.OWN_CHECK_IN: _ANY_DEVICE,
        Action.OWN_CHECK_OUT: _ANY_DEVICE,
        Action.OWN_WITHDRAW: _CONFIRMED_DEVICE,
        Action.OWN_CONSENT: _ANY_DEVICE,
        Action.OWN_DEVICES: _CONFIRMED_DEVICE,
        Action.OWN_ERASURE: _CONFIRMED_DEVICE,
        Action.OWN_EXAM: _CONFIRMED_DEVICE,
        Action.OWN_TRANSFER: _CONFIRMED_DEVICE,
        Action.OWN_LEAVE: _CONFIRMED_DEVICE,
        Action.OWN_LINK: _ANY_DEVICE,
        Action.OWN_STUDY: _CONFIRMED_DEVICE,
    }
)
