"""Workbooks that mean harm, or were harmed: refused in words, in little memory, or read safely."""

from __future__ import annotations

import io
import re
import tracemalloc
from contextlib import suppress
from random import randbytes
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


def sound_but(name: str, part: str) -> bytes:
    return with_part(SOUND, name, f'<x xmlns="{NAMESPACE}">{part}</x>'.encode())


def far_apart(part: str, times: int) -> str:
    """The same over and over, with noise that keeps it from looking like a bomb."""
    return f"<!--{randbytes(len(part) * times // 500).hex()}-->{part * times}"


@pytest.mark.parametrize("name", ["xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("part", ["<a/>" * 20, "a" * 80])
def test_what_is_made_a_tree_of_is_little(name: str, part: str) -> None:
    content = sound_but(name, far_apart(part, 40_000))
    assert why_in_little_memory(content) == "workbook_bursts"


def test_a_part_that_calls_itself_a_sheet_is_still_little_where_a_tree_is_made_of_it() -> None:
    with ZipFile(io.BytesIO(SOUND)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    types = types.replace("spreadsheetml.styles+xml", "spreadsheetml.worksheet+xml")
    content = with_part(SOUND, "[Content_Types].xml", types.encode())
    styles = f"<x>{far_apart('<a/>' * 20, 40_000)}</x>".encode()
    assert why_in_little_memory(with_part(content, "xl/styles.xml", styles)) == "workbook_bursts"


@pytest.mark.parametrize(
    ("part", "times"), [("<si/>" * 20, 2_600), ("<si><t>abcdefgh</t></si>" * 20, 26_000)]
)
def test_words_under_any_name_are_little(
    part: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.workbook.MOST_PARTS_OF_STRINGS", 100_000)
    with ZipFile(io.BytesIO(SOUND)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    types = types.replace("/xl/sharedStrings.xml", "/xl/words.xml")
    content = with_part(SOUND, "[Content_Types].xml", types.encode())
    words = f'<sst xmlns="{NAMESPACE}">{far_apart(part, times)}</sst>'.encode()
    assert why(with_part(content, "xl/words.xml", words))[0] == "workbook_bursts"


@pytest.mark.parametrize(
    "part",
    ["<is>" + "<t/>" * 110_000 + "</is>", "<is><t>" + "a" * 2 * MEGABYTE + "</t></is>",
     "<t>" * 110_000, f'<v a="{"a" * 2 * MEGABYTE}"/>'],
    ids=["many", "long", "deep", "wide"],
)  # fmt: skip
def test_a_cell_that_does_not_end_is_refused(part: str) -> None:
    content = with_sheet(
        SOUND, f'<row r="1"><c r="A1" t="inlineStr">{far_apart(part, 1)}</c></row>'
    )
    assert why_in_little_memory(content) == "workbook_bursts"


def test_one_part_is_not_read_as_many_sheets() -> None:
    with ZipFile(io.BytesIO(SOUND)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    [sheet] = re.findall("<sheet .*?/>", book)
    twice = book.replace(sheet, sheet + sheet.replace('name="', 'name="2'))
    assert why(with_part(SOUND, "xl/workbook.xml", twice.encode()))[0] == "workbook_broken"


def why_in_little_memory(content: bytes) -> str:
    tracemalloc.start()
    try:
        code, _ = why(content)
        assert tracemalloc.get_traced_memory()[1] < 40 * MEGABYTE
    finally:
        tracemalloc.stop()
    return code


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


@pytest.mark.parametrize("spelled", ["utf-16-le", "utf-16-be"])
def test_entities_in_wider_letters_are_refused_as_well(spelled: str) -> None:
    with ZipFile(io.BytesIO(SOUND)) as archive:
        part = archive.read("xl/workbook.xml").decode()
    body = part.split("?>", 1)[-1]
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[spelled]
    hostile = f'<?xml version="1.0" encoding="UTF-16"?><!--{" " * 4_000}-->{ENTITIES}{body}'
    content = mark + hostile.encode(spelled)
    assert why(with_part(SOUND, "xl/workbook.xml", content))[0] == "workbook_with_entities"


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
