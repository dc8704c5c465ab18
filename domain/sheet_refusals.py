"""Why a sign-in sheet says no."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownSheet(Refused):
    """No such sheet was printed."""

    code = "sheet_unknown"


class SheetNotEntered(Refused):
    """Nobody has typed the sheet: there is nothing to check or to take back."""

    code = "sheet_not_entered"


class SheetChecked(Refused):
    """The sheet was checked: what it said is recorded, and corrected like everything else."""

    code = "sheet_checked"


class SheetWaits(Refused):
    """Somebody else has typed the sheet: it waits to be checked."""

    code = "sheet_waits"


class ChecksOwnSheet(Refused):
    """A sheet is checked by another person than the one who typed it (DOMAIN F10)."""

    code = "sheet_checks_own_entry"


class SheetDiffers(Refused):
    """Two persons read the sheet differently; `rows` says where."""

    code = "sheet_differs"


class SheetRowWrong(Refused):
    """A row (`row`) names somebody else than the sheet, nobody of it, or times that cannot be."""

    code = "sheet_row_wrong"


class TooManyScans(Refused):
    """A sheet keeps so many pictures (`most`)."""

    code = "sheet_scans_too_many"
