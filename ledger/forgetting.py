"""Erasing from the vault: the key goes, and with it all that lies under it; an empty row stays.

Crash states: one transaction, so a person is erased whole or not at all; again changes nothing.
What a dead row still holds on disk, and what older backups hold, is ciphertext with its key wrapped
by the installation's: `VACUUM` and the age of backups end both (docs/erasure.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from ledger.name_salts import CERTIFICATE_SALT, certificate_salt
from ledger.pooling import Pool, transaction
from ledger.sealing import new_key, seal, unseal
from ledger.vault import VaultKeys
from ledger.wrapping import Wrapping

KEPT_CERTIFICATE = "kept_certificate"

_TABLES = ("document", "blind_index", "likeness")
_ALIVE = (
    "SELECT subject_id FROM {}.subject WHERE subject_id = ANY(%s) AND erased_at IS NULL"
    " UNION ALL SELECT document_id FROM {}.document WHERE document_id = ANY(%s)"
)
# Somebody who is not known here yet is kept out as well: a restored vault may be older than them.
_EMPTY = (
    "INSERT INTO {}.subject (subject_id, kind, wrapped_key, sealed, erased_at)"
    " SELECT id, 'erased', '', '', clock_timestamp() FROM unnest(%s::uuid[]) AS id ORDER BY id"
    " ON CONFLICT (subject_id) DO UPDATE SET kind = 'erased', wrapped_key = '', sealed = '',"
    " changed_at = clock_timestamp(), erased_at = clock_timestamp()"
    " WHERE subject.erased_at IS NULL"
)
_OWNED = (
    "SELECT d.kind, d.sealed, s.subject_id, s.wrapped_key, s.sealed FROM {0}.document d"
    " JOIN {0}.subject s USING (subject_id) WHERE d.document_id = %s AND s.subject_id <> %s"
    " FOR UPDATE"
)
_MOVE = "UPDATE {}.document SET subject_id = %s, sealed = %s WHERE document_id = %s AND kind = %s"
_OWN_KEY = "INSERT INTO {}.subject (subject_id, kind, wrapped_key, sealed) VALUES (%s, %s, %s, %s)"


class Forgetting:
    def __init__(self, pool: Pool, schema: str, keys: VaultKeys) -> None:
        self._pool = pool
        self._wrapping = Wrapping(keys.encryption, schema)
        self._schema = Identifier(schema)

    def alive(self, subjects: Iterable[UUID], documents: Iterable[UUID] = ()) -> set[UUID]:
        """Which of these can still be opened."""
        with self._pool.connection() as tx:
            rows = tx.execute(
                SQL(_ALIVE).format(self._schema, self._schema), (list(subjects), list(documents))
            ).fetchall()
        return {key for (key,) in rows}

    def erase(
        self, subjects: Iterable[UUID], documents: Iterable[UUID] = (), keep: Iterable[UUID] = ()
    ) -> None:
        """Destroy subjects with all that is theirs, and single documents of others.

        Documents under the ids of `keep` stay readable, each under a key of its own.
        """
        ids = sorted(set(subjects))
        with transaction(self._pool) as tx:
            for document_id in keep:
                self._keep(tx, document_id)
            tx.execute(self._sql(_EMPTY), (ids,))
            for table in _TABLES:
                where = SQL("DELETE FROM {}.{} WHERE subject_id = ANY(%s)")
                tx.execute(where.format(self._schema, Identifier(table)), (ids,))
            gone = self._sql("DELETE FROM {}.document WHERE document_id = ANY(%s)")
            tx.execute(gone, (list(documents),))

    def _keep(self, tx: Connection[tuple[Any, ...]], document_id: UUID) -> None:
        """A certificate's documents, and its salt by which a typed name is compared."""
        found = tx.execute(self._sql(_OWNED), (document_id, document_id)).fetchall()
        if not found:
            return  # kept before, or never filed
        own = new_key()
        _, _, owner, wrapped, fields = found[0]
        key = self._wrapping.unwrap(tx, owner, wrapped)
        known: Mapping[str, str] = orjson.loads(unseal(key, owner, fields))
        # The person's own salt opens what else of theirs is committed to in events: it goes.
        salt = certificate_salt(bytes.fromhex(known["salt"]), document_id).hex()
        said = seal(own, document_id, orjson.dumps({CERTIFICATE_SALT: salt}))
        # What opened under our key, in rows that are held, is wrapped by it until we are done.
        row = (document_id, KEPT_CERTIFICATE, self._wrapping.wrap(document_id, own), said)
        tx.execute(self._sql(_OWN_KEY), row)
        for kind, sealed, *_ in found:
            content = seal(own, document_id, unseal(key, document_id, sealed, kind), kind)
            tx.execute(self._sql(_MOVE), (document_id, content, document_id, kind))

    def _sql(self, text: str) -> Composed:
        return SQL(text).format(self._schema)  # pyright: ignore[reportArgumentType] - text is ours
