"""A list handed out as XLSX: in the reader's language, named as a school's archive names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from api.asking import Asking
from api.exports.workbook import Cell, Sheet, write
from api.language.catalogue import Language, language_of, translate
from api.pages.staff_words import TABLES, name_of
from api.rendering import CITY, local
from projections.schools import School

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT_PARENTS = "只供家长学校工作使用，不与子女入学、编班、评优挂钩。"
LEDGER_IDS = {"账本编号": 40}
_IN_MEMORY, _CHUNK = 1_048_576, 65_536
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with Chinese titles; the last cell of each row leads back to the ledger."""

    title: str
    columns: Mapping[str, int]
    rows: Iterable[Row]
    about: str = ""
    about_parents: bool = True


@dataclass(frozen=True, slots=True)
class Saying:
    """How codes and titles are said to whoever asks."""

    language: Language

    def text(self, text: str, **values: object) -> str:
        return translate(self.language, text, **values)

    def word(self, table: str, code: str | None) -> str:
        return self.text(TABLES[table].get(code, code)) if code else ""

    def named(self, kind: str, code: str | None) -> str:
        return name_of(kind, code, self.language) if code else ""

    def grades(self, grades: Sequence[str]) -> str:
        return "、".join(grades) or self.text("全校")


def saying(request: Request) -> Saying:
    return Saying(language_of(request))


@dataclass(frozen=True, slots=True)
class FileName:
    """440104-示例小学-2026学年第一学期-03签到表: the number is the place in a school's archive."""

    title: str
    school: School | None = None
    place: str = ""
    period: str = ""

    def __str__(self) -> str:
        parts = [self.place, self.period, self.title]
        if self.school is not None:
            parts[:1] = [self.school.district_code, self.school.name]
        return _NO_FILE_NAME.sub("_", "-".join(part for part in parts if part))


def handed_out(
    request: Request, asking: Asking, name: FileName, listings: Iterable[Listing]
) -> Response:
    say = saying(request)
    made = say.text("导出时间 {moment}", moment=local(asking.runtime.now(), "%Y-%m-%d %H:%M"))
    file, size = written(asking, listings, say, name, made)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.xlsx')}",
        "Content-Length": str(size),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(chunks(file), media_type=XLSX, headers=headers)


def written(
    asking: Asking, listings: Iterable[Listing], say: Saying, name: FileName, made: str
) -> tuple[IO[bytes], int]:
    """A workbook that is ready to be read, and how long it is; `made` says as of when.

    What is read while it is made is of one moment, in however many parts.
    """
    with ExitStack() as until_read, asking.runtime.views.one_state():
        file = until_read.enter_context(SpooledTemporaryFile(_IN_MEMORY))
        write((sheet_of(each, say, name, made) for each in listings), file)
        size = file.tell()
        file.seek(0)
        until_read.pop_all()
    return file, size


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def sheet_of(listing: Listing, say: Saying, name: FileName, made: str) -> Sheet:
    use = say.text(ABOUT_PARENTS) if listing.about_parents else ""
    where = name.school.name if name.school else name.place
    between = " " if where and say.language is Language.ENGLISH else ""
    return Sheet(
        title=f"{where}{between}{say.text(listing.title)}",
        about="　".join(part for part in (listing.about, use, made) if part),
        columns={say.text(t): w for t, w in {**listing.columns, **LEDGER_IDS}.items()},
        rows=listing.rows,
    )


def numbered(rows: Iterable[Row]) -> Iterator[Row]:
    """With 序号 in front."""
    return ((number, *row) for number, row in enumerate(rows, start=1))


def moment(at: datetime | None) -> datetime | None:
    """As the city's clocks show it."""
    return at.astimezone(CITY).replace(tzinfo=None, microsecond=0) if at else None


def hours(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def term_named(code: str) -> str:
    """2026学年第一学期 for 2026-1."""
    year, _, number = code.partition("-")
    return f"{year}学年第{'一' if number == '1' else '二'}学期"
