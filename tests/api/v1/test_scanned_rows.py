"""The rows of a printed sign-in sheet, scanned at the desk like personal codes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from api.scanning import Scan, take
from api.sheet_codes import row_code
from domain.waiting_scan import Way
from tests.acting import envelope
from tests.api.desk import Desk
from tests.api.v1.test_scans import register, said, scanned, upload


def test_a_row_of_the_printed_sheet_is_read_like_a_personal_code(desk: Desk) -> None:
    desk.at_the_door()
    desk.browser("host").post(f"{desk.session}/sheets")
    desk.open()
    [line] = desk.runtime.models.sheets.of_session(desk.pilot.session_id)
    sheet = desk.runtime.book.sheets.get(line.sheet_id)
    named = next(row for row in range(1, 26) if sheet.learner_of(row))
    codes = [row_code(desk.runtime, line.sheet_id, row) for row in (named, 25)]
    learner = desk.pilot.learners[0]

    answers = upload(desk, *(scanned(desk, learner, code=code) for code in codes))
    [elsewhere] = upload_to(desk, uuid4(), scanned(desk, learner, code=codes[0]))

    assert said(answers) == [("taken", None), ("refused", "sheet_row_blank")]
    assert [who for who, *_ in register(desk)] == [sheet.learner_of(named)]
    assert elsewhere == "sheet_row_of_another_session"


def upload_to(desk: Desk, session_id: UUID, scan: dict[str, Any]) -> list[str | None]:
    """What becomes of it in another session."""
    made = Scan(uuid4(), Way.IN, desk.clock.at, code=scan["code"])
    answered = take(desk.runtime, session_id, made, envelope(desk.clock.at))
    return [answered.refusal.code if answered.refusal else None]
