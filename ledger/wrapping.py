"""The key that wraps the persons' keys, as one process holds it; it may have been rotated away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from domain.refusals import Refused
from ledger.sealing import key_id_of, seal, unseal

_MISSED = "SELECT FROM {}.key_encryption WHERE key_id <> %s"


class VaultKeyMissed(Refused):
    """The process holds another key than the one that wraps: start it again."""

    code = "vault_key_missed"


class Wrapping:
    def __init__(self, key: bytes, schema: str) -> None:
        self._key = key
        self._schema = Identifier(schema)
        self.key_id = key_id_of(key)

    def wrap(self, subject_id: UUID, key: bytes) -> bytes:
        return seal(self._key, subject_id, key)

    def unwrap(self, tx: Connection[Any], subject_id: UUID, wrapped: bytes) -> bytes:
        """A person's key. Raises VaultKeyMissed; InvalidTag where the row is damaged."""
        try:
            return unseal(self._key, subject_id, wrapped)
        except InvalidTag:
            self.refuse_missed(tx)
            raise

    def refuse_missed(self, tx: Connection[Any]) -> None:
        """Raises VaultKeyMissed."""
        missed = SQL(_MISSED).format(self._schema)
        if tx.execute(missed, (self.key_id,)).fetchone() is not None:
            raise VaultKeyMissed
