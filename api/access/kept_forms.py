"""Forms that met an ended login: kept for half an hour, and given to nobody but who sent them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.access.web_tables import WebTables
from ledger.sealing import seal, unseal

KEPT_FOR: Final = timedelta(minutes=30)
MOST_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent, and its fields as they were typed."""

    path: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptForms:
    tables: WebTables
    secret: bytes

    def keep(
        self, person_id: UUID, path: str, fields: Sequence[tuple[str, str]], at: datetime
    ) -> UUID | None:
        """Seal a form for one person; None for one that is too large to be kept."""
        content = json.dumps({"path": path, "fields": list(fields)}).encode()
        if len(content) > MOST_BYTES:
            return None
        form_id = uuid4()
        sealed = seal(self._key, form_id, content, kind=str(person_id))
        values = {"form": form_id, "sealed": sealed, "ends": at + KEPT_FOR}
        self.tables.change(_KEEP, values)
        return form_id

    def give(self, form_id: UUID, person_id: UUID, at: datetime) -> KeptForm | None:
        """The form, to the person who sent it and while it is kept; None otherwise."""
        row = self.tables.row(_KEPT, {"form": form_id, "at": at})
        if row is None:
            return None
        try:
            content = json.loads(unseal(self._key, form_id, row[0], kind=str(person_id)))
        except InvalidTag:
            return None
        return KeptForm(content["path"], tuple((name, value) for name, value in content["fields"]))

    @property
    def _key(self) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"parent-credits/forms/1").derive(self.secret)


_KEEP = "insert into {web}.kept_form values (%(form)s, %(sealed)s, %(ends)s)"
_KEPT = "select sealed from {web}.kept_form where form_id = %(form)s and %(at)s < ends_at"
