"""A sign-in sheet on paper (签到表): printed with its rows, typed by one, checked by another."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import beside
from domain.sheet_refusals import (
    ChecksOwnSheet,
    SheetChecked,
    SheetNotEntered,
    SheetRowWrong,
    SheetWaits,
    TooManyScans,
)

ROWS = 25  # of an A4 sheet (DOMAIN 6.5)
LISTED_ROWS = 22  # the others are blank, for people who are not on the list
MOST_SCANS = 6
CODE_BYTES = 5


class ListedRow(BaseModel):
    """Whom a printed row is for, and the child they come for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learner_id: UUID
    child_id: UUID


A_DAY: Final = timedelta(days=1)  # a session lasts less


class PaperRow(BaseModel):
    """What a row says when it comes back: who was there, and from when to when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    learner_id: UUID
    came_at: AwareDatetime
    left_at: AwareDatetime | None = None

    def must_lie_within(self, closed_at: datetime) -> None:
        """Raises SheetRowWrong for a stay of no time, or one of another evening."""
        last = self.came_at if self.left_at is None else self.left_at
        is_of_the_evening = (
            closed_at - A_DAY < self.came_at < closed_at and last < closed_at + A_DAY
        )
        if not is_of_the_evening or (self.left_at is not None and self.left_at <= self.came_at):
            raise SheetRowWrong(row=self.row)


class Scan(BaseModel):
    """A picture of the sheet: the vault keeps the bytes, the event what they hash to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document_id: UUID
    sha256: str
    media_type: str
    size: int


