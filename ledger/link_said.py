"""What is said about a link: by the phone that asks for it, and by the school that answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.enrolment import ClassPlace, Enrolment, Leaving


@dataclass(frozen=True)
class LinkRequest:
    """What a phone says of itself: of the class in the ledger, of persons in the vault alone."""

    link_id: UUID
    place: ClassPlace
    device_hash: str
    phone: str = field(repr=False)
    child_name: str = field(repr=False)
    name: str = field(repr=False, default="")
    relation_code: str = ""

    @property
    def called(self) -> str:
        """What the person is called until the school knows more: 张小明家长."""
        return self.name or f"{self.child_name}家长"

    @property
    def said(self) -> dict[str, str]:
        return {
            "phone": self.phone,
            "child_name": self.child_name,
            "name": self.name,
            "relation_code": self.relation_code,
        }


@dataclass(frozen=True)
class LinkAnswer:
    """Who it is: an adult whom the roster knows through a child's place, or one new to it.

    A child that came late or left has its place from a day, or until one.
    """

    place: Enrolment
    adult_id: UUID | None = None
    name: str = field(repr=False, default="")
    relation_code: str = ""
    begins_on: date | None = None
    ended: tuple[date, Leaving] | None = None
