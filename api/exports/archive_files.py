"""The files of a term's archive pack (归档包), in the order in which a school files them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from typing import ParamSpec
from uuid import UUID

import orjson

from api.archive import Archive
from api.asking import Asking
from api.closing import closings_of, listing_text
from api.compliance import asked, term_of_school
from api.exports.archive_listings import contents_listings, sessions_listing
from api.exports.archive_proofs import proofs_of
from api.exports.auditing import totals_listings
from api.exports.certificates import register_listings
from api.exports.duty import duty_listing
from api.exports.exams import exams_listing, results_listing
from api.exports.handing_out import FileName, Listing, Saying, chunks, term_named, written
from api.exports.matters import corrections_listing
from api.exports.sessions import plan_listing, register_listing
from api.exports.teachers import cycle_listings
from api.exports.term_hours import classes_of, term_hours
from api.exports.zipping import PackedFile
from api.rendering import local
from api.sheet_scans import MissingScan, scan_shown
from api.teacher_report import cycle_report
from domain.archive import Item
from domain.envelope import Envelope
from domain.term_listing import read_listing
from projections.history import HistoryLine
from projections.session_board import SessionOnBoard

P = ParamSpec("P")
README, FACTS_FILE = "archive-readme.txt", "08校验清单/facts.jsonl"
NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f.\s]+')


@dataclass(frozen=True)
class Pack:
    """An archive for somebody to take away, as the ledger stood at a position."""

    asking: Asking
    archive: Archive
    by: Envelope
    say: Saying
    position: int

    @property
    def name(self) -> FileName:
        archive = self.archive
        return FileName("归档包", archive.school, period=term_named(archive.term.code))

    @property
    def made(self) -> str:
        day = local(self.by.at, "%Y-%m-%d")
        return self.say.text("截至 {day}，账本第 {position} 条", day=day, position=self.position)

    def workbook(
        self,
        path: str,
        make: Callable[P, Listing | Iterable[Listing]],
        *args: P.args,
        **kw: P.kwargs,
    ) -> PackedFile:
        """A file of the lists that are made once it is asked for."""

        def content() -> Iterator[bytes]:
            found = make(*args, **kw)
            listings = [found] if isinstance(found, Listing) else found
            yield from chunks(written(self.asking, listings, self.say, self.name, self.made)[0])

        return PackedFile(f"{path}.xlsx", content())


def files_of(pack: Pack) -> Iterator[PackedFile]:
    """Each is made when it is asked for; who reads the names in it is noted then."""
    archive, say = pack.archive, pack.say
    yield PackedFile("README.txt", readme(pack))
    yield pack.workbook("00目录与缺项", contents_listings, archive, say)
    yield from of_the_school(pack)
    yield pack.workbook(
        "02教学计划/教学计划",
        plan_listing,
        pack.asking,
        archive.school.school_code,
        archive.term,
        say,
    )
    for session in held(pack):
        yield from of_session(pack, session)
    yield from hours_by_class(pack)
    yield pack.workbook("04活动记录/活动记录", sessions_listing, pack.asking, archive, pack.by, say)
    yield from of_exams(pack)
    yield pack.workbook(
        "06证书登记/证书发放登记表",
        register_listings,
        pack.asking,
        archive.school.school_code,
        pack.by,
        say,
    )
    yield from of_the_term(pack)
    yield PackedFile(FACTS_FILE, facts(pack))
    yield from proofs_of(pack)


def readme(pack: Pack) -> Iterator[bytes]:
    text = files("api.exports").joinpath(README).read_text(encoding="utf-8")
    archive, counted = pack.archive, pack.archive.completeness
    values = {
        "school": archive.school.name, "code": archive.school.school_code,
        "term": archive.term.code, "named": term_named(archive.term.code),
        "day": local(pack.by.at, "%Y-%m-%d"), "position": pack.position,
        "there": counted.there, "due": counted.due, "percent": counted.percent,
    }  # fmt: skip
    yield text.format(**values).encode()


def of_the_school(pack: Pack) -> Iterator[PackedFile]:
    """The rules of the term and of its sessions, and the training of the school's teachers."""
    book, archive = pack.asking.runtime.book, pack.archive
    if archive.has_rules:
        announced = {each.rulebook_version for each in held(pack) if each.rulebook_version}
        holding = book.rulebooks.on(archive.term.begins, archive.school.school_code)
        for version in sorted(announced | {holding.version}):
            rules = orjson.dumps(
                book.rulebooks.version(version).as_data(), option=orjson.OPT_INDENT_2
            )
            yield PackedFile(f"01组织与制度/规则-{safe(version)}.json", [rules])
    if any(due.item is Item.TEACHER_HOURS for due in archive.due):
        rules_of_cycle = book.teachers.programmes.holding(archive.term.begins)
        report = cycle_report(pack.asking.runtime, rules_of_cycle, archive.school.school_code)
        yield pack.workbook(
            "01组织与制度/教师学时登记表",
            cycle_listings,
            pack.asking,
            report,
            pack.by,
            pack.say,
        )


