"""Verifying with files alone: keys and status lists that were saved, no register and no network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from certificates import bitstring, proved, status, verifying
from certificates.claims import Claims
from certificates.credential_verifying import (
    CredentialVerdict,
    Issuer,
    SavedBits,
    open_bitstring,
    verify_credential,
)
from certificates.encodings import ED25519, Document, json_object, members, unbase58, unbase64url
from certificates.proved import Shard
from certificates.public_keys import GivenUp, KeyState, PublicKey, by_kid
from certificates.status import Status, StatusList, UntrustedStatusList
from certificates.verifying import State, StatusOf, Verdict
from domain.refusals import Refused

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class KeysUnreadable(Refused):
    """Neither a keys.json nor a did.json of an issuer."""

    code: ClassVar[str] = "certificate_keys_unreadable"


class ListUnreadable(Refused):
    """No status list that a key of the issuer signed."""

    code: ClassVar[str] = "certificate_list_unreadable"


class ProofMissing(Refused):
    """The key was given up; only a proof of the log says whether it signed this before."""

    code: ClassVar[str] = "certificate_proof_missing"


@dataclass(frozen=True)
class Saved:
    """What a verifier has on disk. Without `did` no credential is believed."""

    keys: tuple[PublicKey, ...]
    did: str = ""
    tokens: tuple[StatusList, ...] = ()
    bits: tuple[SavedBits, ...] = ()
    shards: tuple[Shard, ...] = ()

    @classmethod
    def read(cls, keys: Iterable[bytes], lists: Iterable[bytes] = ()) -> Saved:
        """Read the files. Refuses KeysUnreadable, ListUnreadable."""
        found: dict[str, PublicKey] = {}
        did = ""
        for content in keys:
            named, read = _keys_in(content)
            did = named or did
            # A keys.json knows when each key might sign, a did.json does not.
            found = found | read if not named else read | found
        saved = cls(tuple(found.values()), did)
        for content in lists:
            saved = saved._with(content)
        return saved

    @property
    def issuer(self) -> Issuer:
        return Issuer.of(self.did, self.keys)

    def judge_code(self, text: str, now: datetime) -> Verdict:
        """Refuses ProofMissing. A clock behind a signed list is wrong: the list's time counts."""
        now = max([now, *(each.issued_at for each in self.tokens)])

        def is_older(key: PublicKey, signed: bytes) -> bool:
            return self._proves(key, signed, now)

        status_of = status_by(self.tokens, now)
        return verifying.verify(text, by_kid(self.keys), status_of, now, is_older)

    def judge_credential(self, content: bytes, now: datetime) -> CredentialVerdict:
        def taken_back(address: str, index: int) -> bool | None:
            return self._taken_back(address, index, now)

        verdict = verify_credential(content, self.issuer, taken_back, now)
        if verdict.state is not State.REVOKED or verdict.credential is None:
            return verdict
        # The list of codes says why the bit is set.
        why = self._status(*bitstring.index_of(verdict.credential), now) or Status.REVOKED
        return replace(verdict, state=State[why.name])

    def _with(self, content: bytes) -> Saved:
        """Add a list or a proof, whichever this is. Refuses ListUnreadable."""
        keys = by_kid(self.keys)
        try:
            if content.lstrip().startswith(b"{"):
                return replace(self, bits=(*self.bits, open_bitstring(content, self.issuer)))
            try:
                return replace(self, shards=(*self.shards, proved.open_shard(content, keys)))
            except proved.UntrustedProof:
                return replace(self, tokens=(*self.tokens, status.open_saved(content, keys)))
        except ValueError as error:
            raise ListUnreadable from error

    def _proves(self, key: PublicKey, signed: bytes, now: datetime) -> bool:
        if not key.proved_shards:
            return False
        wanted = (key.kid, proved.shard_of(signed, key.proved_shards))
        usable = [each for each in self.shards if (each.kid, each.number) == wanted]
        if not any(now < each.expires_at for each in usable):
            raise ProofMissing(key_id=key.key_id, shard=wanted[1])
        return any(each.holds(signed) for each in usable)

    def _taken_back(self, address: str, index: int, now: datetime) -> bool | None:
        told = [each.is_taken_back(index, now) for each in self.bits if each.address == address]
        found = self._status(address, index, now)
        told += [] if found is None else [found is not Status.VALID]
        known = [each for each in told if each is not None]
        return any(known) if known else None

    def _status(self, address: str, index: int, now: datetime) -> Status | None:
        for tokens in self.tokens:
            if f"{tokens.url}/bitstring" == address:
                return _status_at(tokens, index, now)
        return None


def status_by(lists: Iterable[StatusList], now: datetime) -> StatusOf:
    """Say what the lists say of a code's certificate."""
    newest_last = sorted(lists, key=lambda each: each.issued_at)
    by_number = {each.number: each for each in newest_last}

    def status_of(claims: Claims) -> Status | None:
        found = by_number.get(claims.status_list)
        return None if found is None else _status_at(found, claims.status_index, now)

    return status_of


def _status_at(listed: StatusList, index: int, now: datetime) -> Status | None:
    """A stale list still takes back, but cannot tell that nothing happened since."""
    try:
        found = listed.at(index)
    except UntrustedStatusList:
        return None
    return None if found is Status.VALID and not listed.is_fresh(now) else found


def _keys_in(content: bytes) -> tuple[str, dict[str, PublicKey]]:
    """The DID, if the file names one, and its keys by what they are. Refuses KeysUnreadable."""
    try:
        document = json_object(content)
        if "keys" in document:
            entries = members(document["keys"]).values()
            return "", {key.public: key for key in map(_key_of_page, map(members, entries))}
        did, believed = str(document["id"]), set(document["assertionMethod"])
        methods = [members(each) for each in document["verificationMethod"]]
        keys = [_key_of_did(each, did) for each in methods if each["id"] in believed]
        return did, {key.public: key for key in keys}
    except (ValueError, TypeError, LookupError, OverflowError, OSError) as error:
        raise KeysUnreadable from error


def _key_of_page(entry: Document) -> PublicKey:
    begins, ends = (datetime.fromtimestamp(entry[each], UTC) for each in ("from", "until"))
    return PublicKey(
        key_id=entry["id"], public=entry["x"], signs_from=begins, signs_until=ends,
        state=KeyState(entry["state"]), changed_at=ends, given_up=_given_up(entry, ends),
    )  # fmt: skip


def _given_up(entry: Document, at: datetime) -> GivenUp | None:
    proved_in = entry.get("proved")
    return None if proved_in is None else GivenUp(stolen_at=at, shards=members(proved_in)["shards"])


def _key_of_did(method: Document, did: str) -> PublicKey:
    begins, ends = _ALWAYS
    key_id = str(method["id"]).removeprefix(f"{did}#")
    return PublicKey(
        key_id=key_id, public=_public_in(method).hex(), signs_from=begins, signs_until=ends
    )


def _public_in(method: dict[str, Any]) -> bytes:
    if method["type"] == "Multikey":
        return unbase58(method["publicKeyMultibase"]).removeprefix(ED25519)
    jwk = members(method["publicKeyJwk"])
    return b"\x04" + unbase64url(jwk["x"]) + unbase64url(jwk["y"])
