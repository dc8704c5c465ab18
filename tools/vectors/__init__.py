"""docs/vectors: test vectors for whoever writes a verifier from docs/verify-a-certificate.md.

What each must be judged is written here by hand; the tests hold every verifier to it.
"""

from __future__ import annotations

import json

from certificates import public_keys
from tools.vectors import codes, credentials, issuer, lists, proofs

_KNOWN = (
    issuer.ACTIVE,
    issuer.TOKENS,
    issuer.RETIRED,
    issuer.STOLEN,
    issuer.GIVEN_UP,
    issuer.FOREIGN,
)


def documents() -> dict[str, str]:
    made = {"keys.json": public_keys.page_list(issuer.public_keys(), issuer.URL).decode() + "\n"}
    made["test-keys.json"] = _text(
        {
            "warning": "Everybody knows these keys; what they sign proves nothing.",
            "keys": {key.key_id: _secret(key) for key in _KNOWN},
        }
    )
    made["proofs.json"] = _text(proofs.vectors())
    made["status-lists.json"] = _text(lists.vectors())
    made["credentials.json"] = _text(credentials.vectors())
    made["codes.json"] = _text(codes.vectors())
    return {f"docs/vectors/{name}": text for name, text in made.items()}


def _secret(key: issuer.KnownKey) -> dict[str, str]:
    return {
        "secret_is_sha256_of": key.sentence,
        "secret": key.secret.hex(),
        "public": key.public.hex(),
        "kid": key.kid.hex(),
    }


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
