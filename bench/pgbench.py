"""Check-ins through the intake beside pgbench: rows inserted one by one, as fast as the server can.

pgbench is PostgreSQL's own and written in C. Its rows go into a table like that of the events, each
in a transaction; nothing is decided, encoded, signed or put in an order.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from bench.append import check_ins, encoded
from bench.check_ins import check_in, evening_after_evening
from bench.ground import Ground
from bench.measuring import NotRun, Question, Row, Sample, Scale, interleaved
from bench.world import World
from ledger.binaries import BinariesMissingError, tool
from ledger.ledger import EVENTS_TABLE

NAME = "pgbench"
AT_ONCE = (1, 16)
TABLE = "public.inserted"
INSERT = (
    "INSERT INTO {} (originator_id, originator_version, topic, state)"
    " VALUES (gen_random_uuid(), 1, '{}', decode('{}', 'hex'));\n"
)
RATE = re.compile(r"^tps = ([\d.]+) \(without initial connection time\)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: ([\d]+)", re.MULTILINE)


def run(ground: Ground, scale: Scale) -> Sequence[Row]:
    world = World(ground.runtime.book, datetime.now(UTC), scale.pick(20, 500, 1_000))
    wishes = evening_after_evening(world)
    questions = [question(clients) for clients in AT_ONCE]
    program = pgbench(ground)
    if program is None:
        return [NotRun(NAME, each.what, "pgbench is not installed") for each in questions]

    def through_the_intake(waiting: int, _: int) -> Sample:
        count = waiting * scale.pick(5, 100, 400)
        return asyncio.run(check_in(ground, list(islice(wishes, count)), waiting=waiting))

    def by_pgbench(clients: int, _: int) -> Sample:
        return inserted(ground, program, script, clients, scale.pick(5, 250, 1_000))

    with TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(prepared(ground))
        sides = [partial(side, n) for n in AT_ONCE for side in (through_the_intake, by_pgbench)]
        taken = interleaved(scale.rounds, *sides)
    return [
        each.answer(ours, beside)
        for each, ours, beside in zip(questions, taken[::2], taken[1::2], strict=True)
    ]


def question(clients: int) -> Question:
    return Question(
        NAME,
        f"check-ins through the intake, decided and durable, {clients} waiting",
        "1/s",
        f"pgbench: rows as large inserted one by one, nothing decided, clients: {clients}",
    )


def pgbench(ground: Ground) -> str | None:
    """That of our own server's version, or the one of the system."""
    with psycopg.connect(ground.owner) as connection:
        major = connection.info.server_version // 10_000
    try:
        return str(tool(major, "pgbench"))
    except BinariesMissingError:
        return shutil.which("pgbench")


def prepared(ground: Ground) -> str:
    """Make the table; return the statement that inserts the event of a check-in."""
    events = SQL("{}.{}").format(Identifier(ground.settings.ledger), Identifier(EVENTS_TABLE))
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        create = SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)")
        connection.execute(create.format(SQL(TABLE), events))
    [[event]] = encoded(ground.runtime.book.ledger.events_mapper, check_ins(0, 1))
    return INSERT.format(TABLE, event.topic, event.state.hex())


def inserted(ground: Ground, program: str, script: Path, clients: int, each: int) -> Sample:
    """So many rows by each client, over connections that are there already."""
    words = {key: str(value) for key, value in conninfo_to_dict(ground.owner).items()}
    server = {
        f"PG{name}": words[key]
        for name, key in (("HOST", "host"), ("PORT", "port"), ("USER", "user"),
                          ("PASSWORD", "password"), ("DATABASE", "dbname"))
        if key in words
    }  # fmt: skip
    command = [
        program, "--no-vacuum", "--protocol=prepared", f"--file={script}", f"--client={clients}",
        f"--jobs={min(clients, os.cpu_count() or 1)}", f"--transactions={each}",
    ]  # fmt: skip
    told = subprocess.run(
        command, env=os.environ | server, capture_output=True, text=True, check=True
    ).stdout
    rate, failed = RATE.search(told), FAILED.search(told)
    assert rate, told
    assert failed is None or failed[1] == "0", told
    amount = clients * each
    return Sample(amount, amount / float(rate[1]))
