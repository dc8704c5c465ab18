"""A roster file taken from first byte to last fact, beside reading it and saving each row stock."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from api.files.roster import RosterRow, read_roster
from api.files.template import Kind
from api.imports.order import Order
from api.imports.rosters import take_roster
from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from bench.stock import StockLedger
from bench.world import CLASSES, GRADE, SCHOOL, World, enrolled, envelope

HEADER = (
    "序号", "学校标识码", "年级", "班级", "学生姓名", "校内学号", "家长姓名", "与学生关系",
    "手机号码", "是否监护人", "备注",
)  # fmt: skip
LETTERS = "安宝诚德恩方光海嘉康乐明宁平清瑞思天文欣雅怡远泽"
QUESTION = Question(
    "roster-import",
    "rows of a roster read, matched, sealed in the vault and recorded",
    "rows/s",
    "the file read and validated, then one stock save a row, no vault",
)


def run(ground: Ground, scale: Scale) -> list[Figure]:
    rows, rounds = scale.pick(20, 300, 1_400), scale.pick(1, 3, 3)
    world = World(ground.runtime.book, datetime.now(UTC), 1)
    ledger = StockLedger(ground)

    def imported(number: int) -> Sample:
        file = roster_file(number, rows)
        return timed(rows, lambda: take(ground, world, file, rows))

    def read_and_saved(number: int) -> Sample:
        file = roster_file(number, rows)
        return timed(rows, lambda: read_and_save(ledger, world, file))

    try:
        samples = interleaved(rounds, imported, read_and_saved)
    finally:
        ledger.close()
    seconds = [Sample(s.amount, s.seconds, {"seconds": s.seconds}) for s in samples[0]]
    return [QUESTION.answer(seconds, samples[1])]


def take(ground: Ground, world: World, file: bytes, rows: int) -> None:
    by = envelope(world.at)
    order = Order(Kind.ROSTER, SCHOOL, by, dry_run=False, school_year=world.school_year)
    report, _ = take_roster(ground.runtime.book, order, file, lambda _done, _total: None)
    assert report.as_dict()["counts"]["new"] == rows, report.as_dict()["counts"]


def read_and_save(ledger: StockLedger, world: World, file: bytes) -> None:
    rows: Sequence[RosterRow] = read_roster(file, SCHOOL).rows
    by = envelope(world.at)
    for _ in rows:
        ledger.save(enrolled(uuid4(), world.school_year, by))


def roster_file(number: int, rows: int) -> bytes:
    """A roster of invented families that nobody has seen before."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for place in range(rows):
        writer.writerow(row_of(number, place))
    return out.getvalue().encode("utf-8-sig")


def row_of(number: int, place: int) -> tuple[object, ...]:
    first, second = divmod(place, len(LETTERS))
    given = LETTERS[first % len(LETTERS)] + LETTERS[second]
    return (
        place + 1, SCHOOL, GRADE, CLASSES[place % len(CLASSES)], f"示{given}",
        f"B{number}{place:05d}", f"例{given}", "父亲", f"100{number:02d}{place:06d}", "是", "",
    )  # fmt: skip
