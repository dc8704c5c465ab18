"""The signing keys of this installation: where they lie, how one is made, what lists they sign."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.bootstrap import Runtime
from certificates import status
from certificates.keys import FileKeyStore, FileSigner
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


def rotate_keys(
    runtime: Runtime, at: datetime, years: int = USUAL_YEARS, key_id: str | None = None
) -> PublicKey:
    """Make a key that signs from now on; those that signed so far are retired. Refuses KeyIdTaken.

    The windows share a second: times of issue are whole seconds, and none falls between two keys.
    """
    store, begins = key_store(runtime), at.replace(microsecond=0)
    name = key_id or store.next_key_id(begins.astimezone(ZoneInfo(CITY_ZONE)).year)
    return store.rotate(name, begins, begins + years * _YEAR, next_second(at))


def next_second(at: datetime) -> datetime:
    """When a key stops signing: what it signed in this very second stays inside its window."""
    return at.replace(microsecond=0) + timedelta(seconds=1)


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
    signer, hour = signing_hour(runtime)
    return status.sign_list(number, found, runtime.settings.public_url, signer, hour)


def signing_hour(runtime: Runtime) -> tuple[FileSigner, datetime]:
    """Who signs lists now, and the time that stands in them, so that their bytes last an hour.

    Refuses NoSigningKey.
    """
    now = runtime.now()
    store = key_store(runtime)
    signer = store.signer(now)
    begins = store.public_key(signer.key_id).signs_from
    return signer, max(now.replace(minute=0, second=0, microsecond=0), begins)
