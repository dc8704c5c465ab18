"""Award runs and corrections of one evening: after each other, and at the same time."""

from __future__ import annotations

from uuid import uuid4

from tests.acting import ENDS, Pilot
from tests.ledger.test_corrections import corrected, was_there
from tests.ledger_evening import hold


def test_a_run_repeated_after_a_correction_that_moved_no_hour_records_nothing(
    pilot: Pilot,
) -> None:
    """The stay was longer, and counts from the session's beginning to its end all the same."""
    [chen, *_] = pilot.learners
    hold(pilot, [chen])
    corrected(pilot, was_there(pilot, chen, -5, 85))
    position = pilot.book.ledger.position()

    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    assert pilot.book.ledger.position() == position
