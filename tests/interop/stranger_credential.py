"""A verifier of credentials written from docs/verify-a-certificate.md, section 5, alone."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from base64 import b64encode, urlsafe_b64decode
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pyld import jsonld

from tests.architecture.source import ROOT

Json = dict[str, Any]
FILES = {
    "https://www.w3.org/ns/credentials/v2": ("credentials-v2.json", "59955ced"),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": (
        "open-badges-3.0.3.json", "3d34f4d4",
    ),
}  # fmt: skip
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PROOF = {"type", "cryptosuite", "proofPurpose", "created", "verificationMethod", "proofValue"}
NOWHERE = "urn:nowhere#"


class Forged(Exception):
    pass


def judge(content: Json | str, did: Json, bits: Json | None, windows: Json, now: datetime) -> str:
    """The state. `did` is did.json, `windows` are the keys of keys.json by name."""
    try:
        if isinstance(content, str):
            credential = opened_token(content, did)
        else:
            credential = believed(content, did, windows)
            require(content["@context"] == list(FILES))
        require(credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"])
        require(credential["issuer"]["id"] == did["id"])
        return state_of(credential, did, bits, windows, now)
    except (Forged, KeyError, TypeError, ValueError, InvalidSignature, jsonld.JsonLdError):
        return "forged"


def require(condition: object) -> None:
    if not condition:
        raise Forged


def state_of(credential: Json, did: Json, bits: Json | None, windows: Json, now: datetime) -> str:
    entry = credential["credentialStatus"]
    taken_back = None
    if bits is not None and bits["id"] == entry["statusListCredential"]:
        believed(bits, did, windows)
        packed = unbase64(bits["credentialSubject"]["encodedList"][1:])
        places = zlib.decompressobj(31).decompress(packed, 131_072)
        index = int(entry["statusListIndex"])
        taken_back = bool(places[index >> 3] & 0x80 >> (index & 7))
        if not taken_back and now >= at(bits["validUntil"]):
            taken_back = None
    if taken_back:
        return "revoked"
    if "validUntil" in credential and now > at(credential["validUntil"]):
        return "expired"
    require(at(credential["validFrom"]) <= now)
    return "status_unknown" if taken_back is None else "valid"


def at(spelled: str) -> datetime:
    moment = datetime.fromisoformat(spelled)
    require(moment.tzinfo)
    return moment


def method_of(address: str, did: Json) -> Json:
    require(address in did["assertionMethod"])
    [method] = [each for each in did["verificationMethod"] if each["id"] == address]
    require(method["controller"] == did["id"])
    return dict(method)


def believed(document: Json, did: Json, windows: Json) -> Json:
    """The document, its proof verified."""
    proof = document["proof"]
    require(set(proof) == PROOF and proof["type"] == "DataIntegrityProof")
    require(
        proof["cryptosuite"] == "eddsa-rdfc-2022" and proof["proofPurpose"] == "assertionMethod"
    )
    public = unbase58(method_of(proof["verificationMethod"], did)["publicKeyMultibase"], 34)[2:]
    configuration = {term: value for term, value in proof.items() if term != "proofValue"}
    configuration["@context"] = document["@context"]
    unsigned = {term: value for term, value in document.items() if term != "proof"}
    to_verify = b"".join(
        hashlib.sha256(canonical(each)).digest() for each in (configuration, unsigned)
    )
    signature = unbase58(proof["proofValue"], 64)
    Ed25519PublicKey.from_public_bytes(public).verify(signature, to_verify)
    window = windows[proof["verificationMethod"].partition("#")[2]]
    require(window["from"] <= at(proof["created"]).timestamp() < window["until"])
    return unsigned


LISTS = {
    "type", "identifier", "result", "resultDescription", "allowedValue", "rubricCriterionLevel",
    "evidence",
}  # fmt: skip
ADDRESS = re.compile(r"(urn|did|https?):\S+")


def written_one_way(document: Json) -> None:
    names: list[str] = []

    def look(part: Any, term: str) -> None:
        if isinstance(part, dict):
            require(not any(key.startswith("@") for key in part))
            if "id" in part:
                require(ADDRESS.fullmatch(part["id"]))
                names.append(part["id"])
            for key, value in part.items():
                look(value, key)
        elif isinstance(part, list):
            require(term in LISTS)
            for each in part:
                require(not isinstance(each, list))
                look(each, term)
        else:
            require(part is not None)

    look({term: value for term, value in document.items() if term != "@context"}, "")
    require(len(names) == len(set(names)))


def canonical(document: Json) -> bytes:
    """RDFC-1.0, after a look for terms that no context defines."""
    written_one_way(document)
    probe = {**document, "@context": [*document["@context"], {"@vocab": NOWHERE}]}
    require(NOWHERE not in json.dumps(jsonld.expand(probe, {"documentLoader": load})))
    told = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    text: str = jsonld.normalize(document, told)
    return text.encode()


def load(address: str, _options: object) -> Json:
    require(address in FILES)
    name, begins = FILES[address]
    content = (ROOT / "certificates" / "contexts" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(begins)
    return {"contextUrl": None, "documentUrl": address, "document": json.loads(content)}


def unbase58(spelled: str, length: int) -> bytes:
    require(spelled[0] == "z")
    number = 0
    for digit in spelled[1:]:
        number = number * 58 + DIGITS.index(digit)
    return number.to_bytes(length, "big")


def unbase64(text: str) -> bytes:
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(b64encode(data, b"-_").decode().rstrip("=") == text)
    return data


def opened_token(token: str, did: Json) -> Json:
    head, body, tail = token.split(".")
    header, said, signature = json.loads(unbase64(head)), json.loads(unbase64(body)), unbase64(tail)
    require(set(header) == {"alg", "kid", "typ"} and header["typ"] == "JWT")
    require(header["alg"] == "ES256" and len(signature) == 64)
    jwk = method_of(header["kid"], did)["publicKeyJwk"]
    point = b"\x04" + unbase64(jwk["x"]) + unbase64(jwk["y"])
    spelled = encode_dss_signature(*(int.from_bytes(signature[i : i + 32]) for i in (0, 32)))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    key.verify(spelled, f"{head}.{body}".encode(), ECDSA(SHA256()))
    require(said["iss"] == said["issuer"]["id"] and said["jti"] == said["id"])
    require(said["sub"] == said["credentialSubject"]["id"])
    require(said["nbf"] == at(said["validFrom"]).timestamp())
    ends = said.get("validUntil")
    require(said.get("exp") == (None if ends is None else at(ends).timestamp()))
    return dict(said)
