"""A command is cut between the vault and its event: given again, it ends as if it had not been."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date

import pytest

from domain.learner import Learner
from ledger.book import Book
from ledger.roster import Roster, Rosters
from ledger.teachers import Teachers
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.database import TestDatabase
from tests.ledger.interrupting import interrupted
from tests.ledger.staffroom import OTHER, new, now

ROSTER = Roster(SCHOOL, 2026)
ROW = entry(2, phone="10000000099")


class Killed(Exception):
    """The process is gone."""


def killed() -> None:
    raise Killed


def told(pilot: Pilot) -> list[tuple[str, ...]]:
    facts = pilot.book.ledger.events.get(pilot.learners[0])
    return [fact.changed for fact in facts if isinstance(fact, Learner.DetailsChanged)]


def bring(pilot: Pilot) -> str:
    [result] = pilot.book.rosters.take(ROSTER, [ROW], envelope(), dry_run=False)
    return result.outcome


def test_a_phone_that_a_cut_import_left_in_the_vault_is_told_by_the_next(
    pilot: Pilot, database: TestDatabase
) -> None:
    book = pilot.book
    with interrupted(database, killed) as ledger, pytest.raises(Killed):
        Rosters(ledger, book.vault, book.likeness).take(ROSTER, [ROW], envelope(), dry_run=False)
    assert told(pilot) == []

    [seen] = book.rosters.take(ROSTER, [ROW], envelope(), dry_run=True)
    assert [seen.outcome, bring(pilot), bring(pilot)] == ["changed", "changed", "same"]
    assert told(pilot) == [("phone",)]
    assert book.vault.open([pilot.learners[0]])[pilot.learners[0]].fields["phone"] == ROW.phone


def test_a_teacher_does_not_leave_between_the_words_of_a_move_and_its_fact(
    school: Book, database: TestDatabase
) -> None:
    li = school.teachers.register(new(staff_no="T1"), now())
    leaving: list[Future[int]] = []

    def meanwhile(pool: ThreadPoolExecutor) -> Callable[[], None]:
        def leave() -> None:
            last = date(2026, 11, 30)
            leaving.append(pool.submit(lambda: school.teachers.leave(li, last, now())))
            assert not wait(leaving, timeout=0.3).done

        return leave

    with ThreadPoolExecutor(1) as pool, interrupted(database, meanwhile(pool)) as ledger:
        Teachers(ledger, school.vault, school.rulebooks).move(li, OTHER, date(2026, 11, 1), now())

    assert leaving[0].result() > 0
    [before, after] = school.teachers.get(li).services
    assert (before.ends, after.school_code) == (date(2026, 10, 31), OTHER)
    assert after.ends == date(2026, 11, 30)
