"""The secrets of machines: a key is shown once, kept as a hash, and recognised by it.

What a key may do and until when is granted by the ledger, as with staff; here is what proves it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from api.access.policy import Grant, Principal, PrincipalKind
from api.access.scopes import actions_of
from api.access.web_tables import WebTables
from domain.envelope import Role
from domain.machine import Machine

PREFIX: Final = "pcl"  # by which scanners of secrets find a key that was committed somewhere
SEEN_EVERY: Final = timedelta(minutes=1)
_KEY: Final = re.compile(r"pcl_([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewKey:
    """The only time the secret is seen; its hash goes into the table."""

    key_id: UUID
    secret: str

    @property
    def text(self) -> str:
        return f"{PREFIX}_{self.key_id.hex}_{self.secret}"


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as it stands in a list: no secret, and when it was last used."""

    key_id: UUID
    machine_id: UUID
    made_at: datetime
    ends_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class MachineKeys:
    """The keys of all machines. `machine_of` reads one from the ledger: its rights end at once."""

    tables: WebTables
    machine_of: Callable[[UUID], Machine | None]

    def keep(self, key: NewKey, machine_id: UUID, ends: datetime, at: datetime) -> None:
        """The same key again is no news."""
        values = {
            "key": key.key_id,
            "machine": machine_id,
            "hash": _hash(key.secret),
            "at": at,
            "ends": ends,
        }
        self.tables.change(_KEEP, values)

    def who(self, text: str, at: datetime) -> Principal | None:
        """Recognise a machine by its key, and note that it was here; None where the key is dead."""
        found = _KEY.fullmatch(text)
        if found is None:
            return None
        key_id, secret = UUID(hex=found[1]), found[2]
        row = self.tables.row(_WHO, {"key": key_id, "at": at})
        # The comparison takes as long for a key that nobody has.
        kept = bytes(row[1]) if row else bytes(32)
        if not hmac.compare_digest(kept, _hash(secret)) or row is None:
            return None
        if row[2] is None or row[2] + SEEN_EVERY <= at:
            self.tables.change(_USED, {"key": key_id, "at": at})
        return self._principal(row[0], key_id, at)

    def _principal(self, machine_id: UUID, key_id: UUID, at: datetime) -> Principal | None:
        machine = self.machine_of(machine_id)
        key = machine.live(at).get(key_id) if machine else None
        if machine is None or key is None:
            return None
        return Principal(
            PrincipalKind.MACHINE,
            machine_id,
            (Grant(Role.MACHINE, machine.organisation, key.begins, key.ends),),
            actions=actions_of(key.scopes),
        )

    def of_machines(self, machine_ids: list[UUID]) -> list[KeptKey]:
        """The keys of these machines, the newest first, the dead ones for a while too."""
        return [KeptKey(*row) for row in self.tables.rows(_OF_MACHINES, {"machines": machine_ids})]

    def all(self) -> list[KeptKey]:
        return [KeptKey(*row) for row in self.tables.rows(_ALL, {})]

    def of_programs(self) -> list[KeptKey]:
        """The same without those of devices at a door."""
        return [KeptKey(*row) for row in self.tables.rows(_OF_PROGRAMS, {})]

    def of(self, key_id: UUID) -> KeptKey | None:
        row = self.tables.row(_OF, {"key": key_id})
        return KeptKey(*row) if row else None

    def forget(self, key_id: UUID) -> bool:
        """The key is worth nothing from now on, whatever the ledger says."""
        return self.tables.change(_FORGET, {"key": key_id}) > 0


def new_key() -> NewKey:
    return NewKey(uuid4(), secrets.token_urlsafe(32))


def _hash(secret: str) -> bytes:
    # 256 random bits need no salt and no slow hash.
    return sha256(secret.encode("ascii")).digest()


_KEEP = """
insert into {web}.machine_key (key_id, machine_id, secret_hash, made_at, ends_at)
values (%(key)s, %(machine)s, %(hash)s, %(at)s, %(ends)s)
on conflict (key_id) do nothing
"""
_WHO = """
select machine_id, secret_hash, last_used_at from {web}.machine_key
where key_id = %(key)s and %(at)s < ends_at
"""
_USED = """
update {web}.machine_key set last_used_at = greatest(last_used_at, %(at)s) where key_id = %(key)s
"""
_OF_MACHINES = """
select key_id, machine_id, made_at, ends_at, last_used_at from {web}.machine_key
where machine_id = any(%(machines)s) order by made_at desc, key_id
"""
_ALL = """
select key_id, machine_id, made_at, ends_at, last_used_at from {web}.machine_key
order by made_at desc, key_id
"""
_OF_PROGRAMS = """
select key_id, machine_id, made_at, ends_at, last_used_at from {web}.machine_key
where not exists (select from {web}.door_device where device_id = key_id)
order by made_at desc, key_id
"""
_OF = """
select key_id, machine_id, made_at, ends_at, last_used_at from {web}.machine_key
where key_id = %(key)s
"""
_FORGET = "delete from {web}.machine_key where key_id = %(key)s"
