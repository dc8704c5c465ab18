"""What the irregularity rules look at: one evening as it is recorded, and what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.rules import AttendanceRules


class Rule(StrEnum):
    """One word for each rule, for ever; `RULES_VERSION` says with which thresholds."""

    OVERLAP = "overlap"
    SHARED_DEVICE = "shared_device"
    STAFF_BURST = "staff_burst"
    LATE_ENTRY = "late_entry"
    SHORT_SESSION = "short_session"
    RELAYED_CODE = "relayed_code"


@dataclass(frozen=True)
class Evening:
    """A session as it was held."""

    session_id: UUID
    school_code: str
    term: str
    place: str
    class_hours: int
    class_hour_minutes: int
    begins_at: datetime
    ends_at: datetime
    opened_at: datetime
    closed_at: datetime
    host_id: UUID | None = None


@dataclass(frozen=True)
class Seen:
    """One person at a session, as recorded. `came` and `left` are as they count today."""

    learner_id: UUID
    child_ids: tuple[UUID, ...]
    channel: str
    recorded_by: UUID
    checked_in_at: datetime
    came: datetime
    left: datetime | None = None
    device_hash: str | None = None
    code_step: int | None = None
    is_corrected: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """The same person at another session, and how they were here."""

    learner_id: UUID
    came: datetime
    left: datetime | None
    other_session_id: UUID
    other_school_code: str
    other_place: str
    other_came: datetime
    other_left: datetime | None


@dataclass(frozen=True)
class LateEntry:
    """Somebody who was put on the list after the session: from paper, or from a waiting scan."""

    learner_id: UUID
    entered_at: datetime
    entered_by: UUID


@dataclass(frozen=True)
class Flag:
    """What a rule found. `cause` makes its identity, together with rule and sessions."""

    rule: Rule
    school_code: str
    term: str
    session_ids: tuple[UUID, ...]
    score: int
    facts: Mapping[str, int]
    learner_ids: tuple[UUID, ...] = ()
    staff_ids: tuple[UUID, ...] = ()
    cause: str = ""


@dataclass(frozen=True)
class Look:
    """Everything that the rules look at of one evening."""

    evening: Evening
    rules: AttendanceRules
    seen: Sequence[Seen]
    elsewhere: Sequence[Elsewhere] = ()
    late: Sequence[LateEntry] = ()
