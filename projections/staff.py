"""Staff: who holds which role for which organisation, and which of them are parents here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from domain.envelope import Role
from domain.staff import Staff as Recorded
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS staff_member (
    staff_id uuid PRIMARY KEY,
    learner_id uuid
);
CREATE TABLE IF NOT EXISTS staff_grant (
    staff_id uuid,
    role text,
    organisation text,
    begins date NOT NULL,
    ends date NOT NULL,
    PRIMARY KEY (staff_id, role, organisation)
);
CREATE INDEX IF NOT EXISTS staff_grant_organisation ON staff_grant (organisation);
"""
_GRANTS: LiteralString = """
SELECT staff_id, role, organisation, begins, ends FROM staff_grant
 WHERE staff_id = %(staff)s ORDER BY organisation, role
"""
_STAFF: LiteralString = """
SELECT staff_id, role, organisation, begins, ends FROM staff_grant
 WHERE organisation = %(organisation)s ORDER BY role, staff_id
"""
_MEMBER: LiteralString = """
SELECT staff_id, learner_id FROM staff_member WHERE staff_id = %(staff)s
"""


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """A role for an organisation; one that was ended is no longer here."""

    staff_id: UUID
    role: Role
    organisation: str
    begins: date
    ends: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`learner_id` names the same person as a parent, where they are one."""

    staff_id: UUID
    learner_id: UUID | None


MEMBER = Table("staff_member", StaffMember, key=("staff_id",), stream="staff_id")
GRANT = Table("staff_grant", StaffGrant, ("staff_id", "role", "organisation"), stream="staff_id")


class Staff:
    name = "staff"
    version = 2
    tables = ("staff_member", "staff_grant")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Recorded.Registered.TOPIC,
            Recorded.LinkedToLearner.TOPIC,
            Recorded.UnlinkedFromLearner.TOPIC,
            Recorded.Authorised.TOPIC,
            Recorded.AuthorityEnded.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        grants = Fold(tx, GRANT, facts)
        members = Fold(tx, MEMBER, facts)
        for fact in facts:
            match fact.event:
                case Recorded.Registered(learner_id=learner_id):
                    members.put(StaffMember(fact.stream, learner_id))
                case Recorded.LinkedToLearner(learner_id=learner_id):
                    members.put(StaffMember(fact.stream, learner_id))
                case Recorded.UnlinkedFromLearner():
                    members.put(StaffMember(fact.stream, None))
                case Recorded.Authorised(role=role, organisation=of, begins=begins, ends=ends):
                    grants.put(StaffGrant(fact.stream, role, of, begins, ends))
                case Recorded.AuthorityEnded(role=role, organisation=organisation):
                    grants.drop(fact.stream, role, organisation)
                case _:
                    pass
        members.save()
        grants.save()

    def grants_of(self, staff_id: UUID) -> list[StaffGrant]:
        return self._views.rows(StaffGrant, _GRANTS, staff=staff_id)

    def staff_of(self, organisation: str) -> list[StaffGrant]:
        return self._views.rows(StaffGrant, _STAFF, organisation=organisation)

    def exists(self, staff_id: UUID) -> bool:
        return self._views.row(StaffMember, _MEMBER, staff=staff_id) is not None

    def learner_of(self, staff_id: UUID) -> UUID | None:
        """The same person as a parent, where they are one."""
        member = self._views.row(StaffMember, _MEMBER, staff=staff_id)
        return member.learner_id if member else None
