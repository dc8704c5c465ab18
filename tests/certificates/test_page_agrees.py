"""The page and the server judge alike: the same word for each code, good, changed or made up."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest

from certificates import cbor, claims, cose, public_keys, qr, status
from certificates.claims import Claims
from certificates.keys import FileSigner
from certificates.public_keys import PublicKey
from certificates.status import Status, UntrustedStatusList
from certificates.verifying import Verdict, verify
from tools import npm

NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)
URL = "http://127.0.0.1:8000"
JUDGE = """
import { judge } from './verify.js';
import { readFileSync } from 'node:fs';
const { codes, files, now } = JSON.parse(readFileSync(0, 'utf8'));
const load = async (path) => {
  if (!(path in files)) throw new Error(path);
  return Uint8Array.from(Buffer.from(files[path], 'base64'));
};
const verdicts = [];
for (const code of codes) verdicts.push(await judge(code, load, now));
console.log(JSON.stringify(verdicts));
"""

# Lengths and counts that no bytes follow, depth without end, other spellings, other tags.
HOSTILE = (
    "d29bffffffffffffffff", "d25bffffffffffffffff", "d2bb7fffffffffffffff", "d29affffffff",
    "d2" + 99 * "81", "d2" * 50, "d284404040", "d28440a04058", "d39f", "bfff", "f6",
    "fb7ff8" + 12 * "0", "d28441a0a0405840" + 128 * "0",
    "d2845820" + 64 * "ff" + "a0405840" + 128 * "0",
    "d81284404040" + "40", "c249" + 18 * "f",
)  # fmt: skip

Judge = Callable[[list[str], datetime], list[dict[str, Any]]]
Make = Callable[..., Any]


@pytest.fixture
def signed_list(signer: FileSigner) -> bytes:
    statuses = {index: Status(index % 5) for index in range(10)}
    return status.sign_list(1, statuses, URL, signer, NOW)


@pytest.fixture
def page_judges(
    page_folder: Path,
    tmp_path: Path,
    keys: Mapping[bytes, PublicKey],
    signed_list: bytes,
) -> Judge:
    shutil.copytree(page_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "judge.js").write_text(JUDGE, encoding="utf-8")
    files = {
        "/c/keys.json": public_keys.page_list(keys.values(), "示例"),
        "/status/1": signed_list,
    }
    packed = {path: base64.b64encode(content).decode() for path, content in files.items()}

    def judged(codes: list[str], now: datetime) -> list[dict[str, Any]]:
        asked = json.dumps({"codes": codes, "files": packed, "now": now.timestamp()})
        done = subprocess.run(
            [npm.node(), "judge.js"], input=asked.encode(), cwd=tmp_path,
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        verdicts: list[dict[str, Any]] = json.loads(done.stdout)
        return verdicts

    return judged


@pytest.fixture
def server_judges(
    keys: Mapping[bytes, PublicKey], signed_list: bytes
) -> Callable[[str, datetime], Verdict]:
    opened = status.open_list(signed_list, 1, URL, keys)

    def status_of(signed: claims.Claims) -> Status | None:
        try:
            return opened.at(signed.status_index) if signed.status_list == 1 else None
        except UntrustedStatusList:
            return None

    return lambda code, now: verify(code, keys, status_of, now)


def _changed(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    match chance.randrange(4):
        case 0:
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        case 1:
            del spoiled[chance.randrange(1, len(spoiled))]
        case 2:
            spoiled.insert(chance.randrange(1, len(spoiled)), chance.randrange(256))
        case _:
            spoiled[chance.randrange(len(spoiled)) :] = chance.randbytes(5)
    return bytes(spoiled)


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=3), timedelta(days=900)])
def test_good_and_changed_codes_get_the_same_word(
    snapshot: Make, seal: Make, page_judges: Judge, server_judges: Make, later: timedelta
) -> None:
    chance = random.Random(20260710)
    good = [
        seal(snapshot(form), index)
        for form in ("annual", "stage", "star", "statement")
        for index in (0, 1, 2, 3, 4, 2**20 - 1)
    ]
    spoiled = [_changed(chance.choice(good), chance) for _ in range(200)]
    codes = [str(int.from_bytes(data, "big")) for data in good + spoiled]
    codes += ["", "0", "1", "9" * 600, "abc", codes[0] + "&appinstall=0"]
    codes += [str(int(each, 16)) for each in HOSTILE]
    now = NOW + later
    page = [(verdict["state"], verdict["reason"]) for verdict in page_judges(codes, now)]
    verdicts = [server_judges(code, now) for code in codes]
    server = [(verdict.state.value, verdict.reason) for verdict in verdicts]
    if later > timedelta(days=7):  # the list is stale: the page no longer says valid
        server = [
            ("status_unknown" if state == "valid" else state, reason) for state, reason in server
        ]
    assert page == server


def test_properly_signed_nonsense_gets_the_same_word(
    snapshot: Make, seal: Make, signer: FileSigner, page_judges: Judge, server_judges: Make
) -> None:
    outer = cbor.decode(cose.take_apart(seal(snapshot(), 0)).payload)
    codes = []
    for change in _nonsense(outer):
        data = cose.sign(change, signer)
        codes.append(qr.link(URL, data).partition("#")[2])
    page = [verdict["state"] for verdict in page_judges(codes, NOW)]
    assert page == [server_judges(code, NOW).state.value for code in codes]
    assert page[0] == "valid"
    assert page[1:] == ["forged"] * (len(codes) - 1)


_STRANGE: list[dict[int, Any]] = [
    {2: 440104202600001238}, {2: "440104202600001237"}, {2: ["440104202600001237"]}, {2: -1},
    {3: -1}, {3: "1250"}, {5: 12}, {5: bytes(11)}, {6: 5}, {6: [0, 1]},
    {6: [1, 2**20]}, {8: 999}, {8: "2025"}, {9: 0}, {9: 6}, {10: 6}, {11: 0}, {12: 2}, {13: 2**40},
    {13: b""}, {14: [1]}, {14: 5}, {6: b"ab"}, {14: b"ab"}, {15: 20261},
]  # fmt: skip


def _nonsense(outer: dict[Any, Any]) -> list[bytes]:
    ours = outer[-65537]

    changed: list[Any] = [
        {**outer, 99: 0},
        {**outer, 6: "x"},
        {**outer, 7: b"short"},
        [],
        0,
        "text",
    ]
    changed += [{**outer, -65537: {**ours, key: "x"}} for key in (1, 4, 7)]
    changed += [{**outer, 6: -1}, {**outer, 6: 2**40}, {**outer, 4: "soon"}]
    changed += [{**outer, -65537: {**ours, **strange}} for strange in _STRANGE]
    changed += [{**outer, -65537: {**ours, 1: 9}}, {**outer, -65537: {**ours, 77: 0}}]
    changed += [
        {**outer, -65537: {other: value for other, value in ours.items() if other != key}}
        for key in (1, 2, 3, 4, 5, 6, 7, 13, 15)
    ]
    spelled = [cbor.encode(change) for change in changed]
    unsorted = cbor2.dumps({7: outer[7], 6: outer[6], -65537: ours})
    return [cbor.encode(outer), *spelled, unsorted, cbor.encode(outer) + b"\0", b"\xbf\xff"]


def test_the_page_reads_every_field_as_the_server_does(
    snapshot: Make, seal: Make, page_judges: Judge, server_judges: Make
) -> None:
    forms = ["annual", "stage", "star", "statement"]
    names = ["示䶮", "阿依古丽·买买提", "Maria López", "李𬍛明"]
    sealed = [
        seal(snapshot(form, holder_name=name, school_name=f"示例{name}学校"), 0)
        for form, name in zip(forms, names, strict=True)
    ]
    codes = [str(int.from_bytes(data, "big")) for data in sealed]
    for code, verdict in zip(codes, page_judges(codes, NOW), strict=True):
        assert verdict["claims"] == as_the_page_says(server_judges(code, NOW).claims)


def as_the_page_says(ours: Claims | None) -> dict[str, object]:
    assert ours is not None
    return {
        "id": ours.certificate_id.hex,
        "issuedAt": int(ours.issued_at.timestamp()),
        "expiresAt": int(ours.expires_at.timestamp()) if ours.expires_at else None,
        "kind": ours.kind.value,
        "number": ours.number,
        "hours": ours.hours,
        "holder": ours.masked_holder,
        "commitment": ours.name_commitment.hex(),
        "list": ours.status_list,
        "index": ours.status_index,
        "school": ours.school_name,
        "period": ours.period,
        "level": ours.level,
        "stage": ours.stage,
        "faceToFace": ours.face_to_face_hours,
        "result": ours.exam_result,
        "awardedOn": _day_number(ours.awarded_on),
        "days": [_day_number(day) for day in ours.days] if ours.days else None,
        "rulebook": ours.rulebook_version,
    }


def _day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
