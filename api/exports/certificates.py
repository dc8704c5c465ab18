"""Certificates: the register of those handed out (证书发放登记表), and those that are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.certificate_register import COLUMNS, rows_of_register
from api.exports.handing_out import FileName, Listing, Row, Saying, handed_out, hours, saying
from api.pages.parent_words import CERTIFICATES
from api.pages.staff_certificates import DueRow, due_rows
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from projections.certificate_due import Due, DueAfterRevocation

router = APIRouter(include_in_schema=False)

DUE = {"序号": 6, "持证人": 18, "证书类型": 18, "学年/学段": 14, "达成时学时": 12, "达成日期": 12}
DUE_AFTER = DUE | {"此前已撤销的证书": 24, "撤销日期": 12}


@router.get("/staff/schools/{school_code}/certificates/register.xlsx")
def register(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    name = FileName("06证书发放登记表", asking.runtime.models.schools.school(school_code))
    listings = register_listings(asking, school_code, by, saying(request))
    return handed_out(request, asking, name, listings)


def register_listings(
    asking: Asking, school_code: str, by: Envelope, say: Saying
) -> Iterator[Listing]:
    yield Listing("证书发放登记表", COLUMNS, rows_of_register(asking.runtime, school_code, by))
    certificates = asking.runtime.models.certificates
    due = due_rows(asking, certificates.due_of(school_code), by, {})
    yield Listing("待颁发", DUE, due_lines(due, say))
    after = due_rows(asking, certificates.due_after_revocation(school_code), by, {})
    yield Listing("撤销后可重新颁发", DUE_AFTER, due_after_lines(after, say))


def due_after_lines(rows: Sequence[DueRow[DueAfterRevocation]], say: Saying) -> Iterator[Row]:
    for row, (*line, key) in zip(rows, due_lines(rows, say), strict=True):
        yield *line, row.due.revoked_number, local_day(row.due.revoked_at, CITY_ZONE), key


def due_lines(rows: Iterable[DueRow[Due]], say: Saying) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        due = row.due
        period = str(due.school_year) if due.school_year else say.named("stage", due.stage)
        yield (
            number, row.holder, say.text(CERTIFICATES[due.kind]), period,
            hours(due.hours) if due.hours else None,
            due.achieved_on, str(due.certificate_id),
        )  # fmt: skip
