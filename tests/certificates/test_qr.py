"""The QR code stays coarse enough for paper, and readers read it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

from certificates import cose, number, payload, qr
from certificates.snapshot import Snapshot
from certificates.status import Place

HOSTILE = [
    "示例慧",
    "示䶮",
    "阿依古丽·买买提",
    "Maria-José López",
    "示" * 40,
    "A " * 20,
    "示·" * 20,
]
HOSTS = ["http://127.0.0.1:8000", "https://v.gzedu.cn", "https://credits.example.gov.cn"]


def _version(text: str) -> int:
    return (len(qr.matrix(text)) - 17) // 4


@given(data=st.binary(max_size=226), base_url=st.sampled_from(HOSTS))
def test_a_code_is_the_one_that_the_library_makes_by_itself(data: bytes, base_url: str) -> None:
    text = qr.link(base_url, b"\xd2" + data)
    try:
        ours = qr.matrix(text)
    except qr.CodeTooLarge:
        return
    page, digits = text.split("#")
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=3)
    code.add_data(QRData(f"{page}#".encode(), 4))
    code.add_data(QRData(digits.encode(), 1))
    code.make(fit=True)
    assert ours == code.modules


@pytest.mark.parametrize("base_url", HOSTS)
def test_every_certificate_fits_version_eleven(
    snapshot: Callable[..., Snapshot],
    qr_text: Callable[..., str],
    each_kind: dict[str, Any],
    base_url: str,
) -> None:
    for holder_name in HOSTILE:
        printed = snapshot(**each_kind, holder_name=holder_name, school_name="示" * 30)
        assert _version(qr_text(printed, 2**20 - 1, base_url)) <= qr.MAX_VERSION


def test_the_longest_name_of_a_school_in_the_city_is_signed_whole(
    snapshot: Callable[..., Snapshot],
) -> None:
    # 25 characters with the district; the longest of 501 schools has as many.
    name = "广州市花都区" + "示例纪念中学附属示例中学（示例东校区）"
    printed = snapshot(
        school_name=name, district_code="440114", number=number.make("440114", 2026, 1)
    )
    claims = payload.claims_of(printed, Place(1, 2**20 - 1), bytes(16), HOSTS[1])
    assert claims.school_name == name.removeprefix("广州市花都区")


def test_a_longer_name_keeps_its_two_ends(snapshot: Callable[..., Snapshot]) -> None:
    printed = snapshot(school_name="甲" * 15 + "乙" * 14 + "丙")
    claims = payload.claims_of(printed, Place(1, 1), bytes(16), HOSTS[1])
    assert claims.school_name.startswith("甲甲甲甲甲甲")
    assert claims.school_name.endswith("乙丙")
    assert "…" in claims.school_name


def test_a_name_of_a_site_too_long_for_any_code_is_said_so(
    snapshot: Callable[..., Snapshot],
) -> None:
    with pytest.raises(qr.CodeTooLarge):
        payload.claims_of(snapshot(), Place(1, 1), bytes(16), f"https://{'x' * 100}.example")
    with pytest.raises(qr.CodeTooLarge):
        qr.matrix("https://example.cn/c#" + "9" * 700)


@given(st.integers(min_value=1, max_value=260), st.sampled_from(HOSTS))
def test_fits_agrees_with_the_library(length: int, base_url: str) -> None:
    text = qr.link(base_url, b"\xd2" + bytes(length - 1))
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    assert qr.fits(base_url, length) == (code.best_fit() <= qr.MAX_VERSION)


@given(st.binary(min_size=1, max_size=230).map(lambda rest: b"\xd2" + rest))
def test_the_bytes_come_back_out_of_the_link(data: bytes) -> None:
    assert qr.data_of(qr.link("https://example.cn", data)) == data


@pytest.mark.parametrize("junk", ["&appinstall=0", "?from=singlemessage", " ", "#1", "，请核验"])
def test_what_a_chat_app_appends_is_ignored(junk: str) -> None:
    assert qr.data_of(f"https://example.cn/c#13774{junk}") == b"\x35\xce"
    assert qr.data_of(f"13774{junk}") == b"\x35\xce"


@pytest.mark.parametrize(
    "text", ["", "#", "https://example.cn/c", "https://example.cn/c#x1", "9" * 3001, "#１２"]
)
def test_a_text_without_digits_has_no_bytes(text: str) -> None:
    assert qr.data_of(text) is None


def test_another_text_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="not the link"):
        qr.matrix("https://example.cn/")


def test_a_reader_reads_the_matrix(
    snapshot: Callable[..., Snapshot],
    seal: Callable[..., bytes],
    each_kind: dict[str, Any],
    tool: Callable[[str, str], str],
    tmp_path: Path,
) -> None:
    text = qr.link(HOSTS[0], seal(snapshot(**each_kind)))
    picture = tmp_path / "code.png"
    _picture(qr.matrix(text)).save(picture)
    read = subprocess.run(
        [tool("zbarimg", "zbar-tools"), "-q", "--raw", picture],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert read.stdout.decode().strip() == text


def test_the_svg_is_small_and_has_a_quiet_zone(
    qr_text: Callable[..., str], snapshot: Callable[..., Snapshot]
) -> None:
    drawn = qr.svg(qr_text(snapshot()))
    side = len(qr.matrix(qr_text(snapshot()))) + 8
    assert f'viewBox="0 0 {side} {side}"' in drawn
    assert len(drawn) < 16_000


def test_the_envelope_is_as_large_as_fits_assumes(
    seal: Callable[..., bytes], snapshot: Callable[..., Snapshot]
) -> None:
    data = seal(snapshot())
    assert len(data) == len(cose.take_apart(data).payload) + cose.OVERHEAD


def _picture(rows: list[list[bool]]) -> Image.Image:
    side = len(rows) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if module else 255)
    return picture.resize((side * 5, side * 5), Image.Resampling.NEAREST)
