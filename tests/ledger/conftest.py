"""Two schools under the rulebook, for commands of the teachers' ledger."""

from __future__ import annotations

import pytest

from ledger.book import Book
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.ledger.staffroom import OTHER


@pytest.fixture
def school(book: Book) -> Book:
    """Two schools under the rulebook."""
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())
    for code, name in ((SCHOOL, "示例小学"), (OTHER, "示例中学")):
        book.registry.register_school(NewSchool(code, name, ("primary",), DISTRICT), envelope())
    return book
