"""Verifying with files alone: keys and status lists that were saved, no register and no network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from certificates import status, verifying
from certificates.claims import Claims
from certificates.credential_verifying import (
    CredentialVerdict,
    Issuer,
    SavedBits,
    open_bitstring,
    verify_credential,
)
from certificates.encodings import ED25519, Document, json_object, members, unbase58, unbase64url
from certificates.public_keys import KeyState, PublicKey, by_kid
from certificates.status import Status, StatusList, UntrustedStatusList
from certificates.verifying import StatusOf, Verdict
from domain.refusals import Refused

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class KeysUnreadable(Refused):
    """Neither a keys.json nor a did.json of an issuer."""

    code: ClassVar[str] = "certificate_keys_unreadable"


class ListUnreadable(Refused):
    """No status list that a key of the issuer signed."""

    code: ClassVar[str] = "certificate_list_unreadable"


@dataclass(frozen=True)
class Saved:
    """What a verifier has on disk. Without `did` no credential is believed."""

    keys: tuple[PublicKey, ...]
    did: str = ""
    tokens: tuple[StatusList, ...] = ()
    bits: tuple[SavedBits, ...] = ()

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
        tokens: list[StatusList] = []
        bits: list[SavedBits] = []
        for content in lists:
            try:
                if content.lstrip().startswith(b"{"):
                    bits.append(open_bitstring(content, saved.issuer))
                else:
                    tokens.append(status.open_saved(content, by_kid(saved.keys)))
            except ValueError as error:
                raise ListUnreadable from error
        return cls(saved.keys, did, tuple(tokens), tuple(bits))

    @property
    def issuer(self) -> Issuer:
        return Issuer.of(self.did, self.keys)

    def judge_code(self, text: str, now: datetime) -> Verdict:
        return verifying.verify(text, by_kid(self.keys), status_by(self.tokens, now), now)

    def judge_credential(self, content: bytes, now: datetime) -> CredentialVerdict:
        def taken_back(address: str, index: int) -> bool | None:
            return self._taken_back(address, index, now)

        return verify_credential(content, self.issuer, taken_back, now)

    def _taken_back(self, address: str, index: int, now: datetime) -> bool | None:
        for bits in self.bits:
            if bits.address == address:
                return bits.is_taken_back(index, now)
        for tokens in self.tokens:
            if f"{tokens.url}/bitstring" == address:
                found = _status_at(tokens, index, now)
                return None if found is None else found is not Status.VALID
        return None


def status_by(lists: Iterable[StatusList], now: datetime) -> StatusOf:
    """Say what the lists say of a code's certificate."""
    by_number = {each.number: each for each in lists}

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
        state=KeyState(entry["state"]),
    )  # fmt: skip


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
