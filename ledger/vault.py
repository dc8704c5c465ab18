"""The vault: the only place of personal data, sealed with a key per person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from domain.envelope import Actor
from domain.erasure import PersonErased
from ledger.access_log import AccessLog
from ledger.pooling import Pool, transaction
from ledger.sealing import new_key, seal, unseal
from ledger.wrapping import Wrapping

__all__ = [
    "DocumentDiffers", "Entry", "Subject", "Vault", "VaultKeys", "commitment", "seal",
    "unseal",
]  # fmt: skip

ADD = (
    "INSERT INTO {0}.subject (subject_id, kind, wrapped_key, sealed)"
    " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[])"
    # A process that missed a rotation of the key seals nobody under the old one.
    " WHERE NOT EXISTS (SELECT FROM {0}.key_encryption WHERE key_id <> %s)"
    " ON CONFLICT DO NOTHING RETURNING subject_id"
)
CHANGE = "UPDATE {}.subject SET sealed = %s, changed_at = clock_timestamp() WHERE subject_id = %s"
KEYED = "SELECT wrapped_key, sealed FROM {}.subject WHERE subject_id = %s AND erased_at IS NULL"
CONTENTS = (
    "SELECT subject_id, wrapped_key, sealed, NULL::uuid, NULL FROM {0}.subject"
    " WHERE erased_at IS NULL UNION ALL SELECT subject_id, s.wrapped_key, d.sealed,"
    " d.document_id, d.kind FROM {0}.document d JOIN {0}.subject s USING (subject_id)"
)
CLAIM = "INSERT INTO {}.blind_index VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


class DocumentDiffers(Exception):
    """Other bytes are filed under that id. What was signed is never replaced."""


class SubjectErased(PersonErased, LookupError):
    """The person was erased in between: nothing is sealed for them any more."""


@dataclass(frozen=True)
class VaultKeys:
    """Two secrets of the installation: one wraps the persons' keys, one makes the blind indexes."""

    encryption: bytes = field(repr=False)
    index: bytes = field(repr=False)


