"""A sheet behind the doors: printed, with its scan."""

from __future__ import annotations

from ledger.sheets import Picture
from tests.acting import Pilot
from tests.paper import print_sheets, typing


def sheet_things(pilot: Pilot) -> dict[str, str]:
    [sheet] = print_sheets(pilot, pilot.learners)
    pilot.book.sheets.file_scan(sheet.id, Picture(b"%PDF-1.4 %%EOF", "application/pdf"), typing())
    [document_id] = pilot.book.sheets.get(sheet.id).scans
    return {"sheet_id": str(sheet.id), "document_id": str(document_id)}
