"""A signing key that was stolen: what the log proves older stays valid, the rest is reissued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from api.bootstrap import Runtime
from api.reissuing import KeyReason, issue_again
from api.signing import key_store, next_second, rotate_keys
from certificates import proved
from certificates.public_keys import GivenUp, PublicKey
from domain.refusals import Refused
from ledger.evaluating import system_envelope
from ledger.log.leaf import LoggedEvent
from ledger.log.older import Cut, beginnings_under, cut_before
from projections.certificate_register import RegisteredCertificate


class KeyNotGivenUp(Refused):
    """The key was not given up: what it signed is trusted, and needs no new certificate."""

    code: ClassVar[str] = "key_not_given_up"


@dataclass(frozen=True)
class Signature:
    """A certificate that a key signed, and whether the log proves it older than the theft."""

    certificate: RegisteredCertificate
    is_proved: bool


@dataclass(frozen=True)
class Replaced:
    """What became of one that had to be reissued: the new number, or the reason why not."""

    certificate: RegisteredCertificate
    number: str | None
    refusal: Refused | None = None


def give_up(runtime: Runtime, key: PublicKey, decided: GivenUp, at: datetime) -> None:
    """Trust a key no more from here on; where none is left that signs, another is made."""
    store = key_store(runtime)
    store.give_up(key.key_id, next_second(at), decided)
    others = [each for each in store.public_keys() if each.algorithm == key.algorithm]
    if not any(each.may_sign_at(at) for each in others):
        rotate_keys(runtime, at, algorithm=key.algorithm)


def decision(runtime: Runtime, key: PublicKey, stolen_at: datetime) -> GivenUp:
    """Which tree was published before the theft, and how much of what the key signed is in it."""
    cut = cut_before(runtime.logs, runtime.log_policy, stolen_at)
    if cut is None:
        return GivenUp(stolen_at=stolen_at)
    trial = GivenUp(stolen_at=stolen_at, log=cut.log, size=cut.size)
    count = sum(each.is_proved for each in signatures(runtime, key.key_id, trial))
    shards = proved.shards_for(count) if count else 0
    return trial.model_copy(update={"shards": shards})


def signatures(
    runtime: Runtime, key_id: str, decided: GivenUp | None, first: str = "", last: str = "g"
) -> Iterator[Signature]:
    """What a key signed, by the hash of what was signed: from `first` to `last`."""
    for some in runtime.models.certificates.signed_by(key_id, first, last):
        older = dict[UUID, LoggedEvent]()
        if decided is not None and decided.log is not None:
            cut = Cut(decided.log, decided.size)
            older = beginnings_under(runtime.logs, cut, [each.certificate_id for each in some])
        for certificate in some:
            event = older.get(certificate.certificate_id)
            # The log's own words are asked for the hash, not the register made of them.
            is_proved = event is not None and certificate.signed_sha256.encode() in event.state
            yield Signature(certificate, is_proved)


def proves_older(runtime: Runtime, key: PublicKey, sha256: str) -> bool:
    """Whether the log proves what was signed, by its hash, older than the theft of its key."""
    found = signatures(runtime, key.key_id, key.given_up, sha256, sha256)
    return any(each.is_proved for each in found)


def proved_shard(runtime: Runtime, kid: str, shard: int, base_url: str) -> bytes | None:
    """A part of what a stolen key signed before, signed; the same bytes for an hour.

    None where there is no such part. Refuses NoSigningKey.
    """
    store = key_store(runtime)
    key = next((each for each in store.public_keys() if each.kid.hex() == kid), None)
    if key is None or not 0 <= shard < key.proved_shards:
        return None
    url = proved.shard_url(base_url, key.kid, shard)
    signer, hour = store.hourly(runtime.now())

    def make() -> bytes:
        bounds = proved.bounds(shard, key.proved_shards)
        found = signatures(runtime, key.key_id, key.given_up, *bounds)
        hashes = [each.certificate.signed_sha256 for each in found if each.is_proved]
        return proved.sign_shard(hashes, url, signer, hour)

    return runtime.kept_files.get(url, (key.given_up, signer.kid, hour), make)


def reissue_all(
    runtime: Runtime, key_id: str, at: datetime, *, proved_too: bool
) -> Iterator[Replaced]:
    """Give every holder a certificate by a trusted key; one refusal stops nobody else.

    What the log proves older is good here, and for nobody who reads the DID document alone.
    Asked again it goes on with what is left. Refuses UnknownKey, KeyNotGivenUp.
    """
    key = key_store(runtime).public_key(key_id)
    if key.given_up is None:
        raise KeyNotGivenUp(key_id=key_id)
    for each in signatures(runtime, key_id, key.given_up):
        if (proved_too or not each.is_proved) and each.certificate.state == "valid":
            yield replaced(runtime, each.certificate, at)


def replaced(runtime: Runtime, certificate: RegisteredCertificate, at: datetime) -> Replaced:
    by = system_envelope(
        at, certificate.school_code, certificate.certificate_id, KeyReason.KEY_COMPROMISED
    )
    try:
        issued = issue_again(runtime, certificate, KeyReason.KEY_COMPROMISED, by)
    except Refused as refusal:
        return Replaced(certificate, None, refusal)
    return Replaced(certificate, issued.number)
