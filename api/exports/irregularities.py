"""The queues of irregularities as workbooks: what is asked of whom stays on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import DistrictCode, InAsking
from api.audit_samples import place_of
from api.exports.handing_out import FileName, Listing, Saying, handed_out, moment, numbered, saying
from projections.irregularity_board import IrregularityBoard, IrregularityFile
from projections.parts import part_by_part

router = APIRouter(include_in_schema=False)

COLUMNS = {
    "序号": 6, "证据": 8, "提示": 24, "依据": 40, "学校标识码": 14, "活动名称": 28, "活动时间": 18,
    "状态": 14, "结论": 22, "提示时间": 18, "核对时间": 18,
}  # fmt: skip


@router.get("/staff/irregularities/{school_code}/list.xlsx")
def of_school(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.IRREGULARITY_READ, school_code)
    board = asking.runtime.models.irregularities
    name = FileName("异常提示", asking.runtime.models.schools.school(school_code))
    found = both_halves(board, school_code=school_code)
    return handed_out(request, asking, name, [listing(name.title, found, saying(request))])


@router.get("/staff/districts/{district_code}/irregularities.xlsx")
def of_district(request: Request, asking: InAsking, district_code: DistrictCode) -> Response:
    place = place_of(district_code)
    asking.may_in(Action.IRREGULARITY_OVERVIEW_READ, place)
    board = asking.runtime.models.irregularities
    found = both_halves(board, district_code=place.district)
    name = FileName("异常提示", place=district_code)
    return handed_out(request, asking, name, [listing(name.title, found, saying(request))])


def both_halves(board: IrregularityBoard, **place: str | None) -> Iterator[IrregularityFile]:
    """What waits, then what was decided."""
    yield from part_by_part(lambda part: board.waiting(part, **place), id_of)
    yield from part_by_part(lambda part: board.decided(part, **place), id_of)


def id_of(row: IrregularityFile) -> UUID:
    return row.irregularity_id


def listing(title: str, found: Iterable[IrregularityFile], say: Saying) -> Listing:
    rows = numbered(
        (
            row.score, say.word("irregularity_rules", row.rule), told(row, say), row.school_code,
            row.title, moment(row.begins_at), say.word("irregularity_stands", row.stands),
            say.word("irregularity_reasons", row.reason_code), moment(row.flagged_at),
            moment(row.decided_at), str(row.irregularity_id),
        )
        for row in found
    )  # fmt: skip
    return Listing(title, COLUMNS, rows)


def told(row: IrregularityFile, say: Saying) -> str:
    return "、".join(
        f"{say.word('irregularity_facts', name)} {value}" for name, value in row.facts.items()
    )
