"""The codes on a sign-in sheet: a small one for each row, told apart from an invented one."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from uuid import UUID

from api.bootstrap import Runtime
from domain.refusals import Refused
from domain.sheet import code_of
from projections.sheet_book import SheetLine
from projections.sight import everything_in_sight

# In capitals and digits, and short: at most 25 signs fit into the smallest QR code there is.
PREFIX = "PCS1"
ROW_CODE = re.compile(r"PCS1\.([A-Z2-7]{8})\.([0-9]{1,2})\.([A-Z2-7]{8})")
MAC_BYTES = 5


class UnknownRowCode(Refused):
    """The text is no code of a row that this ledger printed."""

    code = "sheet_row_code_unknown"


@dataclass(frozen=True)
class CodedRow:
    """A row of a sheet, and whom it is for; nobody's is a blank one."""

    sheet_id: UUID
    session_id: UUID
    row: int
    learner_id: UUID | None


def row_code(runtime: Runtime, sheet_id: UUID, row: int) -> str:
    """What the small QR code of a row says."""
    return f"{PREFIX}.{code_of(sheet_id)}.{row}.{mac(runtime, sheet_id, row)}"


def is_row_code(text: str) -> bool:
    return text.strip().upper().startswith(f"{PREFIX}.")


@everything_in_sight()
def sheet_row_of(runtime: Runtime, text: str) -> CodedRow:
    """The row that a scanned text names. Raises UnknownRowCode."""
    found = ROW_CODE.fullmatch(text.strip().upper())
    if found is None:
        raise UnknownRowCode
    code, row, given = found[1], int(found[2]), found[3]
    for line in runtime.models.sheets.with_code(code):
        if hmac.compare_digest(given, mac(runtime, line.sheet_id, row)):
            return coded_row(runtime, line, row)
    raise UnknownRowCode


def coded_row(runtime: Runtime, line: SheetLine, row: int) -> CodedRow:
    learner_id = runtime.book.sheets.get(line.sheet_id).learner_of(row)
    return CodedRow(line.sheet_id, line.session_id, row, learner_id)


def mac(runtime: Runtime, sheet_id: UUID, row: int) -> str:
    said = f"parent-credits/sheet-row/1\n{sheet_id}\n{row}".encode()
    digest = hmac.digest(runtime.secrets.check_in_codes, said, "sha256")
    return b32encode(digest[:MAC_BYTES]).decode()
