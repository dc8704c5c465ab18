"""The pilot: loaded once into an empty ledger, and kept current at every start."""

from __future__ import annotations

from psycopg import connect
from psycopg.sql import SQL, Identifier
from rich.progress import Progress

from api.bootstrap import Runtime
from api.demo import cases, loading
from api.demo.calendar import Calendar, taught_until
from api.demo.cases import Step
from api.demo.certifying import certify
from api.demo.keeping import remember
from api.demo.loading import Pilot
from api.demo.staff import JUNIOR, KINDERGARTEN, PRIMARY
from domain.refusals import Refused
from projections.runner import Runner

MARK = "demo"


class LedgerNotEmpty(Refused):
    """The pilot goes only into an empty ledger: this one is in use."""

    code = "ledger_not_empty"


def load_unless_there(runtime: Runtime) -> None:
    """Load the pilot. Raises LedgerNotEmpty where the ledger holds anything else."""
    if is_marked(runtime):
        return
    if runtime.book.ledger.position():
        raise LedgerNotEmpty
    with Runner(runtime.projector), Progress() as progress:
        load(Pilot(runtime, Calendar(taught_until(runtime.now()))), progress)
    mark(runtime)


def load(pilot: Pilot, progress: Progress) -> None:
    """All steps in the order of time."""
    year = pilot.calendar.school_year
    numbers: dict[str, str] = {}
    steps: tuple[Step, ...] = (
        ("设立 · set up", lambda: loading.set_up(pilot)),
        ("上学年花名册 · last year's rosters", lambda: enrol_all(pilot, year - 1)),
        ("上学年活动 · last year's sessions", lambda: loading.last_year(pilot)),
        ("本学年花名册 · this year's rosters", lambda: enrol_all(pilot, year)),
        ("证书 · certificates", lambda: numbers.update(certify(pilot))),
        ("本学年活动 · this year's sessions", lambda: this_year(pilot)),
        ("其他学校 · other schools", lambda: loading.other_schools(pilot)),
        *cases.steps(pilot),
        ("投影 · read models", lambda: catch_up(pilot)),
    )
    task = progress.add_task("", total=len(steps))
    for name, step in steps:
        progress.update(task, description=name)
        step()
        progress.advance(task)
    remember(pilot, numbers)


def enrol_all(pilot: Pilot, school_year: int) -> None:
    for code in (PRIMARY, KINDERGARTEN, JUNIOR):
        loading.enrol(pilot, code, school_year)


def this_year(pilot: Pilot) -> None:
    loading.today(pilot, loading.this_year(pilot))


def catch_up(pilot: Pilot) -> None:
    pilot.runtime.settle(pilot.runtime.book.ledger.position())


def is_marked(runtime: Runtime) -> bool:
    """Whether this ledger is a demo: only the owner role can say so, and only when it was empty."""
    table = Identifier(runtime.connections.names.ledger, "schema_version")
    with connect(runtime.connections.app) as connection:
        row = connection.execute(SQL("SELECT 1 FROM {} WHERE step = %s").format(table), (MARK,))
        return row.fetchone() is not None


def mark(runtime: Runtime) -> None:
    table = Identifier(runtime.connections.names.ledger, "schema_version")
    with connect(runtime.connections.owner) as connection:
        connection.execute(SQL("INSERT INTO {} (step) VALUES (%s)").format(table), (MARK,))
