"""An invented city: the same by the same seed, and its stamped institutions live like others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from eventsourcing.persistence import StoredEvent
from msgspec import structs
from typer.testing import CliRunner

from api.cli import app
from api.passbook.checking import derived
from api.passbook.making import passbook_of
from bench.city import CITY, DISTRICTS, IN_A_BLOCK, city, city_institutions
from bench.district import Institution, Size
from bench.exam_day import SAT_AT
from bench.ground import Ground, fresh
from bench.making import LedgerHasEvents, make, steps
from bench.people import families
from bench.stamping import AN_ID, Stamp, UnknownOrigin, names_kept
from domain.attendance import AlreadyCheckedIn, Attendance
from domain.envelope import Actor, Channel, Role
from domain.learner import Learner
from domain.session import Session
from domain.term_plan import TermPlan
from ledger.book import Book
from ledger.check_in import CheckedIn, CheckIn, decide
from ledger.recomputing.figures import Verdict, What
from tests.bench.feeds import events
from tests.database import TestDatabase

SMALL = Size(institutions=18, families=6, seed=5, evenings=3, comes=0.8)
STAMPED = list(city_institutions(18))[5]


@pytest.fixture(scope="module")
def made(server: str) -> Iterator[Ground]:
    with fresh(server) as ground:
        make(ground.runtime.book, city(SMALL))
        ground.runtime.projector.catch_up()
        yield ground


def sessions_of(place: Institution, book: Book) -> list[Session]:
    plans = [TermPlan.create_id(place.school_code, 2025, term) for term in (1, 2)]
    found = book.ledger.load(plans).values()
    ids = [key for plan in found if isinstance(plan, TermPlan) for key in plan.sessions.values()]
    return [book.sessions.get(each) for each in ids]


def test_the_same_seed_makes_the_same_city_in_many_processes_and_after_a_cut(
    server: str, made: Ground
) -> None:
    class Cut(Exception):
        pass

    def cut(done: int, _events: int) -> None:
        if done == IN_A_BLOCK:
            raise Cut

    with fresh(server) as other:
        with pytest.raises(Cut):
            make(other.runtime.book, city(SMALL), progress=cut)
        part = other.runtime.book.ledger.position()
        with pytest.raises(LedgerHasEvents):
            make(other.runtime.book, city(SMALL))
        with pytest.raises(LedgerHasEvents):
            make(other.runtime.book, city(replace(SMALL, seed=6)), resume=True)
        assert other.runtime.book.ledger.position() == part > 0
        make(other.runtime.book, city(SMALL), jobs=2, resume=True)

        assert events(other.runtime.book) == events(made.runtime.book)


def test_an_original_stamped_on_itself_is_itself_and_a_copy_shares_no_id_with_it() -> None:
    place = next(city_institutions(1))
    with names_kept() as names:
        original = [step.units for step in steps(place, SMALL)]
    stamp = Stamp(place, SMALL, original, names)
    assert list(stamp.copied(place)) == original

    copy = list(stamp.copied(STAMPED))
    shared = ids_in(original) & ids_in(copy)
    assert shared == {key for key in shared if key in names and place.school_code not in names[key]}
    assert not streams_of(original) & streams_of(copy)
    assert not any(word in text(copy) for word in (place.school_code, f'"{place.district}"'))


def streams_of(year: list[list[list[StoredEvent]]]) -> set[object]:
    return {event.originator_id for units in year for unit in units for event in unit}


def text(year: list[list[list[StoredEvent]]]) -> str:
    return "\n".join(event.state.decode() for s in year for unit in s for event in unit)


def ids_in(year: list[list[list[StoredEvent]]]) -> set[str]:
    return set(re.findall(AN_ID, text(year)))


def test_an_id_of_unknown_making_is_never_copied() -> None:
    place = next(city_institutions(1))
    original = [step.units for step in steps(place, replace(SMALL, families=1))]
    with pytest.raises(UnknownOrigin):
        Stamp(place, SMALL, original, {})


def test_in_a_stamped_session_a_repeated_check_in_is_recognised(made: Ground) -> None:
    book = made.runtime.book
    session = sessions_of(STAMPED, book)[0]
    come = list(book.ledger.load(book.sessions.attendance_ids(session.id)).values())
    assert come
    for attendance in come:
        assert isinstance(attendance, Attendance)
        again = CheckIn(
            session_id=session.id,
            learner_id=attendance.learner_id,
            scan_id=attendance.scan_id,
            channel=Channel.ROTATING_QR,
            actor=Actor(id=attendance.learner_id, role=Role.PARENT),
            at=attendance.checked_in_at,
            now=attendance.checked_in_at,
        )
        loaded = book.ledger.load(again.streams)
        answer = decide(again, loaded, book.sessions.door_of, again.attendance_id)
        assert answer == CheckedIn(attendance.checked_in_at)
        other = structs.replace(again, scan_id=session.id)
        with pytest.raises(AlreadyCheckedIn):
            decide(other, loaded, book.sessions.door_of, again.attendance_id)


def test_what_follows_from_a_stamped_session_is_recorded_already(made: Ground) -> None:
    book = made.runtime.book
    before = book.ledger.position()
    for session in sessions_of(STAMPED, book):
        book.awards.run(session.id, session.plan.ends_at + timedelta(days=30), session.id)
    for family in families(SMALL.seed, STAMPED, SMALL.families):
        book.awards.evaluate(family.learner_id, SAT_AT, family.learner_id)
    assert book.ledger.position() == before


def test_every_figure_of_a_stamped_learner_comes_out_the_same(made: Ground) -> None:
    models, found = made.runtime.models, set[What]()
    for family in families(SMALL.seed, STAMPED, SMALL.families):
        learner_id = family.learner_id
        figures = derived(passbook_of(made.runtime, learner_id))
        assert {figure.verdict for figure in figures} == {Verdict.SAME}
        found |= {figure.what for figure in figures}
        lines = models.accounts.statement(learner_id)
        assert lines[-1].balance == models.accounts.balance(learner_id) > 0
        assert [progress.stage for progress in models.stars.progress_of(learner_id)] == [
            STAMPED.stage
        ]
    assert {What.ATTENDANCE, What.LINE, What.EXAM, What.STAR} <= found


def test_what_is_stamped_vouches_for_its_own_names(server: str) -> None:
    with fresh(server) as ground:
        book = ground.runtime.book
        make(book, city(replace(SMALL, institutions=2, families=2)), in_vault=2)
        _, stamped = city_institutions(2)
        known = families(SMALL.seed, stamped, 2)
        held = book.vault.open([family.learner_id for family in known])
        for family in known:
            learner = book.ledger.find(Learner, family.learner_id)
            assert learner is not None
            assert learner.name_commitment == held[family.learner_id].commitment


def test_a_city_has_eleven_districts_and_one_kind_in_a_block() -> None:
    every = list(city_institutions(CITY.institutions))
    assert len({place.school_code for place in every}) == len(every)
    districts = Counter(place.district for place in every)
    assert districts.keys() == set(DISTRICTS)
    assert max(districts.values()) - min(districts.values()) <= 1
    assert all(len({place.stage for place in block}) == 1 for block in city().blocks())


def test_the_command_makes_one_and_refuses_a_ledger_that_has_events(
    database: TestDatabase,
) -> None:
    environment = {"PARENT_CREDITS_DATABASE_URL": database.owner}
    words = ["bench", "make-city", "--institutions", "1", "--families", "1", "--jobs", "1"]
    first, again = (CliRunner().invoke(app, words, env=environment) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 5), first.output
    assert "events of a city" in first.output
