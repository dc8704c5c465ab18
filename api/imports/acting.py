"""Who acts on the server's own command line: a named member of staff, under a grant they hold."""

from __future__ import annotations

from uuid import uuid4

from api.access.actions import Action
from api.access.policy import Principal, PrincipalKind, require
from api.access.rules import RULES
from api.bootstrap import Runtime
from api.files.package_roster import from_package
from api.files.table import Source, read_table
from api.files.template import Kind
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived
from domain.refusals import Refused


class SchoolNotNamed(Refused):
    """Neither the options nor the grants nor the file say which school is meant."""

    code = "school_not_named"


def staff_called(runtime: Runtime, user: str) -> Principal:
    """The member of staff with a user name; whoever may use this shell is trusted to name them.

    Raises UnknownAccount.
    """
    staff_id = runtime.accounts.owner_of(user)
    return Principal(PrincipalKind.STAFF, staff_id, runtime.grants_of(staff_id))


def school_meant(
    runtime: Runtime, principal: Principal | None, action: Action, kind: Kind, file: Source
) -> str:
    """The only school whose grant allows it, or the one a roster names. Raises SchoolNotNamed."""
    at = runtime.now()
    grants = principal.grants if principal else ()
    schools = {g.organisation for g in grants if g.holds(at) and g.role in RULES[action]}
    if len(schools) > 1:  # nobody means a school that was merged into theirs
        found = runtime.models.schools.of_codes(schools)
        schools = {each.school_code for each in found if each.successor_code is None}
    if len(schools) == 1:
        return schools.pop()
    package = from_package(file, None, local_day(at, CITY_ZONE)) if kind is Kind.ROSTER else None
    content = package.content if package else file
    rows = read_table(content, kind).rows if kind is Kind.ROSTER else ()
    if not rows or not (named := rows[0].cells["学校标识码"]):
        raise SchoolNotNamed
    return named


def envelope_of(
    runtime: Runtime,
    principal: Principal | None,
    action: Action,
    school_code: str,
    *,
    dry_run: bool,
) -> Envelope:
    """Under the grant that allows it; a dry run needs nobody, for it records nothing.

    Raises LoginRequired, Forbidden, UnknownSchool.
    """
    now = runtime.now()
    organisation = runtime.organisation_of(school_code)
    actor = Actor(id=derived("operator"), role=Role.OPERATOR, organisation=school_code)
    if principal is not None or not dry_run:
        role = require(principal, action, organisation, now)
        assert principal is not None
        actor = Actor(id=principal.person_id, role=role, organisation=school_code)
    return Envelope(command_id=uuid4(), actor=actor, channel=Channel.FILE_IMPORT, occurred_at=now)