class Sheet(LedgerAggregate):
    """The n-th sheet of a session: printed twice, it is the same sheet."""

    TOPIC: ClassVar[str] = "sheet"

    class Printed(LedgerCreated):
        TOPIC = "sheet.printed"

        session_id: UUID
        school_code: str
        number: int
        listed: tuple[ListedRow, ...]
        blank_rows: int

    class ScanFiled(LedgerEvent):
        TOPIC = "sheet.scan_filed"

        scan: Scan

    class Entered(LedgerEvent):
        TOPIC = "sheet.entered"

        rows: tuple[PaperRow, ...]

    class EntryWithdrawn(LedgerEvent):
        TOPIC = "sheet.entry_withdrawn"

    class CheckDiffered(LedgerEvent):
        TOPIC = "sheet.check_differed"

        rows: tuple[int, ...]

    class Checked(LedgerEvent):
        TOPIC = "sheet.checked"

        entered_by: UUID
        rows: tuple[PaperRow, ...]
        attendance_ids: tuple[UUID, ...]

    @staticmethod
    def create_id(session_id: UUID, number: int) -> UUID:
        return beside(session_id, "sheet", number)

    @event(Printed)
    def __init__(
        self,
        session_id: UUID,
        school_code: str,
        number: int,
        listed: tuple[ListedRow, ...],
        blank_rows: int,
        envelope: Envelope,
    ) -> None:
        self.session_id = session_id
        self.school_code = school_code
        self.number = number
        self.listed = listed
        self.blank_rows = blank_rows
        self.brought_at: datetime | None = None  # first: typed, or its picture
        self.scans: dict[UUID, Scan] = {}
        self.rows: frozenset[PaperRow] = frozenset()
        self.named: frozenset[UUID] = frozenset()  # by any entry, withdrawn or not
        self.entered_by: UUID | None = None
        self.checked_by: UUID | None = None
        self.differing: tuple[int, ...] = ()

    @property
    def last_row(self) -> int:
        return len(self.listed) + self.blank_rows

    def learner_of(self, row: int) -> UUID | None:
        """Whom a printed row is for; None for a blank one. Raises SheetRowWrong."""
        if not 1 <= row <= self.last_row:
            raise SheetRowWrong(row=row)
        return self.listed[row - 1].learner_id if row <= len(self.listed) else None

    @property
    def people(self) -> frozenset[UUID]:
        """Whose names stand on it, adults and children, also by an entry that was taken back."""
        return people_on(self.listed) | self.named

    def file_scan(self, scan: Scan, envelope: Envelope) -> None:
        """Keep a picture of the paper; the same one again is no news. Raises TooManyScans."""
        if scan.document_id in self.scans:
            return
        if len(self.scans) >= MOST_SCANS:
            raise TooManyScans(most=MOST_SCANS)
        self._scan_filed(scan=scan, envelope=envelope)

    def enter(self, rows: Sequence[PaperRow], closed_at: datetime, envelope: Envelope) -> None:
        """Type what the paper says: it counts for nothing before another person has checked it.

        Whoever typed it may type it anew; the same again is no news. Raises SheetChecked,
        SheetWaits, SheetRowWrong.
        """
        self._must_fit(rows, closed_at)
        if self.checked_by is not None:
            if frozenset(rows) == self.rows:
                return
            raise SheetChecked
        if self.entered_by not in {None, envelope.actor.id}:
            raise SheetWaits
        if self.entered_by is None or frozenset(rows) != self.rows:
            self._entered(rows=in_order(rows), envelope=envelope)

    def withdraw(self, envelope: Envelope) -> None:
        """Take back what nobody has checked. Raises SheetChecked, SheetNotEntered."""
        if self.checked_by is not None:
            raise SheetChecked
        if self.entered_by is None:
            raise SheetNotEntered
        self._withdrawn(envelope=envelope)

    def compare(self, rows: Sequence[PaperRow], closed_at: datetime, envelope: Envelope) -> bool:
        """Whether a second person reads the same; where they do not, that is a fact of its own.

        Raises SheetNotEntered, ChecksOwnSheet, SheetRowWrong, and SheetChecked for another reading
        of a sheet that counts already.
        """
        self.admit_check(envelope)
        self._must_fit(rows, closed_at)
        differing = differing_rows(self.rows, rows)
        if self.checked_by is not None:
            if differing:
                raise SheetChecked
            return True
        if differing:
            self._differed(rows=differing, envelope=envelope)
        return not differing

    def admit_check(self, envelope: Envelope) -> None:
        """Whether this person may check it. Raises SheetNotEntered, ChecksOwnSheet."""
        if self.entered_by is None:
            raise SheetNotEntered
        if self.checked_by is None and envelope.actor.id == self.entered_by:
            raise ChecksOwnSheet

    def check(self, attendance_ids: Sequence[UUID], envelope: Envelope) -> None:
        """Let count what both persons read: these are the attendances, row by row."""
        assert self.entered_by is not None
        self._checked(
            entered_by=self.entered_by,
            rows=in_order(self.rows),
            attendance_ids=tuple(attendance_ids),
            envelope=envelope,
        )

    def _must_fit(self, rows: Sequence[PaperRow], closed_at: datetime) -> None:
        rows_seen: set[int] = set()
        seen = {each.learner_id for each in self.listed}
        for each in rows:
            printed = self.learner_of(each.row)
            is_other = printed != each.learner_id if printed else each.learner_id in seen
            if is_other or each.row in rows_seen:
                raise SheetRowWrong(row=each.row)
            each.must_lie_within(closed_at)
            rows_seen.add(each.row)
            seen.add(each.learner_id)

    @event(ScanFiled)
    def _scan_filed(self, scan: Scan, envelope: Envelope) -> None:
        self.scans[scan.document_id] = scan
        self.brought_at = self.brought_at or envelope.at

    @event(Entered)
    def _entered(self, rows: tuple[PaperRow, ...], envelope: Envelope) -> None:
        self.rows = frozenset(rows)
        self.brought_at = self.brought_at or envelope.at
        self.named |= {row.learner_id for row in rows}
        self.entered_by = envelope.actor.id
        self.differing = ()

    @event(EntryWithdrawn)
    def _withdrawn(self, envelope: Envelope) -> None:
        self.rows, self.entered_by, self.differing = frozenset(), None, ()

    @event(CheckDiffered)
    def _differed(self, rows: tuple[int, ...], envelope: Envelope) -> None:
        self.differing = rows

    @event(Checked)
    def _checked(
        self,
        entered_by: UUID,
        rows: tuple[PaperRow, ...],
        attendance_ids: tuple[UUID, ...],
        envelope: Envelope,
    ) -> None:
        self.rows = frozenset(rows)
        self.checked_by = envelope.actor.id
        self.differing = ()


def people_on(listed: Iterable[ListedRow]) -> frozenset[UUID]:
    """Adults and children of the rows that are printed."""
    return frozenset(each for row in listed for each in (row.learner_id, row.child_id))


def code_of(sheet_id: UUID) -> str:
    """Eight letters and digits that name a sheet on paper: the end of its id, in base32."""
    return b32encode(sheet_id.bytes[-CODE_BYTES:]).decode()


def in_order(rows: Iterable[PaperRow]) -> tuple[PaperRow, ...]:
    return tuple(sorted(rows, key=lambda each: each.row))


def differing_rows(one: Iterable[PaperRow], other: Iterable[PaperRow]) -> tuple[int, ...]:
    """The rows that two readings do not say the same of."""
    return tuple(sorted({each.row for each in frozenset(one) ^ frozenset(other)}))