def held(pack: Pack) -> Iterator[SessionOnBoard]:
    """The sessions that took place, or are taking place, one by one."""
    board = pack.asking.runtime.models.sessions
    for each in pack.archive.sessions:
        session = board.session(each.session_id)
        if session is not None and session.opened_at is not None:
            yield session


def of_session(pack: Pack, session: SessionOnBoard) -> Iterator[PackedFile]:
    """Its register, and the pictures of its sheets."""
    number = pack.archive.numbers[session.session_id]
    path = f"03考勤登记/{number:03}-{local(session.begins_at, '%Y%m%d')}"
    yield pack.workbook(
        f"{path}-签到表",
        register_listing,
        pack.asking,
        session,
        pack.by,
        pack.say,
    )
    scanned = [s for s in pack.archive.sheets if s.session_id == session.session_id and s.scans]
    for each in scanned:
        sheet = pack.asking.runtime.book.sheets.get(each.sheet_id)
        for place, scan in enumerate(sheet.scans.values(), start=1):
            suffix = scan.media_type.rpartition("/")[2]
            name = f"{path}-扫描件-第{each.number:02}张-{place}.{suffix}"
            with suppress(MissingScan):  # erased since
                _, content = scan_shown(pack.asking, sheet, scan.document_id, pack.by)
                yield PackedFile(name, [content])


def hours_by_class(pack: Pack) -> Iterator[PackedFile]:
    archive = pack.archive
    for each in classes_of(pack.asking, archive.school.school_code, archive.term):
        path = f"03考勤登记/学时登记表-{safe(each.name)}"
        yield pack.workbook(path, term_hours, pack.asking, each, pack.by, pack.say)


def of_exams(pack: Pack) -> Iterator[PackedFile]:
    found = sorted(pack.archive.exams, key=lambda each: (each.held_on, each.exam_id))
    yield pack.workbook("05考核/考核", exams_listing, found, pack.say)
    for number, exam in enumerate(found, start=1):
        yield pack.workbook(
            f"05考核/{number:02}-{exam.held_on:%Y%m%d}-成绩表",
            results_listing,
            pack.asking,
            exam,
            pack.by,
            pack.say,
        )


def of_the_term(pack: Pack) -> Iterator[PackedFile]:
    """What the term came to: the duty, the totals with the texts of their hashes, corrections."""
    runtime, archive = pack.asking.runtime, pack.archive
    code, term, say = archive.school.school_code, archive.term, pack.say
    if archive.has_rules:
        yield pack.workbook(
            "07总结/学期达标",
            duty_listing,
            term_of_school(runtime, code, asked(runtime, term.code)),
            say,
        )
        closings = closings_of(runtime, code, term)
        text = listing_text(runtime, code, term, closings[-1].number if closings else None)
        yield pack.workbook(
            "07总结/合计由什么组成",
            totals_listings,
            pack.asking,
            read_listing(text),
            say,
        )
        for each in closings:
            filed = listing_text(runtime, code, term, each.number).encode()
            yield PackedFile(f"07总结/结账明细-{each.number}.txt", [filed])
    yield pack.workbook(
        "07总结/更正", corrections_listing, pack.asking, "更正", archive.corrections, say
    )


def facts(pack: Pack) -> Iterator[bytes]:
    """Every fact about the sessions of the term, one a line; people are ids."""
    history = pack.asking.runtime.models.history
    for session in pack.archive.sessions:
        for line in history.history(session.session_id):
            yield orjson.dumps(told(session.session_id, line)) + b"\n"


def told(session_id: UUID, line: HistoryLine) -> dict[str, object]:
    """A fact with its id, both its times, and what was recorded; what is withheld stays so."""
    return {
        "position": line.position, "session_id": session_id, "stream_id": line.originator_id,
        "version": line.version, "topic": line.topic, "occurred_at": line.occurred_at,
        "recorded_at": line.recorded_at,
        "state": line.event.model_dump(
            mode="json", exclude=set(line.withheld), exclude_none=True
        ),
    }  # fmt: skip


def safe(name: str) -> str:
    """A part of a file name that every system takes."""
    return NO_NAME.sub("-", name).strip("-")
