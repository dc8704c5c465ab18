"""A save whose session the server ended is asked again, as a lost answer is."""

from __future__ import annotations

from datetime import date

import pytest

from domain.calendar import Term
from domain.term import TermsOverlap
from ledger import store
from ledger.book import Book
from ledger.ledger import OutcomeUnknown
from tests.acting import envelope
from tests.ended_sessions import end_sessions

BEGINS, ENDS = date(2027, 9, 1), date(2028, 1, 20)
TERM, OTHER = (Term(school_year=2027, term_no=no, begins=BEGINS, ends=ENDS) for no in (1, 2))


def test_a_command_whose_session_was_ended_is_recorded_once(
    school: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = school.ledger.position()
    end_sessions(monkeypatch, times=1)

    school.registry.open_term(TERM, envelope())

    assert len(school.ledger.store.select_notifications(before + 1, 10)) == 1
    assert school.registry.term(TERM.school_year, TERM.term_no) == TERM


def test_what_moved_meanwhile_is_seen(school: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    end_sessions(monkeypatch, 1, lambda: school.registry.open_term(OTHER, envelope()))

    with pytest.raises(TermsOverlap):
        school.registry.open_term(TERM, envelope())


def test_where_it_is_ended_each_time_nothing_is_recorded_and_nobody_says_it_is(
    school: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = school.ledger.position()
    end_sessions(monkeypatch, times=9)
    monkeypatch.setattr(store, "ATTEMPTS", 2)

    with pytest.raises(OutcomeUnknown):
        school.registry.open_term(TERM, envelope())

    assert school.ledger.position() == before
