"""The status lists as they are served: signed once an hour, and once for each change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from certificates import bitstring, status
from certificates.encodings import json_bytes
from certificates.keys import FileKeyStore, FileSigner
from certificates.status import Status
from projections.status_places import StatusPlaces

LARGEST = (1 << 31) - 1
_STATUSES = {
    "revoked": Status.REVOKED,
    "replaced": Status.REPLACED,
    "suspended": Status.SUSPENDED,
    "withdrawn": Status.WITHDRAWN,
}

Statuses = Mapping[int, Status]
Sign = Callable[[Statuses, FileSigner, datetime], bytes]


class Kept:
    """What was signed last under each name, with what it was made of."""

    def __init__(self) -> None:
        self._last: dict[object, tuple[object, bytes]] = {}

    def get(self, name: object, made_of: object, make: Callable[[], bytes]) -> bytes:
        """The last one, where it was made of the same; else another."""
        known = self._last.get(name)
        if known is None or known[0] != made_of:
            known = self._last[name] = made_of, make()
        return known[1]


@dataclass(frozen=True)
class StatusLists:
    """Both forms of each list, for each address under which we are asked."""

    places: StatusPlaces
    keys: FileKeyStore
    kept: Kept

    def tokens(self, number: int, base_url: str, now: datetime) -> bytes | None:
        """The COSE token list of QR codes; None for a list not begun. Refuses NoSigningKey."""

        def sign(found: Statuses, signer: FileSigner, at: datetime) -> bytes:
            return status.sign_list(number, found, base_url, signer, at)

        return self._rendered(("tokens", base_url, number), number, now, sign)

    def bits(self, number: int, base_url: str, now: datetime) -> bytes | None:
        """The bitstring of credentials; None for a list not begun. Refuses NoSigningKey."""

        def sign(found: Statuses, signer: FileSigner, at: datetime) -> bytes:
            return json_bytes(bitstring.sign_list(number, found, base_url, signer, at))

        return self._rendered(("bits", base_url, number), number, now, sign)

    def _rendered(self, name: object, number: int, now: datetime, sign: Sign) -> bytes | None:
        if not 1 <= number <= LARGEST:
            return None
        edition = self.places.edition(number)
        if number > edition.lists:
            return None
        signer, hour = self.keys.hourly(now)
        made_of = edition.changed, edition.changed_at, signer.kid, hour

        def render() -> bytes:
            # A change between the two queries is in it already, and only signed once more.
            found = self.places.taken_back(number)
            return sign({index: _STATUSES[state] for index, state in found.items()}, signer, hour)

        return self.kept.get(name, made_of, render)
