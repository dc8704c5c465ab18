"""One answer per Idempotency-Key: the first is kept for a day, sealed, and given again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4, uuid5

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.access.web_tables import ANSWER_IS_KEPT, WebTables
from domain.refusals import Refused
from ledger.sealing import seal, unseal

# Longer than any request lives: the process that claimed the key is dead, another may do it again.
IN_FLIGHT_AT_MOST: Final = timedelta(minutes=2)
LOOK_AGAIN_SECONDS: Final = 2
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_COMMANDS: Final = UUID("6f0d4a5c-3f0b-5d6e-9a55-2f8f0b8e7c11")
_PASSING: Final = frozenset({401, 408, 425, 429})  # about this moment, not about the command


class IdempotencyKeyMalformed(Refused):
    """Not 1 to 255 visible ASCII characters."""

    code = "idempotency_key_malformed"


class IdempotencyMismatch(Refused):
    """The same key came before with another request."""

    code = "idempotency_mismatch"


class IdempotencyInFlight(Refused):
    """The first request with this key has no answer yet."""

    code = "idempotency_in_flight"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it is kept: no cookies, no dates."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def lasts(self) -> bool:
        server_errors = 500
        return self.status < server_errors and self.status not in _PASSING


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer under a key, until it is finished or released."""

    entry: bytes
    claim: UUID


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Kept answers. `asker` separates people: the same key of two people is two keys.

    `secret` is 32 bytes: a body may name people, and the table is no place for names in clear.
    """

    tables: WebTables
    secret: bytes

    def begin(self, asker: str, key: str, fingerprint: bytes, at: datetime) -> Claim | Answer:
        """Claim the key, or give the kept answer.

        Refuses IdempotencyKeyMalformed, IdempotencyMismatch, IdempotencyInFlight.
        """
        claim = Claim(entry_of(asker, key), uuid4())
        values = {
            "entry": claim.entry,
            "fingerprint": fingerprint,
            "claim": claim.claim,
            "at": at,
            "forgotten": at - ANSWER_IS_KEPT,
            "abandoned": at - IN_FLIGHT_AT_MOST,
        }
        if self.tables.row(_CLAIM, values) is not None:
            return claim
        return self._kept(values)

    def finish(self, claim: Claim, answer: Answer) -> None:
        """Keep the answer; one that speaks only of this moment (5xx, 401, 429) releases the key."""
        if not answer.lasts:
            self.release(claim)
            return
        values = {
            "entry": claim.entry,
            "claim": claim.claim,
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": seal(self._key(), claim.claim, answer.body),
        }
        self.tables.change(_FINISH, values)

    def release(self, claim: Claim) -> None:
        """Give the key back unanswered: the next request with it runs."""
        self.tables.change(_RELEASE, {"entry": claim.entry, "claim": claim.claim})

    def _kept(self, values: Mapping[str, object]) -> Answer:
        row = self.tables.row(_KEPT, values)
        if row is None:  # released between the two statements
            raise IdempotencyInFlight(retry_after=LOOK_AGAIN_SECONDS)
        fingerprint, claim, status, headers, body = row
        if fingerprint != values["fingerprint"]:
            raise IdempotencyMismatch
        if status is None:
            raise IdempotencyInFlight(retry_after=LOOK_AGAIN_SECONDS)
        return Answer(status, headers, unseal(self._key(), claim, body))

    def _key(self) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"parent-credits/answers/1").derive(self.secret)


def fingerprint_of(method: str, target: str, body: bytes) -> bytes:
    """Give what makes two requests the same: method, path with query, body."""
    head = f"{method} {target}\n".encode("utf-8", "surrogatepass")
    return sha256(sha256(head).digest() + body).digest()


def command_id_of(asker: str, key: str) -> UUID:
    """Give the command id of a request: the same after a crash between recording and answering."""
    return uuid5(_COMMANDS, entry_of(asker, key).hex())


def entry_of(asker: str, key: str) -> bytes:
    """Give the row of a key. Refuses IdempotencyKeyMalformed."""
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMalformed
    return sha256(f"{key}\n{asker}".encode()).digest()


_CLAIM = """
insert into {web}.kept_answer as kept (entry, fingerprint, claim, claimed_at)
values (%(entry)s, %(fingerprint)s, %(claim)s, %(at)s)
on conflict (entry) do update
set fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_at = excluded.claimed_at,
    status = null, headers = null, body = null
where kept.claimed_at <= %(forgotten)s
   or (kept.status is null and kept.claimed_at <= %(abandoned)s
       and kept.fingerprint = excluded.fingerprint)
returning claim
"""
_KEPT = """
select fingerprint, claim, status, headers, body from {web}.kept_answer where entry = %(entry)s
"""
_FINISH = """
update {web}.kept_answer set status = %(status)s, headers = %(headers)s, body = %(body)s
where entry = %(entry)s and claim = %(claim)s
"""
_RELEASE = """
delete from {web}.kept_answer
where entry = %(entry)s and claim = %(claim)s and status is null
"""
