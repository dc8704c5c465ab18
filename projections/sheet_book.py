"""The sheet book: which sign-in sheets of a session were printed, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.sheet import PaperRow, Sheet, code_of, people_on
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS sheet (
    sheet_id uuid PRIMARY KEY,
    session_id uuid NOT NULL,
    school_code text NOT NULL,
    number bigint NOT NULL,
    code text NOT NULL,
    listed bigint NOT NULL,
    blank_rows bigint NOT NULL,
    printed_at timestamptz NOT NULL,
    standing text NOT NULL,
    differing bigint NOT NULL,
    scans bigint NOT NULL,
    came bigint,
    entered_by uuid,
    entered_at timestamptz,
    checked_by uuid,
    checked_at timestamptz,
    people uuid[] NOT NULL
);
CREATE INDEX IF NOT EXISTS sheet_session ON sheet (session_id, number);
CREATE INDEX IF NOT EXISTS sheet_code ON sheet (code);
CREATE INDEX IF NOT EXISTS sheet_pictured ON sheet USING gin (people) WHERE scans > 0;
CREATE INDEX IF NOT EXISTS sheet_waiting ON sheet (school_code) WHERE standing = 'entered';
"""
_OF_SESSION: LiteralString = "SELECT * FROM sheet WHERE session_id = %(session)s ORDER BY number"
_SHEET: LiteralString = "SELECT * FROM sheet WHERE sheet_id = %(sheet)s"
_PICTURED: LiteralString = """
SELECT sheet_id FROM sheet WHERE people && %(people)s AND scans > 0 ORDER BY sheet_id
"""
_CODED: LiteralString = "SELECT * FROM sheet WHERE code = %(code)s ORDER BY sheet_id"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`standing` is printed, entered or checked; `came`: how many rows of it say that they came.

    `people`: the adults and children whose names ever stood on it.
    """

    sheet_id: UUID
    session_id: UUID
    school_code: str
    number: int
    code: str
    listed: int
    blank_rows: int
    printed_at: datetime
    standing: str = "printed"
    differing: int = 0
    scans: int = 0
    came: int | None = None
    entered_by: UUID | None = None
    entered_at: datetime | None = None
    checked_by: UUID | None = None
    checked_at: datetime | None = None
    people: Sequence[UUID] = ()


SHEET = Table("sheet", SheetLine, key=("sheet_id",), stream="sheet_id")


class SheetBook:
    name = "sheet_book"
    version = 2
    tables = ("sheet",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Sheet.Printed.TOPIC,
            Sheet.ScanFiled.TOPIC,
            Sheet.Entered.TOPIC,
            Sheet.EntryWithdrawn.TOPIC,
            Sheet.CheckDiffered.TOPIC,
            Sheet.Checked.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        sheets = Fold(tx, SHEET, facts)
        for fact in facts:
            match fact.event:
                case Sheet.Printed() as event:
                    sheets.put(printed(event))
                case Sheet.ScanFiled():
                    line = sheets[fact.stream,]
                    sheets.put(replace(line, scans=line.scans + 1))
                case Sheet.Entered() as event:
                    sheets.put(entered(sheets[fact.stream,], event))
                case Sheet.EntryWithdrawn():
                    sheets.put(withdrawn(sheets[fact.stream,]))
                case Sheet.CheckDiffered(rows=rows):
                    sheets.put(replace(sheets[fact.stream,], differing=len(rows)))
                case Sheet.Checked() as event:
                    sheets.put(checked(sheets[fact.stream,], event))
                case _:
                    pass
        sheets.save()

    def of_session(self, session_id: UUID) -> list[SheetLine]:
        """The sheets of a session by their numbers."""
        return self._views.rows(SheetLine, _OF_SESSION, session=session_id)

    def sheet(self, sheet_id: UUID) -> SheetLine | None:
        return self._views.row(SheetLine, _SHEET, sheet=sheet_id)

    def pictured(self, people: Iterable[UUID]) -> list[UUID]:
        """The sheets on which one of these people stands and of which a picture was brought."""
        return self._views.cells(_PICTURED, people=list(people))

    def with_code(self, code: str) -> list[SheetLine]:
        """The sheets that bear a code: it is short, two may share it."""
        return self._views.rows(SheetLine, _CODED, code=code)


def printed(event: Sheet.Printed) -> SheetLine:
    return SheetLine(
        sheet_id=event.originator_id,
        session_id=event.session_id,
        school_code=event.school_code,
        number=event.number,
        code=code_of(event.originator_id),
        listed=len(event.listed),
        blank_rows=event.blank_rows,
        printed_at=event.envelope.at,
        people=sorted(people_on(event.listed)),
    )


def entered(line: SheetLine, event: Sheet.Entered) -> SheetLine:
    return replace(
        line,
        standing="entered",
        differing=0,
        came=len(event.rows),
        entered_by=event.envelope.actor.id,
        entered_at=event.envelope.at,
        people=named_too(line, event.rows),
    )


def named_too(line: SheetLine, rows: Iterable[PaperRow]) -> list[UUID]:
    return sorted({*line.people, *(row.learner_id for row in rows)})


def withdrawn(line: SheetLine) -> SheetLine:
    return replace(
        line, standing="printed", differing=0, came=None, entered_by=None, entered_at=None
    )


def checked(line: SheetLine, event: Sheet.Checked) -> SheetLine:
    return replace(
        line,
        standing="checked",
        differing=0,
        checked_by=event.envelope.actor.id,
        checked_at=event.envelope.at,
    )
