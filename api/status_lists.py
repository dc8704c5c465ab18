"""The status lists as they are served: signed once an hour, and once for each change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from certificates import bitstring, status
from certificates.encodings import json_bytes
from certificates.keys import FileKeyStore, FileSigner
from certificates.status import Status
from projections.status_places import Edition, StatusPlaces

LARGEST = (1 << 31) - 1
_STATUSES = {
    "revoked": Status.REVOKED,
    "replaced": Status.REPLACED,
    "suspended": Status.SUSPENDED,
    "withdrawn": Status.WITHDRAWN,
}

Sign = Callable[[Mapping[int, Status], FileSigner, datetime], bytes]


@dataclass
class StatusLists:
    """Both forms of each list; the last rendering of each is kept with what it was made of."""

    places: StatusPlaces
    keys: FileKeyStore
    base_url: str
    _kept: dict[tuple[str, int], tuple[object, bytes]] = field(
        default_factory=dict[tuple[str, int], tuple[object, bytes]]
    )

    def tokens(self, number: int, now: datetime) -> bytes | None:
        """The COSE token list of QR codes; None for a list not begun. Refuses NoSigningKey."""
        return self._rendered("tokens", number, now, partial(self._sign_tokens, number))

    def bits(self, number: int, now: datetime) -> bytes | None:
        """The bitstring of credentials; None for a list not begun. Refuses NoSigningKey."""
        return self._rendered("bits", number, now, partial(self._sign_bits, number))

    def _rendered(self, form: str, number: int, now: datetime, sign: Sign) -> bytes | None:
        if not 1 <= number <= LARGEST:
            return None
        edition = self.places.edition(number)
        if number > edition.lists:
            return None
        signer, hour = self.keys.hourly(now)
        made_of = self._made_of(edition, signer, hour)
        kept = self._kept.get((form, number))
        if kept is not None and kept[0] == made_of:
            return kept[1]
        found = self.places.taken_back(number)
        signed = sign({index: _STATUSES[state] for index, state in found.items()}, signer, hour)
        # A change between the two queries is in the list already, and only signed once more.
        self._kept[form, number] = made_of, signed
        return signed

    @staticmethod
    def _made_of(edition: Edition, signer: FileSigner, hour: datetime) -> object:
        return edition.changed, edition.changed_at, signer.kid, hour

    def _sign_tokens(
        self, number: int, found: Mapping[int, Status], signer: FileSigner, at: datetime
    ) -> bytes:
        return status.sign_list(number, found, self.base_url, signer, at)

    def _sign_bits(
        self, number: int, found: Mapping[int, Status], signer: FileSigner, at: datetime
    ) -> bytes:
        return json_bytes(bitstring.sign_list(number, found, self.base_url, signer, at))
