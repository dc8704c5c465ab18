"""The two lists that an archive pack alone has: what it holds and lacks, and what was held."""

from __future__ import annotations

from collections.abc import Iterator

from api.archive import Archive
from api.archive_lines import ItemLine, lines_of
from api.asking import Asking
from api.exports.handing_out import Listing, Row, Saying, hours, moment
from api.exports.staff_named import Names, staff_named
from domain.envelope import Envelope
from projections.term_archive import ArchivedSession

CONTENTS = {"序号": 6, "检查项目": 30, "依据的条款": 40, "应有": 8, "已有": 8, "谁来补": 36}
MISSING = {"序号": 6, "检查项目": 30, "活动或考核": 30, "日期": 12, "签到表编号": 14, "还差": 8}
SESSIONS = {
    "序号": 6, "活动主题": 30, "开始时间": 18, "结束时间": 18, "地点": 16, "面向年级": 18,
    "方式": 12, "课时": 8, "公布时间": 18, "状态": 12, "签到人数": 10, "清点人数": 10,
    "差异说明": 22, "主持人确认": 18, "管理员确认": 18, "确认完成": 18, "用纸张数": 10,
    "扫描件": 8,
}  # fmt: skip


def contents_listings(archive: Archive, say: Saying) -> Iterator[Listing]:
    lines = lines_of(archive)
    rows = (contents_row(number, line, say) for number, line in enumerate(lines, start=1))
    about = say.text(
        "应有 {due} 项，已有 {there} 项，完整度 {percent}%",
        due=archive.completeness.due,
        there=archive.completeness.there,
        percent=archive.completeness.percent,
    )
    yield Listing("目录", CONTENTS, rows, about, about_parents=False)
    yield Listing("缺项", MISSING, missing_rows(lines, say), about_parents=False)


def contents_row(number: int, line: ItemLine, say: Saying) -> Row:
    return (
        number, say.word("archive_items", line.item), say.word("archive_clauses", line.item),
        line.due, line.there, who(line, say), line.item.value,
    )  # fmt: skip


def who(line: ItemLine, say: Saying) -> str:
    """Who can add what is missing of an item."""
    if not line.missing:
        return ""
    return "、".join(say.word("roles", role) for role in line.roles) or say.text("过后不能补")


def missing_rows(lines: list[ItemLine], say: Saying) -> Iterator[Row]:
    found = ((line.item, each) for line in lines for each in line.missing)
    for number, (item, each) in enumerate(found, start=1):
        yield (
            number, say.word("archive_items", item), each.title, each.day, each.code,
            each.left or None, str(each.id or item.value),
        )  # fmt: skip


def sessions_listing(asking: Asking, archive: Archive, by: Envelope, say: Saying) -> Listing:
    """One row a session, numbered as the files of its register are."""
    attested = (who for each in archive.sessions for who in (each.host_id, each.coordinator_id))
    names = staff_named(asking, attested, by)
    sheets: dict[object, list[int]] = {}
    for sheet in archive.sheets:
        sheets.setdefault(sheet.session_id, []).append(sheet.scans)
    rows = (
        session_row(number, session, sheets.get(session.session_id, []), names, say)
        for number, session in enumerate(archive.sessions, start=1)
    )
    return Listing("活动记录", SESSIONS, rows, about_parents=False)


def session_row(
    number: int, session: ArchivedSession, scans: list[int], names: Names, say: Saying
) -> Row:
    return (
        number, session.title, moment(session.begins_at), moment(session.ends_at), session.place,
        say.grades(session.grades), say.named("mode", session.mode), hours(session.class_hours),
        moment(session.announced_at), say.word("standings", session.standing), session.recorded,
        session.head_count, say.word("explanations", session.head_count_explanation),
        names.get(session.host_id), names.get(session.coordinator_id),
        moment(session.attested_at), len(scans), sum(scans), str(session.session_id),
    )  # fmt: skip
