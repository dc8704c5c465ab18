"""`make bench-data`: the sets that large rows are measured on, made once and kept.

Small and city are of one kind (bench/city.py) and differ in size; the district is the pilot's.
Each step is timed and remembered: what was cut goes on where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from rich.console import Console
from rich.progress import Progress

from api.certificates import authorise
from api.signing import create_key
from bench.city import CITY, city
from bench.district import SET_UP
from bench.ground import Ground
from bench.kept import Kept
from bench.log import keeping
from bench.machine import look
from bench.making import Plan, admit, district, make
from bench.making_run import cores
from bench.people import staff_id_of
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived
from ledger.ledger import EVENTS_TABLE
from projections.rebuild import Rebuild

SMALL = replace(CITY, institutions=34)  # ten thousand learners
OFFICE = timedelta(days=3650)
AT_ONCE = 50_000
ISSUING = 4  # schools


class OtherSize(Exception):
    """What is kept is of another size than what is asked for: remove it first."""


def sets(one_in: int = 1) -> dict[str, Plan]:
    """The three sets, smaller where that is asked for."""
    whole = {"small": city(SMALL), "district": district(), "city": city()}
    return {
        name: replace(
            plan, size=replace(plan.size, institutions=-(-plan.size.institutions // one_in))
        )
        for name, plan in whole.items()
    }


def make_data(kept: Kept, plans: dict[str, Plan], jobs: int = 0) -> None:
    """Make what is missing. Raises OtherSize."""
    with kept.server() as on:
        for name, plan in plans.items():
            Made(kept, on, name, plan, jobs or cores()).complete()


class Made:
    """One set: its steps, and the note of those that are done."""

    def __init__(self, kept: Kept, on: str, name: str, plan: Plan, jobs: int) -> None:
        self.kept, self.on, self.name, self.plan, self.jobs = kept, on, name, plan, jobs

    def complete(self) -> None:
        """Do what was not done yet. Raises OtherSize."""
        size = asdict(self.plan.size)
        known = self.kept.read().get(self.name, {"size": size, "steps": {}})
        if known["size"] != size:
            raise OtherSize(self.name)
        with self.kept.ground(self.on, self.name) as ground:
            for step, work in STEPS.items():
                if step not in known["steps"]:
                    self._do(ground, known, step, work)
            renew(ground)
        self._note(known | {"whole": True})

    def _do(self, ground: Ground, known: dict[str, Any], step: str, work: Step) -> None:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task(f"{self.name}: {step}", total=None)
            began = time.perf_counter()
            work(ground, self, lambda done, total: bar.update(task, completed=done, total=total))
            seconds = time.perf_counter() - began
        known["steps"][step] = {"seconds": round(seconds, 1)}
        known |= facts(ground, self.on)
        self._note(known)

    def _note(self, known: dict[str, Any]) -> None:
        self.kept.write(self.kept.read() | {self.name: known})


Told = Callable[[int, int], None]
Step = Callable[[Ground, Made, Told], object]


def events(ground: Ground, made: Made, told: Told) -> None:
    total = made.plan.size.institutions
    make(
        ground.runtime.book, made.plan, jobs=made.jobs, resume=True,
        progress=lambda done, _: told(done, total),
    )  # fmt: skip


def names(ground: Ground, made: Made, _told: Told) -> None:
    admit(ground.runtime.book, made.plan)


def officers(ground: Ground, made: Made, _told: Told) -> None:
    """Somebody of each district who may look at it."""
    registry = ground.runtime.book.registry
    for code in sorted({place.district for place in made.plan.institutions()}):
        person = officer_of(code)
        registry.register_staff(person, office(code, "register"))
        until = (SET_UP + OFFICE).date()
        registry.authorise(
            person, Role.DISTRICT_OFFICER, code, SET_UP.date(), until, office(code, "authorise")
        )


def officer_of(district_code: str) -> UUID:
    return derived("bench officer", district_code)


def office(code: str, what: str) -> Envelope:
    return Envelope(
        command_id=derived("bench officer", code, what),
        actor=Actor(id=derived("bench city"), role=Role.CITY_ADMINISTRATOR),
        channel=Channel.SYSTEM,
        occurred_at=SET_UP,
    )


def read_models(ground: Ground, _made: Made, told: Told) -> None:
    projector = ground.runtime.projector
    head = projector.feed.head()
    for until in [*range(AT_ONCE, head, AT_ONCE), head]:
        projector.catch_up(until)
        told(until, head)
    assert not [each for each in projector.status() if each.stopped_reason]


def renew(ground: Ground) -> None:
    """Read models that a newer program has other tables for."""
    for projection in ground.runtime.projector.outdated():
        Rebuild(ground.runtime.views, projection).run()


def certificates(ground: Ground, made: Made, told: Told) -> None:
    """What is due at a few schools, issued: somebody must be able to verify one."""
    runtime, at = ground.runtime, datetime.now(UTC)
    create_key(runtime, at - timedelta(days=1))
    issuing = [*made.plan.institutions(ISSUING)]
    for done, place in enumerate(issuing, 1):
        head = Actor(
            id=staff_id_of(made.plan.size.seed, place, Role.HEAD),
            role=Role.HEAD,
            organisation=place.school_code,
        )
        by = Envelope(
            command_id=derived("bench certificates", place.school_code),
            actor=head,
            channel=Channel.ONLINE,
            occurred_at=at,
        )
        authorise(runtime, place.school_code, None, by)
        told(done, len(issuing))
    runtime.projector.catch_up()


def tidy(ground: Ground, _made: Made, _told: Told) -> None:
    """What autovacuum would come to: statistics, and pages that all may see."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def log(ground: Ground, _made: Made, told: Told) -> None:
    """Every event taken into the tree, the last checkpoint signed."""
    head = ground.runtime.book.ledger.position()
    with keeping(ground) as sequencer:
        told(sequencer.size, head)


STEPS: dict[str, Step] = {
    "events": events,
    "names": names,
    "officers": officers,
    "read models": read_models,
    "certificates": certificates,
    "log": log,
    "tidy": tidy,
}


def facts(ground: Ground, on: str) -> dict[str, Any]:
    """What is there, and on what it was made."""
    with psycopg.connect(ground.owner) as connection:
        table = f"{ground.settings.ledger}.{EVENTS_TABLE}"
        row = connection.execute(
            "SELECT pg_database_size(current_database()), pg_total_relation_size(%s)", (table,)
        ).fetchone()
    assert row is not None
    return {
        "events": ground.runtime.book.ledger.position(),
        "bytes": row[0],
        "bytes_of_events": row[1],
        "made_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": look(on).as_dict(),
    }
