"""Checking a credential that somebody brings, by our own keys, register and log."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from api.bootstrap import Runtime
from api.certificate_checks import STATUSES
from api.certificate_documents import credential_of, snapshot_of
from api.given_up import proves_older
from api.signing import key_store
from certificates import vc_jwt
from certificates.credential_verifying import CredentialVerdict, Issuer, verify_credential
from certificates.did import did_of
from certificates.encodings import json_object
from certificates.public_keys import PublicKey
from certificates.status import Status
from certificates.verifying import State
from projections.certificate_register import RegisteredCertificate


def verify_document(runtime: Runtime, presented: bytes) -> CredentialVerdict:
    """Judge a credential; the register knows why a bit is set."""
    known = named(runtime, presented)

    def is_older(key: PublicKey, content: bytes) -> bool:
        return known is not None and proved(runtime, key, known, content)

    verdict = verify_credential(
        presented,
        issuer_of(runtime, known),
        lambda _address, _index: False,
        runtime.now(),
        is_older,
    )
    if verdict.credential is None:
        return verdict
    if known is None or verdict.credential["id"] != known.certificate_id.urn:
        return replace(verdict, state=State.STATUS_UNKNOWN)
    status = STATUSES[known.state]
    return verdict if status is Status.VALID else replace(verdict, state=State[status.name])


def named(runtime: Runtime, presented: bytes) -> RegisteredCertificate | None:
    """The certificate that the file says it is, before anything of it is believed."""
    try:
        text = presented.decode().strip()
        said = json_object(text) if text.startswith("{") else vc_jwt.take_apart(text).payload
        return runtime.models.certificates.by_id(UUID(str(said.get("id"))))
    except ValueError:
        return None


def issuer_of(runtime: Runtime, known: RegisteredCertificate | None) -> Issuer:
    """By the address of the day it was issued: the place may have moved since."""
    said = snapshot_of(runtime, known) if known is not None else None
    base_url = f"https://{said.host}" if said is not None else runtime.settings.public_url
    return Issuer.of(did_of(base_url), key_store(runtime).public_keys())


def proved(runtime: Runtime, key: PublicKey, known: RegisteredCertificate, content: bytes) -> bool:
    """Whether this is the file of a certificate that the log proves older than a theft."""
    kept, signed = credential_of(runtime, known), known.signed_sha256
    if kept is None or not content.lstrip().startswith(b"{"):
        return False  # a token is signed when it is asked for, which the log does not know
    return json_object(kept) == json_object(content) and proves_older(runtime, key, signed)
