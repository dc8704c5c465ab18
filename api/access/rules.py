"""The table of roles and actions, as data. `policy` reads it; nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.access.reach import Level, Reach
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
    PERSONAL_CODE_PRINT = "personal_code.print"
    CHANGES_PRINT = "changes.print"
    MERGE_PROPOSE = "merge.propose"
    MERGE_APPROVE = "merge.approve"
    MERGE_ACROSS = "merge.across"
    UNMERGE_PROPOSE = "unmerge.propose"
    CUSTODY_PROPOSE = "custody.propose"
    CUSTODY_CONFIRM = "custody.confirm"
    TRANSFER_RELEASE = "transfer.release"
    TRANSFER_CLAIM = "transfer.claim"
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
    SHEET_READ = "sheet.read"
    SHEET_PRINT = "sheet.print"
    SHEET_ENTER = "sheet.enter"
    SHEET_CHECK = "sheet.check"
    ATTENDANCE_CORRECT_SECOND = "attendance.correct_second"
    EXAM_PUBLISH = "exam.publish"
    EXAM_ENTER = "exam.enter"
    EXAM_CHECK = "exam.check"
    EXAM_WITHDRAW = "exam.withdraw"
    EXAM_EXAMINE = "exam.examine"
    EXAM_WITNESS = "exam.witness"
    EXAM_MARK_NOTE = "exam.mark_note"
    EXAM_CORRECT = "exam.correct"
    EXAM_CORRECT_SECOND = "exam.correct_second"
    EXAM_DRAW_READ = "exam_draw.read"
    QUESTION_BANK_READ = "question_bank.read"
    QUESTION_BANK_EDIT = "question_bank.edit"
    CERTIFICATE_READ = "certificate.read"
    CERTIFICATE_AUTHORISE = "certificate.authorise"
    CERTIFICATE_REISSUE = "certificate.reissue"
    CERTIFICATE_REVOKE_PROPOSE = "certificate.revoke_propose"
    CERTIFICATE_REVOKE_CONFIRM = "certificate.revoke_confirm"
    COMPLIANCE_READ = "compliance.read"
    COMPLIANCE_OVERVIEW = "compliance_overview.read"
    TERM_CLOSE = "term.close"
    TERM_CLOSE_FORCE = "term.close_force"
    TERM_LISTING_READ = "term_listing.read"
    YEAR_CLOSE = "year.close"
    ARCHIVE_READ = "archive.read"
    ARCHIVE_TAKE = "archive.take"
    RULEBOOK_READ = "rulebook.read"
    RULEBOOK_DRAFT = "rulebook.draft"
    RULEBOOK_PUBLISH = "rulebook.publish"
    CALENDAR_PUBLISH = "calendar.publish"
    CASE_READ = "case.read"
    CASE_OVERVIEW_READ = "case_overview.read"
    CASE_ENTER = "case.enter"
    DISPUTE_ANSWER = "dispute.answer"
    APPEAL_DECIDE = "appeal.decide"
    APPEAL_REVIEW = "appeal.review"
    CREDIT_HOLD = "credit.hold"
    TEACHER_READ = "teacher.read"
    TEACHER_REGISTER = "teacher.register"
    TEACHER_HOURS_ENTER = "teacher_hours.enter"
    TEACHER_HOURS_CORRECT = "teacher_hours.correct"
    TEACHER_HOURS_CORRECT_SECOND = "teacher_hours.correct_second"
    TEACHER_COVERAGE_READ = "teacher_coverage.read"
    HISTORY_READ = "history.read"
    AUDIT_READ = "audit.read"
    ACCESS_LOG_READ = "access_log.read"
    STATUS_READ = "status.read"
    SERVICE_NAME = "service.name"
    LEAVE_DECIDE = "leave.decide"
    MAKE_UP_ASSIGN = "make_up.assign"
    STUDY_PUBLISH = "study.publish"
    COURSE_CHANGE = "course.change"
    EXTERNAL_READ = "external.read"
    EXTERNAL_ENTER = "external.enter"
    EXTERNAL_CONFIRM = "external.confirm"
    OWN_READ = "own.read"
    OWN_CASES = "own.cases"
    OWN_CHECK_IN = "own.check_in"
    OWN_CHECK_OUT = "own.check_out"
    OWN_CONSENT = "own.consent"
    OWN_DEVICES = "own.devices"
    OWN_EXAM = "own.exam"
    OWN_TRANSFER = "own.transfer"
    OWN_LEAVE = "own.leave"
    OWN_LINK = "own.link"
    OWN_STUDY = "own.study"


OWN, WITHIN = Reach.OWN, Reach.WITHIN

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
        Action.SCHOOL_REGISTER: _DISTRICT_OR_CITY,
        Action.TERM_OPEN: _COORDINATOR,
        Action.STAR_READ: {**_ANY_STAFF, **_READERS_ABOVE},
        Action.STAR_PROPOSE: _COORDINATOR,
        Action.STAR_OBJECT: {**_TEACHERS, **_ON_DUTY},
        Action.STAR_DECIDE: _HEAD,
        Action.OWN_OBJECT: _CONFIRMED_DEVICE,
        Action.COURSE_REGISTER: _LIBRARIANS,
        Action.STAFF_GRANT_COORDINATOR: _DISTRICT,
        Action.STAFF_GRANT_IN_SCHOOL: _COORDINATOR,
        Action.ROSTER_IMPORT: _COORDINATOR,
        Action.PLAN_IMPORT: _COORDINATOR,
        Action.LEARNER_READ: {**_ANY_STAFF, Role.AUDITOR: WITHIN},
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
        Action.CERTIFICATE_REVOKE_PROPOSE: _HEAD,
        Action.CERTIFICATE_REVOKE_CONFIRM: _DISTRICT,
        Action.COMPLIANCE_READ: {**_LEADERS, **_READERS_ABOVE},
        Action.COMPLIANCE_OVERVIEW: _READERS_ABOVE,
        Action.TERM_CLOSE: _COORDINATOR,
        Action.TERM_CLOSE_FORCE: _DISTRICT,
        Action.TERM_LISTING_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.YEAR_CLOSE: _COORDINATOR,
        # What is missing is told without names; the pack has them in full, and is the school's.
        Action.ARCHIVE_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.ARCHIVE_TAKE: _LEADERS,
        Action.RULEBOOK_READ: {**_LEADERS, **_READERS_ABOVE},
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
        Action.TEACHER_READ: {**_LEADERS, Role.AUDITOR: WITHIN},
        Action.TEACHER_REGISTER: _COORDINATOR,
        # Both leaders: one of them is the colleague who enters the other's own hours.
        Action.TEACHER_HOURS_ENTER: _LEADERS,
        Action.TEACHER_HOURS_CORRECT: _LEADERS,
        Action.TEACHER_HOURS_CORRECT_SECOND: _LEADERS,
        Action.TEACHER_COVERAGE_READ: _READERS_ABOVE,
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
        Action.EXTERNAL_READ: {**_LEADERS, **_DISTRICT},
        Action.EXTERNAL_ENTER: _COORDINATOR,
        Action.EXTERNAL_CONFIRM: _DISTRICT,
        Action.OWN_READ: _CONFIRMED_DEVICE,
        Action.OWN_CASES: _CONFIRMED_DEVICE,
        Action.OWN_CHECK_IN: _ANY_DEVICE,
        Action.OWN_CHECK_OUT: _ANY_DEVICE,
        Action.OWN_CONSENT: _ANY_DEVICE,
        Action.OWN_DEVICES: _CONFIRMED_DEVICE,
        Action.OWN_EXAM: _CONFIRMED_DEVICE,
        Action.OWN_TRANSFER: _CONFIRMED_DEVICE,
        Action.OWN_LEAVE: _CONFIRMED_DEVICE,
        Action.OWN_LINK: _ANY_DEVICE,
        Action.OWN_STUDY: _CONFIRMED_DEVICE,
    }
)
