"""Files that wait for their confirmation: sealed, for one person, for one hour."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.access.web_tables import WebTables
from api.files.table import OneSheet, Source
from api.files.template import Kind
from api.imports.preview import Preview
from api.imports.report import Imported, ImportReport
from domain.refusals import Refused
from ledger.sealing import seal, unseal

LIFE: Final = timedelta(hours=1)


class UploadGone(Refused):
    """The file was confirmed, is older than an hour, or was somebody else's."""

    code = "upload_gone"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What is said about a file: who brought it, for which school, what it is."""

    person_id: UUID
    school_code: str
    kind: Kind
    checking: bool = False
    school_year: int | None = None
    sheet: str = ""  # of a workbook where several could be meant


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is kept, sealed; once it is taken, what became of it."""

    id: UUID
    about: NewUpload
    is_taken: bool
    sealed: bytes
    preview: bytes | None


@dataclass(frozen=True, slots=True)
class Uploads:
    """The waiting files of an installation. `secret` is 32 bytes."""

    tables: WebTables
    secret: bytes

    def keep(
        self, new: NewUpload, content: bytes, at: datetime, proposed: UUID | None = None
    ) -> UUID:
        """Seal a file until it is confirmed; what ended goes at the same time.

        A page that watches proposes the id; where it is in use already another is taken.
        """
        self.forget_what_ended(at)
        upload_id = proposed or uuid4()
        values = {
            "upload": upload_id,
            "person": new.person_id,
            "school": new.school_code,
            "kind": new.kind.value,
            "checking": new.checking,
            "year": new.school_year,
            "sealed": seal(self._key(), upload_id, content),
            "ends": at + LIFE,
        }
        if not self.tables.change(_KEEP, values):
            return self.keep(new, content, at)
        return upload_id

    def get(self, upload_id: UUID, person_id: UUID, at: datetime) -> Upload:
        """Only to who brought it. Raises UploadGone."""
        row = self.tables.row(_GET, {"upload": upload_id, "person": person_id, "at": at})
        if row is None:
            raise UploadGone
        key, person, school, kind, checking, year, sheet, is_taken, sealed, preview = row
        about = NewUpload(person, school, Kind(kind), checking, year, sheet)
        return Upload(key, about, is_taken, bytes(sealed), preview and bytes(preview))

    def source(self, upload: Upload) -> Source:
        """The file as it was brought, or a sheet of it. Raises UploadGone once it was confirmed."""
        if upload.is_taken:
            raise UploadGone
        content = unseal(self._key(), upload.id, upload.sealed)
        return OneSheet(content, upload.about.sheet) if upload.about.sheet else content

    def choose(self, upload: Upload, sheet: str) -> None:
        """Say which sheet is meant; what was worked out for another is forgotten."""
        self.tables.change(_CHOOSE, {"upload": upload.id, "sheet": sheet})

    def remember(self, upload: Upload, preview: Preview) -> None:
        sealed = seal(self._key(), upload.id, preview.as_bytes())
        values = {"upload": upload.id, "preview": sealed, "sheet": upload.about.sheet}
        self.tables.change(_REMEMBER, values)

    def preview(self, upload: Upload) -> Preview | None:
        """What the file would do, if it was worked out."""
        if upload.preview is None:
            return None
        return Preview.of_bytes(unseal(self._key(), upload.id, upload.preview))

    def tell(self, upload_id: UUID, done: int, in_all: int) -> None:
        """How far the work on a file is, for the page that waits for it."""
        self.tables.change(_TELL, {"upload": upload_id, "done": done, "in_all": in_all})

    def told(self, upload_id: UUID, person_id: UUID, at: datetime) -> tuple[int, int]:
        """Rows done, rows in all. Raises UploadGone."""
        row = self.tables.row(_TOLD, {"upload": upload_id, "person": person_id, "at": at})
        if row is None:
            raise UploadGone
        return row[0], row[1]

    def finish(self, upload: Upload, imported: Imported, at: datetime) -> None:
        """Forget the file; keep the report and the failed rows for the rest of the hour.

        Of two that confirm at once the first is kept: the second found everything recorded.
        """
        kept: dict[str, Any] = {
            "report": imported.report.as_dict(),
            "failed": b64encode(imported.failed).decode() if imported.failed else None,
        }
        sealed = seal(self._key(), upload.id, orjson.dumps(kept))
        self.tables.change(_FINISH, {"upload": upload.id, "sealed": sealed, "at": at})

    def outcome(self, upload: Upload) -> Imported:
        """What became of a confirmed file. Raises UploadGone where it was not confirmed."""
        if not upload.is_taken:
            raise UploadGone
        kept = orjson.loads(unseal(self._key(), upload.id, upload.sealed))
        failed = b64decode(kept["failed"]) if kept["failed"] else None
        return Imported(ImportReport.of_dict(kept["report"]), failed)

    def drop(self, upload: Upload) -> None:
        self.tables.change(_DROP, {"upload": upload.id})

    def forget_what_ended(self, at: datetime) -> int:
        return self.tables.change(_FORGET, {"at": at})

    def _key(self) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"parent-credits/uploads/1").derive(self.secret)


_KEEP = """
insert into {web}.upload
    (upload_id, person_id, school_code, kind, checking, school_year, sealed, ends_at)
values (%(upload)s, %(person)s, %(school)s, %(kind)s, %(checking)s, %(year)s, %(sealed)s, %(ends)s)
on conflict do nothing
"""
_GET = """
select upload_id, person_id, school_code, kind, checking, school_year, sheet,
    taken_at is not null, sealed, preview
from {web}.upload where upload_id = %(upload)s and person_id = %(person)s and %(at)s < ends_at
"""
_FINISH = """
update {web}.upload set sealed = %(sealed)s, preview = null, taken_at = %(at)s
where upload_id = %(upload)s and taken_at is null
"""
_CHOOSE = """
update {web}.upload set sheet = %(sheet)s, preview = null
where upload_id = %(upload)s and taken_at is null
"""
_REMEMBER = """
update {web}.upload set preview = %(preview)s
where upload_id = %(upload)s and taken_at is null and sheet = %(sheet)s
"""
_TELL = """
update {web}.upload set rows_done = %(done)s, rows_in_all = %(in_all)s where upload_id = %(upload)s
"""
_TOLD = """
select rows_done, rows_in_all
from {web}.upload where upload_id = %(upload)s and person_id = %(person)s and %(at)s < ends_at
"""
_DROP = "delete from {web}.upload where upload_id = %(upload)s"
_FORGET = "delete from {web}.upload where ends_at <= %(at)s"
