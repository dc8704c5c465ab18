"""Scan ids: the first meaning stays, whoever asks at once, until nobody can ask any more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from ledger.book import Book
from ledger.scans import KEPT


def test_the_first_meaning_of_a_scan_stays(book: Book) -> None:
    scan, first, second = uuid4(), uuid4(), uuid4()

    assert book.scans.remember({scan: first}) == {scan: first}
    assert book.scans.remember({scan: second}) == {scan: first}
    assert book.scans.remember({}) == {}


def test_all_who_ask_at_once_hear_the_same(book: Book) -> None:
    scans = [uuid4() for _ in range(20)]

    def ask(number: int) -> dict[UUID, UUID]:
        order = scans if number % 2 else scans[::-1]
        return book.scans.remember({scan: uuid4() for scan in order})

    with ThreadPoolExecutor(6) as phones:
        answers = list(phones.map(ask, range(12)))

    assert all(answer == answers[0] for answer in answers)


def test_old_scans_are_forgotten(book: Book) -> None:
    scan, first, second = uuid4(), uuid4(), uuid4()
    book.scans.remember({scan: first})

    book.scans.forget(datetime.now(UTC))
    assert book.scans.remember({scan: second}) == {scan: first}
    book.scans.forget(datetime.now(UTC) + KEPT + timedelta(minutes=1))
    assert book.scans.remember({scan: second}) == {scan: second}
