"""The small code of a row means that row and nothing else; an invented one means nothing."""

from __future__ import annotations

from typing import Any

import pytest
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

from api.bootstrap import Runtime
from api.sheet_codes import CodedRow, UnknownRowCode, row_code, sheet_row_of
from domain.sheet import Sheet
from tests.acting import Pilot
from tests.paper import print_sheets


@pytest.fixture
def sheet(runtime: Runtime) -> Sheet:
    pilot = Pilot(runtime.book).set_up()
    [sheet] = print_sheets(pilot, pilot.learners)
    runtime.projector.catch_up()
    return sheet


def test_a_row_code_leads_to_the_row_and_whom_it_is_for(runtime: Runtime, sheet: Sheet) -> None:
    second, blank = (row_code(runtime, sheet.id, row) for row in (2, 4))
    assert sheet_row_of(runtime, f" {second.lower()}\n") == CodedRow(
        sheet.id, sheet.session_id, 2, sheet.listed[1].learner_id
    )
    assert sheet_row_of(runtime, blank).learner_id is None


def test_a_row_code_fits_the_smallest_qr_code(runtime: Runtime, sheet: Sheet) -> None:
    drawn: QRCode[Any] = QRCode(error_correction=ERROR_CORRECT_L)
    drawn.add_data(row_code(runtime, sheet.id, 25))
    drawn.make(fit=True)
    assert drawn.version == 1


@pytest.mark.parametrize("change", ["row", "mac", "sheet", "other"])
def test_an_invented_code_is_refused(runtime: Runtime, sheet: Sheet, change: str) -> None:
    prefix, code, row, mac = row_code(runtime, sheet.id, 2).split(".")
    invented = {
        "row": (prefix, code, "3", mac),
        "mac": (prefix, code, row, "A" * 8),
        "sheet": (prefix, "A" * 8, row, mac),
        "other": ("PCL1", code, row, mac),
    }
    with pytest.raises(UnknownRowCode):
        sheet_row_of(runtime, ".".join(invented[change]))
