"""The secret in a machine's key, which may hold the underscores that also divide the key."""

from __future__ import annotations

from uuid import UUID

from api.access.machine_keys import NewKey


def secret_in(key: str) -> str:
    prefix, key_id, secret = key.split("_", 2)
    assert NewKey(UUID(hex=key_id), secret).text == key, prefix
    return secret
