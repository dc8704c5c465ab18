"""The signing keys of this installation: where they lie, how one is made, what lists they sign."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.bootstrap import Runtime
from certificates import status
from certificates.keys import FileKeyStore
from certificates.public_keys import PublicKey
from certificates.status import Status
from domain.calendar import CITY_ZONE

USUAL_YEARS = 2
_YEAR = timedelta(days=365)
_STATUSES = {
    "revoked": Status.REVOKED,
    "replaced": Status.REPLACED,
    "suspended": Status.SUSPENDED,
    "withdrawn": Status.WITHDRAWN,
}


def key_store(runtime: Runtime) -> FileKeyStore:
    return FileKeyStore(runtime.settings.signing_keys, runtime.secrets.signing_keys)


def create_key(
    runtime: Runtime, at: datetime, years: int = USUAL_YEARS, key_id: str | None = None
) -> PublicKey:
    """Make a key that signs from the beginning of this day. Refuses KeyIdTaken."""
    store = key_store(runtime)
    begins = at.astimezone(ZoneInfo(CITY_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    name = key_id or store.next_key_id(begins.year)
    return store.create(name, begins, begins + years * _YEAR)


def ensure_key(runtime: Runtime) -> PublicKey | None:
    """Make the first key of an installation; None where there are keys already."""
    if key_store(runtime).public_keys():
        return None
    return create_key(runtime, runtime.now())


def status_list(runtime: Runtime, number: int) -> bytes | None:
    """The signed list as it stands, the same bytes for an hour; None for one not begun.

    Refuses NoSigningKey.
    """
    states = list(runtime.models.certificates.states())
    if not 1 <= number <= max((each for each, _, _ in states), default=1) + 1:
        return None
    found = {index: _STATUSES[state] for each, index, state in states if each == number}
    now = runtime.now()
    store = key_store(runtime)
    signer = store.signer(now)
    begins = next(key.signs_from for key in store.public_keys() if key.key_id == signer.key_id)
    hour = max(now.replace(minute=0, second=0, microsecond=0), begins)
    return status.sign_list(number, found, runtime.settings.public_url, signer, hour)
