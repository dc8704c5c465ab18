"""The keys of a provider: those that a token may be signed with. One odd key hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey

log = structlog.get_logger(__name__)

CURVE: Final = "P-256"
LEAST_RSA_BITS: Final = 2048
MOST_LOGGED: Final = 64  # characters of an id


def keys_of(told: Mapping[str, Any]) -> dict[str, Key]:
    """The public keys of a JWK Set that sign, by their ids; of two with one id the first.

    What cannot be used is left out, and named in the log. Raises ValueError where nothing can.
    """
    listed = told.get("keys")
    if not isinstance(listed, list):
        raise ValueError("no set of keys")  # noqa: TRY004 - a word for the traceback alone
    found: dict[str, Key] = {}
    for kid, key in _read(cast("list[object]", listed)):
        found.setdefault(kid, key)
    if not found:
        raise ValueError("no key that signs")
    return found


def _read(listed: list[object]) -> Iterator[tuple[str, Key]]:
    for each in listed:
        members = cast("dict[str, object]", each) if isinstance(each, dict) else {}
        kid = members.get("kid")
        key = _signing(members)
        if key is not None and isinstance(kid, str) and kid:
            yield kid, key
        else:
            log.warning("sign_on_key_left_out", kid=str(kid)[:MOST_LOGGED])


def _signing(members: dict[str, object]) -> Key | None:
    """None of a key that is malformed, of no kind that we take, or for something else."""
    try:
        key = JWKRegistry.import_key(cast("Any", members))
        told = key.as_dict(private=False)
        fits = _is_of_a_kind_we_take(key)
    except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError):
        return None
    operations = told.get("key_ops", ["verify"])
    signs = told.get("use", "sig") == "sig" and "verify" in operations
    return key if fits and signs and not key.is_private else None


def _is_of_a_kind_we_take(key: Key) -> bool:
    if isinstance(key, RSAKey):
        return key.public_key.key_size >= LEAST_RSA_BITS
    return isinstance(key, ECKey) and key.curve_name == CURVE
