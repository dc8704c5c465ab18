"""An invented district: the same by the same seed, and what the program itself would record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from typer.testing import CliRunner

from api.cli import app
from bench.district import KINDS, Size, institutions, set_up
from bench.ground import Ground, fresh
from bench.making import LedgerHasEvents, Writer, district, make, steps
from bench.making_run import How, measured
from bench.people import families
from domain.grades import Stage
from domain.learner import Learner
from ledger.book import Book
from tests.bench.feeds import events
from tests.database import TestDatabase

SMALL = Size(institutions=3, families=10, seed=7)
KINDS_OF_FACTS = {
    "attendance.assessed", "attendance.checked_out", "account.credit_awarded",
    "account.credit_limited", "attempt.paper_result_checked", "evaluation.completion_reached",
    "evaluation.star_awarded", "session.attested",
}  # fmt: skip


@pytest.fixture
def ground(server: str) -> Iterator[Ground]:
    with fresh(server) as made:
        yield made


def streams(book: Book) -> dict[tuple[UUID | str, int], StoredEvent]:
    return {(each.originator_id, each.originator_version): each for each in events(book)}


def test_the_same_seed_makes_the_same_events_and_another_makes_others(
    server: str, ground: Ground
) -> None:
    make(ground.runtime.book, district(SMALL))
    with fresh(server) as again, fresh(server) as otherwise:
        make(again.runtime.book, district(SMALL))
        make(otherwise.runtime.book, district(Size(institutions=3, families=10, seed=8)))

        assert events(again.runtime.book) == events(ground.runtime.book)
        assert streams(otherwise.runtime.book).keys() != streams(again.runtime.book).keys()


def test_it_holds_every_kind_of_fact_and_the_read_models_take_them(ground: Ground) -> None:
    runtime = ground.runtime
    writer = make(runtime.book, district(SMALL))
    runtime.projector.catch_up()
    found = Counter(each.topic for each in events(runtime.book))

    assert found.keys() >= KINDS_OF_FACTS
    assert sum(found.values()) == runtime.book.ledger.position() >= writer.events
    assert [each.stopped_reason for each in runtime.projector.status() if each.stopped_reason] == []
    assert len(runtime.models.schools.schools("440104")) == 3
    learner = families(7, next(institutions(1)), 10)[0].learner_id
    assert runtime.models.accounts.balance(learner) > 0


def test_the_program_itself_would_record_the_same(server: str, ground: Ground) -> None:
    """Award runs, stays left open and exams: done in memory here, by the commands there."""
    size = Size(institutions=1, families=12, seed=3)
    make(ground.runtime.book, district(size))
    with fresh(server) as other:
        by_commands(other.runtime.book, size)

        assert streams(other.runtime.book) == streams(ground.runtime.book)


def by_commands(book: Book, size: Size) -> None:
    """What a step asks of the award process is asked of the real one; the rest is recorded."""
    set_up(book.rulebooks, book.registry, size.seed)
    for place in institutions(size.institutions):
        for step in steps(place, size):
            if step.follow is not None:
                step.follow(book.awards)
            else:
                writer = Writer(book)
                writer.put(step.units)
                writer.close()


def test_a_district_is_made_in_an_empty_ledger_only(ground: Ground) -> None:
    make(ground.runtime.book, district(Size(institutions=1, families=1)))
    position = ground.runtime.book.ledger.position()
    with pytest.raises(LedgerHasEvents):
        make(ground.runtime.book, district(Size(institutions=1, families=1)))
    assert ground.runtime.book.ledger.position() == position


def test_names_are_left_out_unless_they_are_asked_for(ground: Ground) -> None:
    book = ground.runtime.book
    make(book, district(Size(institutions=2, families=3)), in_vault=1)
    named, unnamed = ([f.learner_id for f in families(1, place, 3)] for place in institutions(2))

    held = book.vault.open([*named, *unnamed])
    assert held.keys() == set(named)
    learner = book.ledger.find(Learner, named[0])
    assert learner is not None
    assert learner.name_commitment == held[named[0]].commitment
    assert held[named[0]].name.startswith("（示例）")


def test_it_is_measured_beside_a_yardstick_of_the_same_run(ground: Ground) -> None:
    size = Size(institutions=1, families=2)
    figure = measured(ground.runtime, "district", district(size), How(jobs=1))
    assert min(figure.ours, figure.beside, figure.yardstick_n) > 0


def test_a_whole_district_has_150_schools_and_200_kindergartens() -> None:
    kinds = Counter(place.stage is Stage.KINDERGARTEN for place in institutions(350))
    assert (kinds[False], kinds[True]) == (150, 200)
    assert len(KINDS) == 7


@pytest.mark.parametrize("name", ["ledger", "Not A Name"])
def test_the_command_never_touches_the_installation_s_own_ledger(
    database: TestDatabase, name: str
) -> None:
    environment = {"PARENT_CREDITS_DATABASE_URL": database.owner}
    words = ["bench", "make-district", "--ledger", name]
    result = CliRunner().invoke(app, words, env=environment)
    assert result.exit_code == 2
