"""Workbooks that mean harm, or were harmed: refused in words, in little memory, or read safely."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.files.package import MOST_PARTS
from api.files.rejection import UnreadableFile
from api.files.table import read_table
from api.files.template import Kind
from api.files.texts import TEXTS
from tests.api.files.workbooks import NAMESPACE, rows_of, shared, with_part, with_sheet, workbook

SOUND = shared(workbook(rows_of(Kind.ROSTER)))
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)
MEGABYTE = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"


def why(content: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as refused:
        read_table(content, Kind.ROSTER)
    assert refused.value.code in TEXTS
    return refused.value.code, refused.value.rejections[0].value


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def test_macros_and_other_packages_are_each_refused_in_their_own_words() -> None:
    assert why(with_part(SOUND, "xl/vbaProject.bin", b"")) == ("workbook_with_macros", "")
    assert why(with_part(SOUND, "xl/macrosheets/sheet1.xml", b"")) == ("workbook_with_macros", "")
    assert why(packed(**{"xl/workbook.bin": b""})) == ("workbook_of_another_kind", "XLSB")
    assert why(packed(mimetype=b"", **{"content.xml": b""})) == ("workbook_of_another_kind", "ODS")
    assert why(packed(**{"word/document.xml": b""})) == ("format_unknown", "DOCX")
    assert why(packed(anything=b"")) == ("format_unknown", "ZIP")
    assert why(packed()) == ("format_unknown", "ZIP")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (SHEET, 100 * MEGABYTE),
        ("xl/sharedStrings.xml", 11 * MEGABYTE),
        ("xl/styles.xml", 3 * MEGABYTE),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name: str, size: int) -> None:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(name, "w") as part:
            for _ in range(size // MEGABYTE):
                part.write(b" " * MEGABYTE)
    content = file.getvalue()
    assert len(content) < MEGABYTE
    tracemalloc.start()
    try:
        assert why(content)[0] == "workbook_bursts"
        assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_part_that_declares_less_than_it_holds_is_broken() -> None:
    big = with_sheet(SOUND, "<row/>" * 100_000)
    with ZipFile(io.BytesIO(big)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    directory = big.rindex(size)  # at the end, where sizes are looked up
    lying = big[:directory] + (1_000).to_bytes(4, "little") + big[directory + 4 :]
    assert why(lying)[0] == "workbook_broken"


def test_many_parts_other_packings_and_paths_are_refused() -> None:
    many = packed(**{f"xl/{n}.xml": b"" for n in range(MOST_PARTS + 1)})
    assert why(many)[0] == "workbook_bursts"
    assert why(with_part(SOUND, "../../outside.xml", b""))[0] == "workbook_broken"
    assert why(with_part(SOUND, "xl/a.xml", b"x", compress_type=ZIP_BZIP2))[0] == "workbook_broken"


def test_empty_rows_without_end_are_read_past_in_little_memory() -> None:
    rows = (
        "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in row)
        for row in rows_of(Kind.ROSTER)
    )
    blank = (f'<row r="{number}"/>' for number in range(3, 30_000))
    data = "".join((*(f"<row>{row}</row>" for row in rows), *blank))
    content = with_sheet(SOUND, data, head='<dimension ref="A1:K1048576"/>')
    del data
    tracemalloc.start()
    try:
        assert read_table(content, Kind.ROSTER).total == 1
        assert tracemalloc.get_traced_memory()[1] < 5 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_row_at_the_end_of_the_sheet_and_beyond_it_is_refused_at_once() -> None:
    far = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    assert why(with_sheet(SOUND, far.format(1_048_576)))[0] == "too_many_rows"
    assert why(with_sheet(SOUND, far.format(99_999_999)))[0] == "workbook_bursts"
    assert why(with_sheet(SOUND, far.format(-5)))[0] == "workbook_broken"


@pytest.mark.parametrize("name", [SHEET, "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("room", [0, 4_000])
def test_entities_are_refused_wherever_they_stand(name: str, room: int) -> None:
    with ZipFile(io.BytesIO(SOUND)) as archive:
        part = archive.read(name).decode()
    start, end = part.split("?>", 1) if part.startswith("<?xml") else ("", part)
    start = start and f"{start}?>"
    hostile = f"{start}<!--{' ' * room}-->{ENTITIES}{end}"
    assert why(with_part(SOUND, name, hostile.encode()))[0] in {
        "workbook_with_entities",
        "workbook_broken",
    }


def test_an_entity_of_cells_is_never_unfolded() -> None:
    data = '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    assert why(with_sheet(SOUND, data, before=ENTITIES))[0] == "workbook_with_entities"


def test_merged_cells_and_links_without_end_are_refused() -> None:
    merges = "".join(f'<mergeCell ref="A{n}:A{n + 1}"/>' for n in range(1, 120_000, 2))
    sheet = with_sheet(SOUND, "", after=f"<mergeCells>{merges}</mergeCells>")
    assert why(sheet)[0] == "workbook_bursts"


def test_a_link_to_another_file_is_never_followed() -> None:
    link = (
        f'<externalLink xmlns="{NAMESPACE}"><externalBook xmlns:r="x" r:id="rId1"/></externalLink>'
    )
    content = with_part(SOUND, "xl/externalLinks/externalLink1.xml", link.encode())
    assert read_table(content, Kind.ROSTER).total == 1


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_workbook_raises_one_error_only(data: st.DataObject) -> None:
    content = bytearray(SOUND)
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(content), len(content) // 2, 40]))
    with suppress(UnreadableFile):
        read_table(bytes(content[:cut]), Kind.ROSTER)


@settings(max_examples=60, deadline=None)
@given(
    part=st.sampled_from(
        [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml",
         "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]
    ),
    data=st.data(),
)  # fmt: skip
def test_a_part_that_is_not_what_it_should_be_raises_one_error_only(
    part: str, data: st.DataObject
) -> None:
    with ZipFile(io.BytesIO(SOUND)) as archive:
        sound = archive.read(part)
    at = data.draw(st.integers(0, len(sound) - 1))
    length = data.draw(st.integers(0, 30))
    noise = data.draw(st.sampled_from([b"", b"9" * 30, b"<a/>", b'"', b"\x00", b"ZZZZ9", b"-1"]))
    with suppress(UnreadableFile):
        read_table(with_part(SOUND, part, sound[:at] + noise + sound[at + length :]), Kind.ROSTER)
