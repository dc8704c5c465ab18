"""Within one look nothing is read twice; whoever writes, and whoever waits, reads anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from domain.school import SchoolMerged
from ledger import look
from ledger.book import Book
from ledger.look import begin_look, end_look, looked_at, told
from ledger.registry import NewSchool
from tests.acting import DISTRICT, envelope


class Shelf:
    """Streams that know how often they were read."""

    def __init__(self) -> None:
        self.asked: list[list[UUID]] = []

    def read(self, ids: list[UUID]) -> dict[UUID, list[StoredEvent]]:
        self.asked.append(ids)
        return {key: [] for key in ids}


def test_what_was_read_is_not_read_again_and_of_the_rest_only_the_rest() -> None:
    shelf, one, two = Shelf(), uuid4(), uuid4()

    def page() -> None:
        begin_look()
        looked_at([one], shelf.read)
        copy_context().run(looked_at, [one, two], shelf.read)  # as in another thread
        assert looked_at([two, one, two], shelf.read) == {two: [], one: []}

    copy_context().run(page)
    assert shelf.asked == [[one], [two]]


def test_the_same_question_is_answered_alike_and_nobody_changes_the_answer_for_others() -> None:
    asked: list[str] = []

    def ask() -> list[str]:
        asked.append("asked")
        return ["answer"]

    def page() -> None:
        begin_look()
        told(("who", ["ours", "theirs"]), ask).clear()
        assert told(("who", ["ours", "theirs"]), ask) == ["answer"]
        told(("who", ["ours"]), ask)
        for _ in range(2):
            told(("who", {"it": "cannot be compared"}), ask)
        end_look()
        told(("who", ["ours"]), ask)

    copy_context().run(page)
    told(("who", ["ours"]), ask)
    assert len(asked) == 6


def test_a_look_that_ends_while_somebody_reads_still_answers_them() -> None:
    one, two, shelf = uuid4(), uuid4(), Shelf()

    def read(ids: list[UUID]) -> dict[UUID, list[StoredEvent]]:
        end_look()  # as by another thread of the same request
        return shelf.read(ids)

    def page() -> None:
        begin_look()
        looked_at([one], shelf.read)
        assert looked_at([one, two], read) == {one: [], two: []}

    copy_context().run(page)


def test_without_a_look_each_asks_for_itself() -> None:
    shelf, one = Shelf(), uuid4()
    for _ in range(2):
        copy_context().run(looked_at, [one], shelf.read)
    assert shelf.asked == [[one], [one]]


def test_a_look_ends_with_a_write_and_with_its_second(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, one = Shelf(), uuid4()

    def page(end: str) -> None:
        begin_look()
        looked_at([one], shelf.read)
        if end == "write":
            copy_context().run(end_look)
        looked_at([one], shelf.read)

    copy_context().run(page, "write")
    assert shelf.asked == [[one], [one]]
    monkeypatch.setattr(look, "SECONDS", 0.0)
    copy_context().run(page, "time")
    assert shelf.asked == [[one]] * 4


def test_a_command_decides_from_what_is_there_now(book: Book) -> None:
    """Of the school that shall answer for ours the page knows only that it stood a moment ago."""
    for number in (1, 2, 3):
        book.registry.register_school(
            NewSchool(f"44010400000{number}", f"示例{number}校", ("primary",), DISTRICT), envelope()
        )
    ours, next_door, far = (f"44010400000{number}" for number in (1, 2, 3))

    def page() -> None:
        begin_look()
        book.registry.school(next_door).must_stand()
        with ThreadPoolExecutor(1) as elsewhere:
            merging = elsewhere.submit(
                book.registry.merge_school, next_door, far, date(2026, 9, 1), envelope()
            )
            merging.result()
        book.registry.school(next_door).must_stand()  # of this look
        with pytest.raises(SchoolMerged):
            book.registry.merge_school(ours, next_door, date(2026, 9, 1), envelope())

    copy_context().run(page)
