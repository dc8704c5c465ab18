"""No text that PostgreSQL cannot keep becomes a fact: it would stop every projection for good."""

from __future__ import annotations

import pytest

from ledger.mapper import TextNotKept
from tests.acting import SCHOOL, Pilot, envelope


def test_a_nul_in_a_text_is_refused_and_nothing_is_recorded(pilot: Pilot) -> None:
    before = pilot.book.ledger.position()

    with pytest.raises(TextNotKept):
        pilot.book.registry.open_classes(SCHOOL, 2026, [("三年级", "2\0班")], envelope())

    assert pilot.book.ledger.position() == before


def test_what_only_looks_like_one_is_a_text(pilot: Pilot) -> None:
    pilot.book.registry.open_classes(SCHOOL, 2026, [("三年级", r"a\u0000")], envelope())
