"""`parent-credits verify`: whatever is shown, by the register or by saved files alone."""

from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner, Result

from api.certificate_documents import check_code_of, jwt_of, pdf_of, signed_of, webp_of
from api.cli_verify import NumberNeedsRegister, add_to, shown_in, told_of
from api.signing import create_key
from certificates import presented, qr
from certificates.baking import bake_png, bake_svg
from certificates.cose import ES256
from certificates.data_integrity import moment
from certificates.encodings import json_bytes
from certificates.offline import KeysUnreadable, ListUnreadable
from certificates.presented import NothingToVerify
from certificates.public_keys import page_list
from certificates.status import Place, Status
from tests.api.certificates.conftest import Office
from tools.vectors import badges, codes, credentials, issuer, lists

AT = "2026-07-10T04:00:00Z"
NUMBER = issuer.claims(1).number
LINK = codes.made()[0].text
BADGE = badges.signed(badges.unsigned())


class Offline:
    """Runs the command with the files of the test issuer, on no database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = typer.Typer()
        add_to(self.app)
        files = {
            "keys.json": page_list(issuer.public_keys(), "示例"),
            "did.json": json_bytes(badges.files()[badges.DID_FILE]),
            "bits.json": json_bytes(badges.files()[badges.LIST]),
            "tokens.cose": lists.made()["fresh"][1],
            "stale.cose": lists.made()["stale"][1],
            "foreign.cose": lists.made()["foreign"][1],
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)

    def put(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def __call__(self, shown: str, *lists: str, at: str = AT) -> Result:
        words = ["--offline", "--json", "--at", at]
        for name in ("keys.json", "did.json"):
            words += ["--keys", str(self.folder / name)]
        for name in lists:
            words += ["--list", str(self.folder / name)]
        result = CliRunner().invoke(self.app, [*words, "--", shown])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def states(self, *words: str, at: str = AT) -> tuple[int, list[str]]:
        result = self(*words, at=at)
        told = [json.loads(line) for line in result.output.splitlines()]
        return result.exit_code, [each["state"] for each in told]


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    return Offline(tmp_path)


def code_named(name: str) -> str:
    return next(code.text for code in codes.made() if code.name == name)


def test_a_code_is_judged_by_saved_keys_and_list(offline: Offline) -> None:
    assert offline.states(LINK, "tokens.cose") == (0, ["valid"])
    assert offline.states(LINK.partition("#")[2], "tokens.cose") == (0, ["valid"])
    assert offline.states(LINK) == (3, ["status_unknown"])
    assert offline.states(LINK, "stale.cose") == (3, ["status_unknown"])
    assert offline.states(code_named("revoked"), "stale.cose") == (1, ["revoked"])
    assert offline.states(f"{LINK[:-1]}{(int(LINK[-1]) + 1) % 10}") == (1, ["forged"])
    assert offline.states(code_named("star level"), at="2028-09-01T00:00:00Z") == (1, ["expired"])
    told = json.loads(offline(LINK, "tokens.cose").output)
    assert (told["number"], told["holder"], told["hours"]) == (
        NUMBER, "示*慧", "12.5",
    )  # fmt: skip


@pytest.mark.parametrize("listed", ["bits.json", "tokens.cose"])
def test_a_credential_is_judged_in_every_wrapping(offline: Offline, listed: str) -> None:
    content = json_bytes(BADGE)
    dot = BytesIO()
    Image.new("RGB", (9, 9)).save(dot, "PNG")
    for name, made in {
        "badge.json": content,
        "badge.jwt": badges.token(badges.unsigned()).encode(),
        "badge.png": bake_png(dot.getvalue(), content),
        "badge.svg": bake_svg("<svg xmlns='http://www.w3.org/2000/svg'></svg>", content),
    }.items():
        path = offline.put(name, made)
        assert offline.states(path, listed) == (0, ["valid"]), name
        assert offline.states(path) == (3, ["status_unknown"]), name
    late = offline.states(offline.put("badge.json", content), listed, at="2026-08-01T00:00:00Z")
    assert late == (3, ["status_unknown"])


def test_the_list_of_codes_says_why_the_bit_of_a_credential_is_set(offline: Offline) -> None:
    place = Place(1, next(at for at, why in lists.STATUSES.items() if why is Status.REPLACED))
    document = badges.signed(badges.unsigned(place=place))
    path = offline.put("badge.json", json_bytes(document))
    assert offline.states(path, "bits.json") == (0, ["valid"])  # signed before
    assert offline.states(path, "tokens.cose") == (1, ["replaced"])
    assert offline.states(path, "stale.cose") == (1, ["replaced"])
    taken_back = badges.signed(badges.unsigned(place=badges.TAKEN_BACK))
    path = offline.put("badge.json", json_bytes(taken_back))
    for both in (("bits.json", "tokens.cose"), ("stale.cose", "bits.json"), ("bits.json",)):
        assert offline.states(path, *both) == (1, ["revoked"])


def test_a_credential_of_another_shape_is_judged_as_well(offline: Offline) -> None:
    document = badges.unsigned()
    del document["credentialSubject"]["licenseNumber"]
    path = offline.put("badge.json", json_bytes(badges.signed(document)))
    assert offline.states(path, "bits.json") == (0, ["valid"])


def test_the_newer_of_two_lists_counts(offline: Offline) -> None:
    for both in (("stale.cose", "tokens.cose"), ("tokens.cose", "stale.cose")):
        assert offline.states(LINK, *both) == (0, ["valid"])


def test_every_credential_of_the_vectors_is_judged_as_it_says(offline: Offline) -> None:
    for badge in credentials.made():
        content = badge.content
        data = content.encode() if isinstance(content, str) else json_bytes(content)
        name = "badge.jwt" if isinstance(content, str) else "badge.json"
        at = moment(badge.at)
        listed = ["bits.json"] if badge.list else []
        _, states = offline.states(offline.put(name, data), *listed, at=at)
        assert states == [badge.state], badge.name


def test_a_photograph_of_several_sheets_gets_several_verdicts(offline: Offline) -> None:
    photo = Image.new("L", (1000, 500), 200)
    for place, name in enumerate(["annual completion", "revoked"]):
        rows = qr.matrix(code_named(name))
        drawn = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
        for y, row in enumerate(rows):
            for x, module in enumerate(row):
                drawn.putpixel((x + 4, y + 4), 0 if module else 255)
        photo.paste(drawn.resize((400, 400)), (50 + 500 * place, 50))
    content = BytesIO()
    photo.rotate(3, fillcolor=200).save(content, "JPEG", quality=60)
    code, states = offline.states(offline.put("photo.jpg", content.getvalue()), "tokens.cose")
    assert (code, sorted(states)) == (1, ["revoked", "valid"])


def test_a_file_of_lines_is_judged_line_by_line(offline: Offline) -> None:
    lines = "\n".join([LINK, "", code_named("revoked")])
    path = offline.put("codes.txt", b"\xef\xbb\xbf" + lines.encode())
    assert offline.states(path, "tokens.cose") == (1, ["valid", "revoked"])


def bomb() -> bytes:
    """A PNG that says it is 30,000 by 30,000 pixels."""
    content = BytesIO()
    Image.new("L", (9, 9)).save(content, "PNG")
    head, size, rest = content.getvalue()[:16], struct.pack(">II", 30_000, 30_000), b"\x08\0\0\0\0"
    checksum = struct.pack(">I", zlib.crc32(b"IHDR" + size + rest))
    return head + size + rest + checksum + content.getvalue()[33:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.pdf", None),
        ("empty.txt", b""),
        ("keys.json", b'{"keys": {}}'),
        ("broken.json", b'{"type": '),
        ("broken.pdf", b"%PDF-1.7\n%%EOF"),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + zlib.compress(b"")),
        ("entities.svg", b'<!DOCTYPE x [<!ENTITY a "aa">]><svg>&a;</svg>'),
        ("plain.svg", b"<svg/>"),
        ("binary.txt", b"\xff\xfe\x00"),
        ("bomb.png", bomb()),
        ("large.txt", b" " * (presented.LARGEST + 1)),
        ("many.txt", b"1\n" * 2000),
    ],
)
def test_what_is_no_certificate_is_said_so(
    offline: Offline, name: str, content: bytes | None
) -> None:
    path = str(offline.folder / name) if content is None else offline.put(name, content)
    with pytest.raises(NothingToVerify):
        offline(path)


def test_files_that_are_not_the_issuers_are_refused(offline: Offline) -> None:
    with pytest.raises(NumberNeedsRegister):
        offline(NUMBER)
    with pytest.raises(ListUnreadable):
        offline(LINK, "foreign.cose")
    with pytest.raises(ListUnreadable):
        offline(LINK, "did.json")
    offline.put("did.json", b'{"id": "did:web:x"}')
    with pytest.raises(KeysUnreadable):
        offline(LINK)


def test_a_certificate_is_judged_by_the_register_in_every_form(
    office: Office, tmp_path: Path
) -> None:
    runtime = office.runtime
    certificate = office.issued()
    create_key(runtime, runtime.now(), algorithm=ES256)
    signed = signed_of(runtime, certificate)
    assert signed is not None
    forms = {
        "sheet.pdf": pdf_of(runtime, certificate),
        "sheet.webp": webp_of(runtime, certificate),
        "token.jwt": jwt_of(runtime, certificate).encode(),
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
    shown = [*(str(tmp_path / name) for name in forms), certificate.number]
    shown.append(qr.link(runtime.settings.public_url, signed))

    def judged() -> list[tuple[object, object]]:
        told = [
            told_of(runtime, each, check_code_of(runtime, certificate.number))
            for text in shown
            for each in shown_in(text)
        ]
        return [(each["state"], each["number"]) for each in told]

    assert judged() == [("valid", certificate.number)] * 6
    office.head.post(f"/staff/certificates/{certificate.number}/reissue", data={"reason": "lost"})
    office.settle()
    assert judged() == [("replaced", certificate.number)] * 6
