"""Files that wait for their confirmation: sealed, for one person, for one hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.access.web_tables import WebTables
from api.files.template import Kind
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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is kept, sealed; once it is taken, what became of it."""

    id: UUID
    about: NewUpload
    is_taken: bool
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Uploads:
    """The waiting files of an installation. `secret` is 32 bytes."""

    tables: WebTables
    secret: bytes

    def keep(self, new: NewUpload, content: bytes, at: datetime) -> UUID:
        """Seal a file until it is confirmed; what ended goes at the same time."""
        self.forget_what_ended(at)
        upload_id = uuid4()
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
        self.tables.change(_KEEP, values)
        return upload_id

    def get(self, upload_id: UUID, person_id: UUID, at: datetime) -> Upload:
        """Only to who brought it. Raises UploadGone."""
        row = self.tables.row(_GET, {"upload": upload_id, "person": person_id, "at": at})
        if row is None:
            raise UploadGone
        key, person, school, kind, checking, year, is_taken, sealed = row
        about = NewUpload(person, school, Kind(kind), checking, year)
        return Upload(key, about, is_taken, bytes(sealed))

    def content(self, upload: Upload) -> bytes:
        """The file as it was brought. Raises UploadGone where it was confirmed."""
        if upload.is_taken:
            raise UploadGone
        return unseal(self._key(), upload.id, upload.sealed)

    def finish(self, upload: Upload, imported: Imported, at: datetime) -> None:
        """Forget the file; keep the report and the failed rows for the rest of the hour.

        Of two that confirm at once the first is kept: the second found everything recorded.
        """
        kept: dict[str, Any] = {
            "report": imported.report.as_dict(),
            "failed": imported.failed.decode() if imported.failed else None,
        }
        sealed = seal(self._key(), upload.id, orjson.dumps(kept))
        self.tables.change(_FINISH, {"upload": upload.id, "sealed": sealed, "at": at})

    def outcome(self, upload: Upload) -> Imported:
        """What became of a confirmed file. Raises UploadGone where it was not confirmed."""
        if not upload.is_taken:
            raise UploadGone
        kept = orjson.loads(unseal(self._key(), upload.id, upload.sealed))
        failed = kept["failed"].encode() if kept["failed"] else None
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
"""
_GET = """
select upload_id, person_id, school_code, kind, checking, school_year, taken_at is not null, sealed
from {web}.upload where upload_id = %(upload)s and person_id = %(person)s and %(at)s < ends_at
"""
_FINISH = """
update {web}.upload set sealed = %(sealed)s, taken_at = %(at)s
where upload_id = %(upload)s and taken_at is null
"""
_DROP = "delete from {web}.upload where upload_id = %(upload)s"
_FORGET = "delete from {web}.upload where ends_at <= %(at)s"
