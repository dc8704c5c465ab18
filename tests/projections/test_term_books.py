"""The books of a term: sessions, attendance and credits, all of the same moment or known not to."""

from __future__ import annotations

from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL
from tests.projections.term import Term


def test_books_that_only_some_read_models_show_are_not_of_one_moment(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    Projector(projector.views, [models.accounts]).catch_up()
    half = models.term_books.read(SCHOOL, 2026, 1)
    projector.catch_up()
    whole = models.term_books.read(SCHOOL, 2026, 1)

    assert (half.of_one_moment, half.sessions, half.credited) == (False, [], whole.credited)
    assert whole.of_one_moment
    assert whole.sessions
    assert whole.credited
