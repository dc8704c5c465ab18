"""A rebuild is killed with -9: pages read as before, and the next one goes on where it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import Rebuild
from tests.acting import SCHOOL, Pilot
from tests.database import TestDatabase

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from ledger.migrations import Names
from projections.database import Views
from projections.history import History
from projections.rebuild import Rebuild

def tell(done, total):
    print(done, flush=True)
    sys.stdin.readline()

views = Views(sys.argv[1], Names(sys.argv[2]))
Rebuild(views, History(views), page=3).run(tell)
"""


def test_a_killed_rebuild_goes_on_where_it_was(pilot: Pilot, database: TestDatabase) -> None:
    with Views(database.app, database.names) as views:
        models = ReadModels(views)
        running = Projector(views, [models.history, models.schools])
        running.set_up()
        running.catch_up()
        told = models.history.history(pilot.learners[0])

        reached = killed_after(2, database)

        assert models.history.history(pilot.learners[0]) == told
        assert models.schools.classes(SCHOOL, 2026)
        seen: list[int] = []
        report = Rebuild(views, models.history, page=3).run(lambda done, _: seen.append(done))
        assert (seen[0], report.differing) == (reached + 3, ())


def killed_after(pages: int, database: TestDatabase) -> int:
    """Rebuild in a process that is killed after so many pages; the position it had reached."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, database.app, database.schema],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        reached = int(process.stdout.readline())
        for _ in range(pages - 1):
            process.stdin.write("\n")
            process.stdin.flush()
            reached = int(process.stdout.readline())
        process.kill()
    return reached