@dataclass(frozen=True)
class Subject:
    """One person's fields as they were sealed. Never logged: its repr shows no value."""

    id: UUID
    fields: Mapping[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        return self.fields.get("name", "")

    @property
    def commitment(self) -> str:
        """What an event may hold of the name: nobody can swap it unnoticed, nobody can read it."""
        return commitment(self.fields["salt"], self.name)


@dataclass(frozen=True)
class Entry:
    """A person to admit: fields to seal, and (kind, value) pairs to find them by."""

    subject_id: UUID
    kind: str
    fields: Mapping[str, str] = field(repr=False)
    keys: Sequence[tuple[str, str]] = field(repr=False, default=())


def commitment(salt: str, name: str) -> str:
    """SHA-256 over a random salt and the name, both kept in the vault alone."""
    return hashlib.sha256(f"parent-credits/name/1\n{salt}\n{name}".encode()).hexdigest()


class Vault:
    """Sealing and opening.

    Entries are written before the event that refers to them: an entry without an event is waste,
    an event without its entry would be a loss.
    """

    def __init__(self, pool: Pool, schema: str, keys: VaultKeys) -> None:
        self._pool = pool
        self._index = keys.index
        self._wrapping = Wrapping(keys.encryption, schema)
        self._schema = Identifier(schema)
        self.access_log = AccessLog(pool, schema)

    def put(self, subject_id: UUID, kind: str, fields: Mapping[str, str]) -> Subject:
        """Seal a person's fields (new or changed) under the person's own key."""
        with transaction(self._pool) as tx:
            # Two that admit the same new person at once must not seal under two keys: whoever
            # comes second waits at the insert, and then changes what the first one made.
            added = self._add(tx, [Entry(subject_id, kind, fields)])
            return added.get(subject_id) or self._change(tx, subject_id, fields)

    def admit(self, entries: Iterable[Entry]) -> None:
        """Seal many persons with their look-up keys in one transaction.

        What is known of a person stays; given fields are added or changed.
        """
        # Rows are locked in one order: two imports that share persons never wait for each other.
        admitted = sorted(merged(entries), key=lambda entry: entry.subject_id)
        claims = sorted(
            (kind, self._digest(kind, value), entry.subject_id)
            for entry in admitted
            for kind, value in entry.keys
        )
        with transaction(self._pool) as tx:
            added = self._add(tx, admitted) if admitted else {}
            for entry in admitted:
                if entry.subject_id not in added:
                    self._change(tx, entry.subject_id, entry.fields)
            tx.cursor().executemany(self._sql(CLAIM), claims)

    @contextmanager
    def alone(self, what: str) -> Generator[None]:
        """Hold off everybody else who wants to do the same thing, in any process.

        On a connection outside the pool: those who wait must not use up the connections of the
        one who works. Its end is the lock's end, also when it is cut.
        """
        key = int.from_bytes(self._digest("lock", what)[:8], signed=True)
        with Connection.connect(str(self._pool.conninfo), autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (key,))
            yield

    def identify(self, kind: str, values: Iterable[str]) -> dict[str, UUID]:
        """Who holds these look-up values: value -> person; unknown ones are left out."""
        digests = {self._digest(kind, value): value for value in values}
        with self._pool.connection() as tx:
            rows = tx.execute(
                self._sql(
                    "SELECT digest, subject_id FROM {}.blind_index"
                    " WHERE kind = %s AND digest = ANY(%s)"
                ),
                (kind, list(digests)),
            ).fetchall()
        return {digests[bytes(digest)]: subject_id for digest, subject_id in rows}

    def open(self, ids: Iterable[UUID]) -> dict[UUID, Subject]:
        """Unseal persons for the program's own work (import, issuing). Erased ones are left out."""
        with self._pool.connection() as tx:
            rows = tx.execute(
                self._sql(
                    "SELECT subject_id, wrapped_key, sealed FROM {}.subject"
                    " WHERE subject_id = ANY(%s) AND erased_at IS NULL"
                ),
                (list(set(ids)),),
            ).fetchall()
            keys = {key: self._wrapping.unwrap(tx, key, wrapped) for key, wrapped, _ in rows}
        return {key: Subject(key, self._open(keys[key], key, sealed)) for key, _, sealed in rows}

    def show(
        self, ids: Iterable[UUID], to: Actor, purpose: str, at: datetime
    ) -> dict[UUID, Subject]:
        """Unseal persons for somebody to read; the reading itself is recorded first."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        self.access_log.note(wanted, to, purpose, at)
        return self.open(wanted)

    def drop(self, kind: str, ids: Iterable[UUID]) -> int:
        """Forget entries of a kind whose purpose is over, with their keys; say how many."""
        dropped = self._sql("DELETE FROM {}.subject WHERE kind = %s AND subject_id = ANY(%s)")
        with self._pool.connection() as tx:
            return tx.execute(dropped, (kind, list(ids))).rowcount

    def file(self, document_id: UUID, kind: str, subject_id: UUID, content: bytes) -> None:
        """Seal a document under a person's key; filing the same one again changes nothing.

        Raises DocumentDiffers where the id holds other bytes, LookupError for an unknown person.
        """
        with transaction(self._pool) as tx:
            row = tx.execute(self._sql(f"{KEYED} FOR SHARE"), (subject_id,)).fetchone()
            if row is None:
                raise LookupError(subject_id)
            key = self._wrapping.unwrap(tx, subject_id, row[0])
            sealed = seal(key, document_id, content, kind)
            added = tx.execute(
                self._sql(
                    "INSERT INTO {}.document (document_id, kind, subject_id, sealed)"
                    " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
                ),
                (document_id, kind, subject_id, sealed),
            )
        if not added.rowcount and self.document(document_id, kind) != content:
            raise DocumentDiffers(document_id)

    def discard(self, document_id: UUID, kind: str) -> None:
        """Drop a document that no event refers to: its attempt was cut."""
        discarded = self._sql("DELETE FROM {}.document WHERE document_id = %s AND kind = %s")
        with self._pool.connection() as tx:
            tx.execute(discarded, (document_id, kind))

    def document(self, document_id: UUID, kind: str) -> bytes | None:
        """A filed document, or None where it never was or its person is erased."""
        with self._pool.connection() as tx:
            row = tx.execute(
                self._sql(
                    "SELECT s.subject_id, s.wrapped_key, d.sealed FROM {0}.document d"
                    " JOIN {0}.subject s USING (subject_id)"
                    " WHERE d.document_id = %s AND d.kind = %s"
                ),
                (document_id, kind),
            ).fetchone()
            if row is None:
                return None
            key = self._wrapping.unwrap(tx, row[0], row[1])
        return unseal(key, document_id, row[2], kind)

    def contents(self) -> Iterator[bytes]:
        """Everything there is, unsealed one by one: for a search of what may not be left."""
        with transaction(self._pool) as tx, tx.cursor(name="contents") as rows:
            rows.execute(self._sql(CONTENTS))
            for subject_id, wrapped, sealed, document_id, kind in rows:
                key = self._wrapping.unwrap(tx, subject_id, wrapped)
                yield unseal(key, document_id or subject_id, sealed, kind or "")

    def _change(
        self, tx: Connection[tuple[Any, ...]], subject_id: UUID, fields: Mapping[str, str]
    ) -> Subject:
        """What is known of a person, with these fields added or changed.

        Raises SubjectErased, VaultKeyMissed.
        """
        row = tx.execute(self._sql(f"{KEYED} FOR UPDATE"), (subject_id,)).fetchone()
        if row is None:
            self._wrapping.refuse_missed(tx)  # then it was not added, and nobody was erased
            raise SubjectErased
        key = self._wrapping.unwrap(tx, subject_id, row[0])
        known = self._open(key, subject_id, row[1])
        subject = Subject(subject_id, {**known, **fields})
        if subject.fields != known:
            sealed = seal(key, subject_id, orjson.dumps(dict(subject.fields)))
            tx.execute(self._sql(CHANGE), (sealed, subject_id))
        return subject

    def _add(
        self, tx: Connection[tuple[Any, ...]], entries: Sequence[Entry]
    ) -> dict[UUID, Subject]:
        """The persons who were not there, each with a key and a salt of their own."""
        subjects = {
            each.subject_id: Subject(
                each.subject_id, {"salt": secrets.token_hex(32), **each.fields}
            )
            for each in entries
        }
        rows = [self._sealed(subjects[each.subject_id], each.kind) for each in entries]
        columns = [list(column) for column in zip(*rows, strict=True)]
        found = tx.execute(self._sql(ADD), [*columns, self._wrapping.key_id])
        return {key: subjects[key] for (key,) in found}

    def _sealed(self, subject: Subject, kind: str) -> tuple[UUID, str, bytes, bytes]:
        key = new_key()
        sealed = seal(key, subject.id, orjson.dumps(dict(subject.fields)))
        return subject.id, kind, self._wrapping.wrap(subject.id, key), sealed

    def _sql(self, text: str) -> Composed:
        return SQL(text).format(self._schema)  # pyright: ignore[reportArgumentType]

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._index, f"{kind}\n{value}".encode(), "sha256")

    def _open(self, key: bytes, subject_id: UUID, sealed: bytes) -> dict[str, str]:
        return cast("dict[str, str]", orjson.loads(unseal(key, subject_id, sealed)))


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """One entry a person: a parent of two children stands in two rows."""
    found: dict[UUID, Entry] = {}
    for entry in entries:
        before = found.get(entry.subject_id)
        fields = {**before.fields, **entry.fields} if before else entry.fields
        keys = [*before.keys, *entry.keys] if before else entry.keys
        found[entry.subject_id] = Entry(entry.subject_id, entry.kind, fields, keys)
    return list(found.values())
