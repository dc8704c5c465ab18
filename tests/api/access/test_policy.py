"""Who may do what: the table as it stands, and everything else denied."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from api.access.actions import Action
from api.access.policy import (
    Forbidden,
    Grant,
    LoginRequired,
    Organisation,
    Principal,
    PrincipalKind,
    allowed,
    require,
)
from api.access.reach import SENIORITY, Level, Reach
from api.access.rules import LEVELS, RULES
from domain.envelope import Role

CHEN = UUID("6a1f0a52-0000-4000-8000-000000000001")
LIN = UUID("6a1f0a52-0000-4000-8000-000000000002")
NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SCHOOL = Organisation(school="4401040001", district="440104")
NEIGHBOUR = Organisation(school="4401040002", district="440104")
FAR = Organisation(school="4401050001", district="440105")
DISTRICT = Organisation(district="440104")
OTHER_DISTRICT = Organisation(district="440105")
CITY = Organisation()
EVERYWHERE = (SCHOOL, NEIGHBOUR, FAR, DISTRICT, OTHER_DISTRICT, CITY)
HOME = {Level.SCHOOL: SCHOOL, Level.DISTRICT: DISTRICT, Level.CITY: CITY}
STAFF_ROLES = [role for role in SENIORITY if role not in {Role.PARENT, Role.MACHINE}]
OWN_ACTIONS = {action for action in Action if action.value.startswith("own.")}


def staff(*roles_at: tuple[Role, str]) -> Principal:
    grants = tuple(Grant(role, code, NOW - DAY, NOW + DAY) for role, code in roles_at)
    return Principal(PrincipalKind.STAFF, CHEN, grants)


def device(*, confirmed: bool) -> Principal:
    return Principal(PrincipalKind.DEVICE, LIN, learner_id=LIN, confirmed=confirmed)


def may(role: Role, code: str) -> set[tuple[Action, Organisation]]:
    principal = staff((role, code))
    return {
        (action, place)
        for action, place in product(Action, EVERYWHERE)
        if allowed(principal, action, place, NOW) is not None
    }


def test_every_action_has_a_rule_and_every_role_a_level_and_a_rank() -> None:
    assert set(RULES) == set(Action)
    assert set(LEVELS) == set(Role)
    assert set(SENIORITY) == set(Role) - {Role.SYSTEM}
    assert all(RULES.values())


@pytest.mark.parametrize("role", [Role.HOST, Role.CLASS_TEACHER, Role.COORDINATOR, Role.HEAD])
def test_a_role_in_a_school_acts_in_that_school_alone(role: Role) -> None:
    assert {place for _, place in may(role, "4401040001")} == {SCHOOL}


def test_nobody_of_the_staff_is_a_machine() -> None:
    assert may(Role.MACHINE, "4401040001") == set()


def test_a_machine_is_no_member_of_the_staff_whatever_it_was_granted() -> None:
    grants = tuple(Grant(role, "4401040001", NOW - DAY, NOW + DAY) for role in STAFF_ROLES)
    principal = Principal(PrincipalKind.MACHINE, CHEN, grants, actions=frozenset(Action))
    assert not any(allowed(principal, action, SCHOOL, NOW) for action in Action)


OF_A_DISTRICT_IN_SCHOOLS = {
    Action.SESSION_READ,
    Action.STAR_READ,
    Action.MERGE_ACROSS,
    Action.UNMERGE_PROPOSE,
    Action.SESSION_VOID_CONFIRM,
    Action.CERTIFICATE_READ,
    Action.CERTIFICATE_REVOKE_CONFIRM,
    Action.CASE_READ,
    Action.CASE_OVERVIEW_READ,
    Action.IRREGULARITY_READ,
    Action.IRREGULARITY_OVERVIEW_READ,
    Action.IRREGULARITY_REVIEW,
    Action.AUDIT_SAMPLE_READ,
    Action.AUDIT_SAMPLE_DRAW,
    Action.APPEAL_REVIEW,
    Action.HISTORY_READ,
    Action.AUDIT_READ,
    Action.COMPLIANCE_READ,
    Action.COMPLIANCE_OVERVIEW,
    Action.TERM_CLOSE_FORCE,
    Action.YEAR_CLOSE,
    Action.EXTERNAL_READ,
    Action.EXTERNAL_CONFIRM,
    Action.RULEBOOK_READ,
    Action.TEACHER_COVERAGE_READ,
}


def test_a_district_officer_acts_in_schools_only_where_the_table_says_so() -> None:
    in_schools = {
        action for action, place in may(Role.DISTRICT_OFFICER, "440104") if place == SCHOOL
    }
    assert in_schools == OF_A_DISTRICT_IN_SCHOOLS
    assert {place for _, place in may(Role.DISTRICT_OFFICER, "440104")} == {
        SCHOOL,
        NEIGHBOUR,
        DISTRICT,
    }


def test_an_auditor_reads_and_writes_nothing_but_samples_and_findings() -> None:
    actions = {action for action, _ in may(Role.AUDITOR, "440100")}
    written = {action for action in actions if not action.value.endswith(".read")}
    assert written == {Action.AUDIT_SAMPLE_DRAW, Action.AUDIT_FINDING_RECORD}
    assert actions > written
    assert {place for _, place in may(Role.AUDITOR, "440100")} == set(EVERYWHERE)


def test_learners_are_read_by_those_whom_the_notice_names_and_by_the_auditor() -> None:
    named = {Role.CLASS_TEACHER, Role.COORDINATOR, Role.HEAD}
    assert set(RULES[Action.LEARNER_READ]) == named | {Role.AUDITOR}


def test_an_operator_sees_the_status_and_nobody() -> None:
    assert {action for action, _ in may(Role.OPERATOR, "440100")} == {Action.STATUS_READ}


@pytest.mark.parametrize(
    "action", [Action.SESSION_ATTEST_AS_HOST, Action.CERTIFICATE_REVOKE_CONFIRM]
)
def test_both_signatures_of_a_pair_belong_to_different_roles(action: Action) -> None:
    other = {
        Action.SESSION_ATTEST_AS_HOST: Action.SESSION_ATTEST_AS_COORDINATOR,
        Action.CERTIFICATE_REVOKE_CONFIRM: Action.CERTIFICATE_REVOKE_PROPOSE,
    }[action]
    assert not set(RULES[action]) & set(RULES[other])


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_no_role_of_staff_opens_a_parents_own_affairs(role: Role) -> None:
    for action, code in product(OWN_ACTIONS, ("4401040001", "440104", "440100")):
        assert allowed(staff((role, code)), action, None, NOW) is None


@pytest.mark.parametrize("action", sorted(Action))
def test_a_device_does_its_own_affairs_and_nothing_else(action: Action) -> None:
    own = Role.PARENT if action in OWN_ACTIONS else None
    assert allowed(device(confirmed=True), action, None, NOW) is own
    if action not in OWN_ACTIONS:
        assert all(allowed(device(confirmed=True), action, at, NOW) is None for at in EVERYWHERE)


def test_an_unconfirmed_device_checks_in_and_out_and_sees_nothing() -> None:
    may_do = {a for a in Action if allowed(device(confirmed=False), a, None, NOW)}
    own = {Action.OWN_CHECK_IN, Action.OWN_CHECK_OUT, Action.OWN_CONSENT, Action.OWN_LINK}
    assert may_do == own


def test_a_device_without_a_learner_does_nothing() -> None:
    stray = Principal(PrincipalKind.DEVICE, LIN, confirmed=True)
    assert all(allowed(stray, action, None, NOW) is None for action in Action)


def test_grants_on_a_device_are_worth_nothing() -> None:
    grants = staff((Role.HEAD, "4401040001")).grants
    dressed = Principal(PrincipalKind.DEVICE, LIN, grants, LIN, confirmed=True)
    assert allowed(dressed, Action.CERTIFICATE_AUTHORISE, SCHOOL, NOW) is None


@pytest.mark.parametrize(("role", "level"), list(product(STAFF_ROLES, Level)))
def test_a_grant_at_a_level_its_role_does_not_have_is_worth_nothing(
    role: Role, level: Level
) -> None:
    found = may(role, HOME[level].code)
    assert bool(found) == (level in LEVELS[role] and role_has_something_at(role, level))


def role_has_something_at(role: Role, level: Level) -> bool:
    reaches = {rules[role] for rules in RULES.values() if role in rules}
    return bool(reaches) and level in LEVELS[role]


@pytest.mark.parametrize("role", [Role.PARENT, Role.SYSTEM])
def test_a_grant_of_parent_or_system_is_worth_nothing(role: Role) -> None:
    assert may(role, "4401040001") == set()
    assert may(role, "440100") == set()


@pytest.mark.parametrize(
    ("offset", "holds"),
    [(-1, False), (0, True), (1, True), (86_399_999_999, True), (86_400_000_000, False)],
)
def test_a_grant_holds_from_its_beginning_up_to_its_end(offset: int, holds: bool) -> None:
    grant = Grant(Role.COORDINATOR, "4401040001", NOW, NOW + DAY)
    principal = Principal(PrincipalKind.STAFF, CHEN, (grant,))
    at = NOW + timedelta(microseconds=offset)
    found = allowed(principal, Action.ROSTER_IMPORT, SCHOOL, at)
    assert found == (Role.COORDINATOR if holds else None)


def test_who_holds_several_roles_acts_under_the_most_senior_that_fits() -> None:
    both = staff((Role.HOST, "4401040001"), (Role.COORDINATOR, "4401040001"))
    assert allowed(both, Action.SESSION_OPEN, SCHOOL, NOW) is Role.COORDINATOR
    assert allowed(both, Action.SESSION_ATTEST_AS_HOST, SCHOOL, NOW) is Role.HOST
    apart = staff((Role.HOST, "4401040001"), (Role.COORDINATOR, "4401040002"))
    assert allowed(apart, Action.SESSION_OPEN, SCHOOL, NOW) is Role.HOST
    assert allowed(apart, Action.ROSTER_IMPORT, SCHOOL, NOW) is None


def test_staff_need_a_place() -> None:
    head = staff((Role.HEAD, "4401040001"))
    assert all(allowed(head, action, None, NOW) is None for action in Action)


def test_a_school_code_that_begins_like_a_district_is_not_in_it() -> None:
    stranger = Organisation(school="4401040009", district="440105")
    officer = staff((Role.DISTRICT_OFFICER, "440104"))
    assert allowed(officer, Action.HISTORY_READ, stranger, NOW) is None


def test_another_city_is_out_of_reach() -> None:
    elsewhere = Organisation(school="4403040001", district="440304", city="440300")
    for role in (Role.CITY_ADMINISTRATOR, Role.AUDITOR):
        assert allowed(staff((role, "440100")), Action.HISTORY_READ, elsewhere, NOW) is None


def test_a_refusal_says_who_is_missing_or_what_is_forbidden() -> None:
    with pytest.raises(LoginRequired):
        require(None, Action.ROSTER_IMPORT, SCHOOL, NOW)
    with pytest.raises(Forbidden) as refused:
        require(staff((Role.HOST, "4401040001")), Action.ROSTER_IMPORT, SCHOOL, NOW)
    assert refused.value.facts == {"action": "roster.import"}
    coordinator = staff((Role.COORDINATOR, "4401040001"))
    assert require(coordinator, Action.ROSTER_IMPORT, SCHOOL, NOW) is Role.COORDINATOR


@pytest.mark.parametrize(
    ("school", "district", "city"),
    [
        ("440104001", "440104", "440100"),
        ("44010400011", "440104", "440100"),
        ("4401040001\n", "440104", "440100"),
        ("440104000１", "440104", "440100"),
        ("٤٤٠١٠٤٠٠٠١", "440104", "440100"),
        ("4401040001", None, "440100"),
        ("", "440104", "440100"),
        (None, "44010", "440100"),
        (None, "", "440100"),
        (None, None, ""),
        (None, None, "%%%%%%"),
    ],
)
def test_a_malformed_code_is_no_organisation(
    school: str | None, district: str | None, city: str
) -> None:
    with pytest.raises(ValueError, match="digits"):
        Organisation(school=school, district=district, city=city)


def test_an_organisation_knows_its_level_and_code() -> None:
    assert [(at.level, at.code) for at in (SCHOOL, DISTRICT, CITY)] == [
        (Level.SCHOOL, "4401040001"),
        (Level.DISTRICT, "440104"),
        (Level.CITY, "440100"),
    ]


def test_the_reach_of_a_parent_is_never_given_to_staff() -> None:
    for rules in RULES.values():
        for role, reach in rules.items():
            assert (role is Role.PARENT) == (reach in {Reach.SELF, Reach.SELF_CONFIRMED})
