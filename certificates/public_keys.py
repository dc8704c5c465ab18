"""The public halves of the signing keys, with the time in which each may have signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from certificates.cose import EDDSA, ES256

_KID_LENGTH = 8
_ED25519_LENGTH = 32


class KeyState(StrEnum):
    """Active signs; retired signed once and is still believed; compromised only on proof."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class GivenUp(BaseModel):
    """What was decided when a key was found stolen: what it signed earlier stays good.

    `log` and `size` name the last tree that was published before; without one nothing is proved.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stolen_at: AwareDatetime
    log: int | None = None
    size: int = 0
    shards: int = 0  # in which verifiers read what is proved; none where nothing is


class PublicKey(BaseModel):
    """A key that anybody may know. `changed_at` is when it was retired or found compromised.

    `public`: an Ed25519 key of 32 bytes, or a P-256 point of 65, uncompressed; in hex.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    public: Annotated[str, Field(pattern=r"^([0-9a-f]{64}|04[0-9a-f]{128})$")]
    signs_from: AwareDatetime
    signs_until: AwareDatetime
    state: KeyState = KeyState.ACTIVE
    changed_at: AwareDatetime | None = None
    given_up: GivenUp | None = None

    @property
    def public_bytes(self) -> bytes:
        return bytes.fromhex(self.public)

    @property
    def kid(self) -> bytes:
        """The key id of COSE: made of the key alone, so that a renamed key is still found."""
        return hashlib.sha256(self.public_bytes).digest()[:_KID_LENGTH]

    @property
    def algorithm(self) -> int:
        """Of COSE, bound to the key: what a token says of itself is never asked."""
        return EDDSA if len(self.public_bytes) == _ED25519_LENGTH else ES256

    @property
    def is_compromised(self) -> bool:
        return self.state is KeyState.COMPROMISED

    @property
    def proved_shards(self) -> int:
        """In how many shards it is told which of its signatures are older than its theft."""
        return self.given_up.shards if self.is_compromised and self.given_up else 0

    def may_sign_at(self, at: datetime) -> bool:
        return self.state is KeyState.ACTIVE and self.may_have_signed_at(at)

    def may_have_signed_at(self, at: datetime) -> bool:
        """Say whether `at` lies in the signing window, which retiring closes early."""
        closes = self.signs_until
        if self.changed_at is not None:
            closes = min(closes, self.changed_at)
        return self.signs_from <= at < closes


def by_kid(keys: Iterable[PublicKey]) -> Mapping[bytes, PublicKey]:
    return {key.kid: key for key in keys}


def page_list(keys: Iterable[PublicKey], issuer: str) -> bytes:
    """Give `keys.json` of the verify page: the keys of QR codes by kid, times in seconds."""
    entries = {key.kid.hex(): _page_entry(key) for key in keys if key.algorithm == EDDSA}
    document = {"issuer": issuer, "keys": entries}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _page_entry(key: PublicKey) -> dict[str, object]:
    closes = key.signs_until
    if key.changed_at is not None:
        closes = min(closes, key.changed_at)
    entry: dict[str, object] = {
        "id": key.key_id,
        "alg": key.algorithm,
        "x": key.public,
        "from": int(key.signs_from.timestamp()),
        "until": int(closes.timestamp()),
        "state": key.state.value,
    }
    if key.proved_shards:
        entry["proved"] = {"shards": key.proved_shards}
    return entry
