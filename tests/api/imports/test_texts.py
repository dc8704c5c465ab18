"""Every reason of an import has a sentence in both languages."""

from __future__ import annotations

from api.files.texts import TEXTS as TEXTS_OF_CELLS
from api.imports.texts import TEXTS, reason
from domain.exam import AttemptsUsed, ExamNotOpen
from domain.exam_refusals import AttemptWaits, CheckLocked, ChecksOwnEntry, ResultDiffers
from domain.staff import OwnCase
from ledger.exams import ResultNotEntered


def test_what_a_result_may_be_refused_for_has_a_text() -> None:
    refusals = (
        AttemptWaits, AttemptsUsed, CheckLocked, ChecksOwnEntry, ExamNotOpen, ResultDiffers,
        OwnCase, ResultNotEntered,
    )  # fmt: skip

    assert {refusal.code for refusal in refusals} <= set(TEXTS)


def test_every_reason_is_said_in_both_languages() -> None:
    for code in {*TEXTS, *TEXTS_OF_CELLS}:
        chinese, english = reason(code, "zh"), reason(code, "en")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
        assert english.strip()
        assert chinese != english
