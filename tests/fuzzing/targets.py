"""What reads strangers' bytes, each with what must hold whatever they are, and with seeds.

A target gives up with AssertionError for a wrong "valid", and lets any exception out that its
reader does not promise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image

from certificates import baking, bitstring, cbor, check_code, claims, presented, proved, qr, status
from certificates import number as numbers
from certificates.commitment import same_name
from certificates.credential_verifying import Issuer, open_bitstring, verify_credential
from certificates.drawing import Attachment, draw_pdf
from certificates.encodings import json_bytes
from certificates.offline import KeysUnreadable, Saved
from certificates.public_keys import by_kid, page_list
from certificates.snapshot import Snapshot
from certificates.status import Status
from certificates.verifying import State, verify
from tests.certificates.test_credential import data_of
from tools.vectors import badges, codes, credentials, issuer, lists, proofs
from tools.vectors.badges import signed, unsigned

KEYS = dict(by_kid(issuer.public_keys()))
ISSUER = Issuer.of(issuer.DID, issuer.public_keys())
SECRET = bytes(32)
NUMBER = issuer.claims(1).number


@dataclass(frozen=True)
class Target:
    """A reader: `holds` is called with any bytes, `seeds` are near what it reads."""

    name: str
    holds: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


@cache
def good_codes() -> frozenset[bytes]:
    found = (qr.data_of(code.text) for code in codes.made() if code.claims is not None)
    return frozenset(data for data in found if data is not None)


@cache
def good_badges() -> list[object]:
    texts = [badge.content for badge in credentials.made() if badge.state != "forged"]
    return [data_of(text) if isinstance(text, dict) else text for text in texts]


def code(data: bytes) -> None:
    verdict = verify(data, KEYS, lambda _: Status.VALID, issuer.AT)
    assert verdict.state in {State.FORGED, State.NOT_FOUND} or data in good_codes()


def code_text(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    verdict = verify(text, KEYS, lambda _: Status.VALID, issuer.AT)
    assert verdict.state in {State.FORGED, State.NOT_FOUND} or qr.data_of(text) in good_codes()


def cbor_value(data: bytes) -> None:
    with suppress(cbor.MalformedCbor):
        assert cbor.encode(cbor.decode(data)) == data


def claims_of(data: bytes) -> None:
    with suppress(claims.MalformedClaims):
        read = claims.decode(data)
        assert claims.decode(read.encode()) == read


def credential(data: bytes) -> None:
    verdict = verify_credential(data, ISSUER, lambda *_: False, issuer.AT)
    if verdict.state is not State.FORGED:
        text = data.decode().strip()
        said = data_of(json.loads(text)) if text.startswith("{") else text
        assert said in good_badges()


def typed(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with suppress(numbers.InvalidNumber):
        number = numbers.read(text)
        assert numbers.read(number) == number
    if check_code.matches(SECRET, NUMBER, text):
        assert len(text) >= 8
    same_name(text, SECRET, bytes(12))


def baked(data: bytes) -> None:
    for read in (baking.from_png, baking.from_svg):
        with suppress(ValueError):
            read(data)


def status_list(data: bytes) -> None:
    with suppress(status.UntrustedStatusList):
        status.open_saved(data, KEYS)
        assert data in {content for _, content in lists.made().values()}
    with suppress(proved.UntrustedProof):
        proved.open_shard(data, KEYS)
        assert data in {content for _, content in proofs.made().values()}


def bits(data: bytes) -> None:
    with suppress(bitstring.UntrustedBitstring):
        bitstring.is_set(data.decode("latin-1"), 4711)
    with suppress(ValueError):
        open_bitstring(data, ISSUER)
        assert data_of(json.loads(data)) == data_of(badges.files()[badges.LIST])


def shown_file(data: bytes) -> None:
    with suppress(presented.NothingToVerify, numbers.InvalidNumber):
        assert presented.of_file(data)


def keys_file(data: bytes) -> None:
    with suppress(KeysUnreadable):
        Saved.read([data])


def seeds_of_files() -> list[bytes]:
    dot = BytesIO()
    Image.new("L", (8, 8), 255).save(dot, "PNG")
    content = json_bytes(signed(unsigned()))
    text = codes.made()[0].text
    snapshot = Snapshot.model_validate(badges.USUAL)
    attached = [
        Attachment("code.txt", text, "text/plain", ""),
        Attachment("credential.json", content.decode(), "application/json", ""),
    ]
    pdf = draw_pdf(snapshot, text, "ABCD-EFGH", attachments=attached)
    svg = bake_svg_of(content)
    return [content, text.encode(), baking.bake_png(dot.getvalue(), content), svg, pdf]


def bake_svg_of(content: bytes) -> bytes:
    return baking.bake_svg("<svg xmlns='http://www.w3.org/2000/svg'></svg>", content)


def _badge_seeds() -> list[bytes]:
    texts = [badge.content for badge in credentials.made()]
    return [json_bytes(text) if isinstance(text, dict) else text.encode() for text in texts]


TARGETS = {
    target.name: target
    for target in (
        Target("code", code, good_codes),
        Target("code_text", code_text, lambda: [each.text.encode() for each in codes.made()]),
        Target("cbor", cbor_value, good_codes),
        Target("claims", claims_of,
               lambda: [each.encode() for each in issuer.each_kind().values()]),
        Target("credential", credential, _badge_seeds),
        Target("typed", typed, lambda: [NUMBER.encode(), b"ABCD-EFGH", "示例·慧".encode()]),
        Target("baked", baked, lambda: seeds_of_files()[2:4]),
        Target("status_list", status_list,
               lambda: [each for _, each in [*lists.made().values(), *proofs.made().values()]]),
        Target("bits", bits, lambda: [json_bytes(badges.files()[badges.LIST])]),
        Target("shown_file", shown_file, seeds_of_files),
        Target("keys_file", keys_file, lambda: [
            page_list(issuer.public_keys(), issuer.URL), json_bytes(badges.files()[badges.DID_FILE])
        ]),
    )
}  # fmt: skip
