"""A drawn certificate is the same each time, reads like its words, and its code can be scanned."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from certificates.artwork import TEMPLATES, drawings
from certificates.drawing import Attachment, MissingGlyph, draw_pdf, draw_png
from certificates.pictures import webp
from certificates.snapshot import Snapshot
from certificates.wording import NOTICE

Make = Callable[..., Any]
Tool = Callable[[str, str], str]
CODE = "ABCD-EFGH"
RARE = "𡥘"  # beyond GB 2312 and the list of 8105
# A font that has it, where Debian's packages of whole fonts are installed.
WHOLE_FONTS = [Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/arphic")]


@pytest.fixture
def drawn(snapshot: Make, qr_text: Make) -> Callable[..., bytes]:
    def draw(form: str = "annual", **changes: Any) -> bytes:
        printed = snapshot(form, **changes)
        return draw_pdf(printed, qr_text(printed), CODE)

    return draw


@pytest.fixture
def read(tool: Tool, tmp_path: Path) -> Callable[[bytes], str]:
    """Give the text of a PDF without its spaces and line breaks."""

    def text(pdf: bytes) -> str:
        file = tmp_path / "certificate.pdf"
        file.write_bytes(pdf)
        program = tool("pdftotext", "poppler-utils")
        done = subprocess.run(
            [program, "-layout", file, "-"], capture_output=True, check=True, timeout=60
        )
        return "".join(done.stdout.decode().split())

    return text


@pytest.fixture
def scan(tool: Tool, tmp_path: Path) -> Callable[[Path], str]:
    def text(picture: Path) -> str:
        program = tool("zbarimg", "zbar-tools")
        done = subprocess.run(
            [program, "-q", "--raw", picture], capture_output=True, check=True, timeout=60
        )
        return done.stdout.decode().strip()

    return text


@pytest.mark.parametrize("form", ["annual", "stage", "star", "statement"])
def test_the_same_certificate_is_the_same_bytes(drawn: Callable[..., bytes], form: str) -> None:
    assert drawn(form) == drawn(form)


@pytest.mark.parametrize("form", ["annual", "stage", "star", "statement"])
def test_a_pdf_says_that_it_is_archivable_and_accessible(
    drawn: Callable[..., bytes], form: str
) -> None:
    pdf = drawn(form)
    for mark in (
        b"<pdfaid:part>3",
        b"<pdfaid:conformance>A",
        b"<pdfuaid:part>1",
        b"/StructTreeRoot",
    ):
        assert mark in pdf
    assert len(pdf) < 200_000


def test_a_pdf_names_only_our_own_fonts(drawn: Callable[..., bytes]) -> None:
    assert b"NotoSerif-" in drawn("statement", holder_name="Nguyễn")
    pdf = drawn("statement")
    assert b"NotoSerif-" not in pdf
    assert b"LXGWWenKai" in pdf
    assert b"NotoSerifCJKsc" in pdf
    assert b"Libertinus" not in pdf
    assert b"DejaVu" not in pdf


@pytest.mark.parametrize("form", ["annual", "star", "statement"])
def test_everything_to_check_by_hand_is_printed(
    drawn: Callable[..., bytes], read: Callable[[bytes], str], form: str
) -> None:
    text = read(drawn(form))
    for printed in ("示例慧", "440104-2026-0000123-7", CODE, "127.0.0.1:8000/verify", "2026.1"):
        assert printed in text
    assert NOTICE in text
    assert "（盖章）" in text


@pytest.mark.parametrize(
    ("form", "dots"),
    [
        ("annual", ("-r", "150", "-gray")),
        ("star", ("-r", "300", "-mono")),  # black dots and white paper, nothing between
        ("statement", ("-r", "300", "-mono")),
    ],
)
def test_the_code_is_scanned_from_the_printed_sheet(
    snapshot: Make,
    qr_text: Make,
    drawn: Callable[..., bytes],
    scan: Callable[[Path], str],
    tool: Tool,
    tmp_path: Path,
    form: str,
    dots: tuple[str, ...],
) -> None:
    (tmp_path / "sheet.pdf").write_bytes(drawn(form))
    subprocess.run(
        [tool("pdftoppm", "poppler-utils"), *dots, "-png", "-singlefile",
         tmp_path / "sheet.pdf", tmp_path / "sheet"],
        check=True, timeout=60,
    )  # fmt: skip
    assert scan(tmp_path / "sheet.png") == qr_text(snapshot(form))


@pytest.mark.parametrize("form", ["annual", "statement"])
def test_the_code_is_scanned_from_the_pictures_for_phones(
    snapshot: Make, qr_text: Make, scan: Callable[[Path], str], tmp_path: Path, form: str
) -> None:
    printed = snapshot(form)
    pages = draw_png(printed, qr_text(printed), CODE)
    light = webp(pages[-1])
    assert len(light) < len(pages[-1])
    with Image.open(BytesIO(light)) as picture:
        assert picture.format == "WEBP"
        picture.save(tmp_path / "phone.png")
    assert scan(tmp_path / "phone.png") == qr_text(printed)


@pytest.mark.parametrize(
    "name",
    [
        "示䶮",
        "阿依古丽·买买提",
        "Maria-José López Ñandú",
        "示示",
        "Nguyễn Thị Ế Ữ",
        "Đặng Ngọc Trâm",
        "Łukasz Żółw",
        "Иван Ңұрсұлтан",
        "示例" * 20,
        "A. " * 13 + "B",
        '"#*_$\\@示',
        "]示[",
        "<&>示",
    ],
)
def test_a_name_is_printed_as_it_is(
    drawn: Callable[..., bytes], read: Callable[[bytes], str], name: str
) -> None:
    assert "".join(name.split()) in read(drawn(holder_name=name))


def test_long_names_push_nothing_off_the_sheet(
    drawn: Callable[..., bytes], read: Callable[[bytes], str]
) -> None:
    pdf = drawn(school_name="示例" * 15, holder_name="示·" * 20, relation="外祖母（监护人）")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") == 1
    assert "广州市越秀区" + "示例" * 15 in read(pdf)


def test_a_long_statement_numbers_its_pages(
    snapshot: Make, qr_text: Make, drawn: Callable[..., bytes], read: Callable[[bytes], str]
) -> None:
    line = {"on": "2025-09-13", "title": "示例讲座", "class_hours": 200, "hours": 125}
    text = read(drawn("statement", lines=[line] * 60))
    assert "第1页，共3页" in text
    assert "第3页，共3页" in text
    assert text.count("认定学时") == 3
    assert "60" in text
    printed = snapshot("statement", lines=[line] * 60)
    assert len(draw_png(printed, qr_text(printed), CODE, ppi=60)) == 3


def test_a_character_without_a_glyph_is_named(
    drawn: Callable[..., bytes], snapshot: Callable[..., Snapshot], qr_text: Make
) -> None:
    with pytest.raises(MissingGlyph) as refusal:
        drawn(holder_name=f"示{RARE}")
    assert refusal.value.character == RARE
    assert refusal.value.facts == {"character": RARE, "code_point": "U+21958"}
    printed = snapshot(holder_name=f"示{RARE}")
    with pytest.raises(MissingGlyph):
        draw_png(printed, qr_text(printed), CODE)


@pytest.mark.parametrize("hidden", ["\ufeff", "\u20dd"])
def test_a_character_that_cannot_be_printed_is_named(
    drawn: Callable[..., bytes], hidden: str
) -> None:
    with pytest.raises(MissingGlyph) as refusal:
        drawn(holder_name=f"q{hidden}q")
    assert refusal.value.character


def test_a_folder_of_more_fonts_is_tried(
    snapshot: Callable[..., Snapshot], qr_text: Make, read: Callable[[bytes], str]
) -> None:
    printed = snapshot(holder_name=f"示{RARE}")
    folder = _folder_with_more_fonts()
    pdf = draw_pdf(printed, qr_text(printed), CODE, extra_fonts=folder)
    assert f"示{RARE}" in read(pdf)


def test_a_folder_of_more_fonts_changes_nothing_else(
    snapshot: Callable[..., Snapshot], qr_text: Make, tmp_path: Path
) -> None:
    printed = snapshot()
    fonts = Path(__file__).parents[2] / "certificates" / "fonts"
    shutil.copy(fonts / "NotoSerifCJKsc-Bold.otf", tmp_path / "another.otf")
    with_more = draw_pdf(printed, qr_text(printed), CODE, extra_fonts=tmp_path)
    assert with_more == draw_pdf(printed, qr_text(printed), CODE)
    rare = snapshot(holder_name=RARE)
    with pytest.raises(MissingGlyph):
        draw_pdf(rare, qr_text(rare), CODE, extra_fonts=tmp_path)


def test_a_file_travels_inside_the_pdf(
    snapshot: Callable[..., Snapshot], qr_text: Make, tool: Tool, tmp_path: Path
) -> None:
    printed = snapshot()
    content = '{"name": "示例"}'
    files = [Attachment("credential.json", content, "application/json", "可验证凭证")]
    pdf = draw_pdf(printed, qr_text(printed), CODE, attachments=files)
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    subprocess.run(
        [tool("pdfdetach", "poppler-utils"), "-saveall", "-o", tmp_path, tmp_path / "sheet.pdf"],
        check=True, timeout=60,
    )  # fmt: skip
    assert (tmp_path / "credential.json").read_text(encoding="utf-8") == content


@pytest.mark.parametrize("name", sorted(drawings()))
def test_the_artwork_in_the_templates_is_what_the_module_draws(name: str) -> None:
    drawing = (TEMPLATES / name).read_text(encoding="utf-8")
    assert drawing == drawings()[name]
    assert len(drawing) < 60_000


def _folder_with_more_fonts() -> Path:
    for folder in WHOLE_FONTS:
        if folder.is_dir():
            return folder
    reason = "no whole CJK font: apt-get install fonts-noto-cjk"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
