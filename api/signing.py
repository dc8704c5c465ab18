"""The signing keys of this installation: where they lie, and how one is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.bootstrap import Runtime
from certificates.cose import EDDSA
from certificates.keys import FileKeyStore
from certificates.public_keys import PublicKey
from domain.calendar import CITY_ZONE

USUAL_YEARS = 2
_YEAR = timedelta(days=365)


def key_store(runtime: Runtime) -> FileKeyStore:
    return runtime.signing_keys


def create_key(
    runtime: Runtime,
    at: datetime,
    years: int = USUAL_YEARS,
    key_id: str | None = None,
    algorithm: int = EDDSA,
) -> PublicKey:
    """Make a key that signs from the beginning of this day. Refuses KeyIdTaken."""
    store = key_store(runtime)
    begins = at.astimezone(ZoneInfo(CITY_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    name = key_id or store.next_key_id(begins.year)
    return store.create(name, begins, begins + years * _YEAR, algorithm)


def rotate_keys(
    runtime: Runtime,
    at: datetime,
    years: int = USUAL_YEARS,
    key_id: str | None = None,
    algorithm: int = EDDSA,
) -> PublicKey:
    """Make a key that signs from now on; those of its kind are retired. Refuses KeyIdTaken.

    The windows share a second: times of issue are whole seconds, and none falls between two keys.
    """
    store, begins = key_store(runtime), at.replace(microsecond=0)
    name = key_id or store.next_key_id(begins.astimezone(ZoneInfo(CITY_ZONE)).year)
    return store.rotate(name, begins, begins + years * _YEAR, next_second(at), algorithm)


def next_second(at: datetime) -> datetime:
    """When a key stops signing: what it signed in this very second stays inside its window."""
    return at.replace(microsecond=0) + timedelta(seconds=1)


def ensure_key(runtime: Runtime) -> PublicKey | None:
    """Make the first key of an installation; None where there are keys already."""
    if key_store(runtime).public_keys():
        return None
    return create_key(runtime, runtime.now())
