"""Commands of sign-in sheets on paper: print, keep the scan, type, check as a second person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.erasure import PersonErased
from domain.identity import derived
from domain.refusals import Refused
from domain.session import Session
from domain.session_refusals import SessionState
from domain.sheet import LISTED_ROWS, ROWS, ListedRow, PaperRow, Scan, Sheet, code_of
from domain.sheet_refusals import SheetDiffers, UnknownSheet
from domain.standing import Standing
from ledger.erased import refuse_erased
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import survivors
from ledger.sessions import Sessions
from ledger.sheet_rows import Reading, attendances_of
from ledger.streams import Streams
from ledger.vault import Entry, Vault

SCAN, CODE = "sheet_scan", "sheet_code"
SHEETS_AT_ONCE = 32


class SessionNotOver(Refused):
    """A sheet is typed once its session has ended: until then people may still sign out."""

    code = "sheet_session_not_over"


class SheetTooLate(Refused):
    """Late posting ended on `last_day`, and nothing of this sheet had been brought by then."""

    code = "sheet_too_late"


@dataclass(frozen=True)
class Picture:
    """A photo or a PDF of a sheet, as it was brought."""

    content: bytes
    media_type: str


class Sheets:
    def __init__(self, ledger: Ledger, sessions: Sessions, vault: Vault) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._vault = vault

    def get(self, sheet_id: UUID) -> Sheet:
        """Raises UnknownSheet."""
        return self._ledger.get(Sheet, sheet_id, UnknownSheet)

    def coded(self, codes: Iterable[str]) -> dict[str, UUID]:
        """Which sheets bear these codes; unknown ones are left out."""
        return self._vault.identify(CODE, codes)

    def of_session(self, session_id: UUID) -> list[Sheet]:
        """The sheets of a session in the order of their numbers."""
        found: list[Sheet] = []
        while len(found) % SHEETS_AT_ONCE == 0:
            numbers = range(len(found) + 1, len(found) + SHEETS_AT_ONCE + 1)
            keys = [Sheet.create_id(session_id, number) for number in numbers]
            streams = Streams(self._ledger.load(keys))
            if not (more := [sheet for key in keys if (sheet := streams.get(Sheet, key))]):
                break
            found += more
        return found

    def print(self, session_id: UUID, classes: Sequence[Sequence[ListedRow]], by: Envelope) -> int:
        """Put everybody on a sheet who is on none, class by class; what is printed stays.

        Raises UnknownSession, SessionState for one that is off.
        """

        def decide() -> list[LedgerAggregate]:
            session = self._sessions.get(session_id)
            if session.standing.is_off:
                raise SessionState(stands=session.standing.value)
            known = self.of_session(session_id)
            listed = {row.learner_id for sheet in known for row in sheet.listed}
            new = list(pages(classes, listed)) or ([] if known else [()])
            made: list[LedgerAggregate] = [
                printed(session, number, rows, by)
                for number, rows in enumerate(new, start=len(known) + 1)
            ]
            # Before the event: a code without a sheet is waste, a sheet without one is not found.
            keys = ((each.id, [(CODE, code_of(each.id))]) for each in made)
            self._vault.admit(Entry(key, "sheet", {}, codes) for key, codes in keys)
            return made

        return self._ledger.commit(by.command_id, decide)

    def file_scan(self, sheet_id: UUID, picture: Picture, by: Envelope) -> int:
        """Keep a picture of the paper under the sheet's own key.

        The bytes are sealed before the event says so: bytes without an event are waste.
        Raises UnknownSheet, PersonErased, TooManyScans.
        """
        sha256 = hashlib.sha256(picture.content).hexdigest()
        scan = Scan(
            document_id=derived(SCAN, sheet_id, sha256),
            sha256=sha256,
            media_type=picture.media_type,
            size=len(picture.content),
        )

        def filed(sheet: Sheet) -> None:
            self._refuse_erased(sheet)
            sheet.file_scan(scan, by)

        filed(self.get(sheet_id))
        self._vault.file(scan.document_id, SCAN, sheet_id, picture.content)
        return self._change(sheet_id, by, filed)

    def forget_erased(self, sheet_id: UUID) -> None:
        """Drop the pictures of a sheet on which somebody stands who was erased; again is no news.

        An erasure may be recorded between the check of a picture, or of an entry, and its commit.
        """
        if not (sheet := self.get(sheet_id)).scans:
            return
        try:
            self._refuse_erased(sheet)
        except PersonErased:
            for document_id in sheet.scans:
                self._vault.discard(document_id, SCAN)

    def _refuse_erased(self, sheet: Sheet) -> None:
        """Their earlier pictures went with them; they may stand here under a merged record."""
        speak = survivors(self._ledger, sheet.people).values()
        refuse_erased(self._ledger, *sheet.people, *speak)

    def scan(self, document_id: UUID) -> bytes | None:
        """The bytes of a scan as they were brought; None where they were erased."""
        return self._vault.document(document_id, SCAN)

    def enter(
        self, sheet_id: UUID, rows: Sequence[PaperRow], by: Envelope, *, dry_run: bool = False
    ) -> int:
        """Type a whole sheet; nobody is there by it before another person has checked it.

        The day on which it was brought counts, typed or as a picture: what was in time is put
        right later too. Raises UnknownSheet, SessionNotOver, SheetTooLate, OwnCase, SheetChecked,
        SheetWaits, SheetRowWrong, UnknownLearner, NotInvited.
        """

        def decide(sheet: Sheet) -> None:
            session = self._session(sheet, rows, by)
            self._refuse_late(session, sheet.brought_at or by.at)
            assert session.closed_at is not None
            sheet.enter(rows, session.closed_at, by)
            attendances_of(self._ledger, Reading(sheet, session, rows), by)  # refuses who cannot be

        if dry_run:
            decide(self.get(sheet_id))
            return self._ledger.position()
        return self._change(sheet_id, by, decide)

    def withdraw(self, sheet_id: UUID, by: Envelope) -> int:
        """Raises UnknownSheet, SheetNotEntered, SheetChecked."""
        return self._change(sheet_id, by, lambda sheet: sheet.withdraw(by))

    def check(self, sheet_id: UUID, rows: Sequence[PaperRow], by: Envelope) -> int:
        """Read a sheet as the second person: where both say the same, people were there.

        What was typed in time is checked whenever somebody comes to it. Raises SheetDiffers with
        the rows, and what `enter` and `Sheet.compare` refuse.
        """
        differing: list[tuple[int, ...]] = []

        def decide() -> list[LedgerAggregate]:
            sheet = self.get(sheet_id)
            session = self._session(sheet, rows, by)
            assert session.closed_at is not None
            differing.clear()
            if not sheet.compare(rows, session.closed_at, by):
                differing.append(sheet.differing)
                return [sheet]
            if sheet.checked_by is not None:
                return []
            attendances = attendances_of(self._ledger, Reading(sheet, session, rows), by)
            sheet.check([each.id for each in attendances], by)
            return [sheet, *{each.id: each for each in attendances}.values()]

        position = self._ledger.commit(by.command_id, decide)
        if differing:
            raise SheetDiffers(rows=list(differing[0]))
        return position

    def foresee_check(self, sheet_id: UUID, rows: Sequence[PaperRow], by: Envelope) -> None:
        """What a dry run may say: whether it can be checked, never whether both read the same."""
        sheet = self.get(sheet_id)
        self._session(sheet, rows, by)
        sheet.admit_check(by)

    def _session(self, sheet: Sheet, rows: Sequence[PaperRow], by: Envelope) -> Session:
        """The session of a sheet that this person may type or check.

        Raises OwnCase, SessionNotOver.
        """
        refuse_own_case(self._ledger, by.actor.id, *(each.learner_id for each in rows))
        session = self._sessions.get(sheet.session_id)
        if session.standing not in {Standing.CLOSED, Standing.ATTESTED}:
            raise SessionNotOver(stands=session.standing.value)
        return session

    def _refuse_late(self, session: Session, at: datetime) -> None:
        """Raises SheetTooLate once late posting is over."""
        last_day = self._sessions.late_posting_ends(session)
        if local_day(at, CITY_ZONE) > last_day:
            raise SheetTooLate(last_day=last_day)

    def _change(self, sheet_id: UUID, by: Envelope, change: Callable[[Sheet], None]) -> int:
        def decide() -> list[LedgerAggregate]:
            sheet = self.get(sheet_id)
            change(sheet)
            return [sheet]

        return self._ledger.commit(by.command_id, decide)


def printed(session: Session, number: int, rows: tuple[ListedRow, ...], by: Envelope) -> Sheet:
    return Sheet(
        session_id=session.id,
        school_code=session.plan.school_code,
        number=number,
        listed=rows,
        blank_rows=ROWS - len(rows),
        envelope=by,
    )


def pages(
    classes: Sequence[Sequence[ListedRow]], listed: set[UUID]
) -> Iterator[tuple[ListedRow, ...]]:
    """A class begins a new sheet; whoever comes for two children stands on the first."""
    for each in classes:
        new: dict[UUID, ListedRow] = {}
        for row in each:
            if row.learner_id not in listed:
                new.setdefault(row.learner_id, row)
        listed.update(new)
        rows = list(new.values())
        for start in range(0, len(rows), LISTED_ROWS):
            yield tuple(rows[start : start + LISTED_ROWS])
