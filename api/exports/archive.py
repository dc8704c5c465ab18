"""The archive pack of a term: one press, one ZIP, sent while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.access.actions import Action
from api.archive import Archive, archive_of
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.closing import must_show
from api.exports.archive_files import Pack, files_of
from api.exports.handing_out import Saying, saying
from api.exports.zipping import packed

PURPOSE = "archive_pack"

router = APIRouter(include_in_schema=False)


@router.get("/staff/schools/{school_code}/terms/{term}/archive.zip")
def archive(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    pack = pack_of(asking, school_code, term, saying(request))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{pack.name}.zip')}",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(zipped(pack), media_type="application/zip", headers=headers)


def pack_of(asking: Asking, school_code: str, term: str, say: Saying) -> Pack:
    """A term's pack, as everything recorded by now has it; that it was taken is noted first.

    Raises UnknownSchool, TermMalformed, UnknownTerm, ReadModelsBehind, Forbidden, LoginRequired.
    """
    by, runtime = asking.may(Action.ARCHIVE_TAKE, school_code), asking.runtime
    position = runtime.book.ledger.position()
    must_show(runtime, position)
    found = archive_of(runtime, school_code, term)
    runtime.book.vault.access_log.note(whose(runtime, found), by.actor, PURPOSE, by.at)
    return Pack(asking, found, by, say, position)


def whose(runtime: Runtime, archive: Archive) -> list[UUID]:
    """Everybody in the lists or the facts: the school's learners, who came, who has hours."""
    models, code = runtime.models, archive.school.school_code
    enrolled = models.roster.learners_of(code, archive.term.school_year)
    credited = models.term_accounts.learners(code, archive.term.code)
    came = (models.finding.learners_in(each.session_id) for each in archive.sessions)
    return sorted({*enrolled, *credited, *chain.from_iterable(came)})


def zipped(pack: Pack) -> Iterator[bytes]:
    return packed(str(pack.name), files_of(pack))
