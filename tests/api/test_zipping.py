"""ZIP archives that are sent while they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import BytesIO
from secrets import token_bytes
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from api.exports.zipping import PackedFile, packed

MEGABYTE = 1_048_576


def test_a_file_is_made_when_those_before_it_are_sent_and_never_held_whole() -> None:
    begun: list[str] = []

    def content(name: str) -> Iterator[bytes]:
        begun.append(name)
        for _ in range(64):
            yield token_bytes(MEGABYTE // 64)

    names = ["一.pdf", "二.pdf", "三.pdf"]
    sent = packed("包", (PackedFile(name, content(name)) for name in names))
    sizes = [len(next(sent))]
    assert begun == names[:1]
    sizes += map(len, sent)

    assert begun == names
    assert sum(sizes) > 3 * MEGABYTE
    assert max(sizes) < MEGABYTE / 4


def test_every_file_has_its_hash_and_what_is_packed_already_is_not_packed_again() -> None:
    files = {"一.txt": b"a" * 1000, "二/三.xlsx": b"b" * 1000}

    sent = b"".join(packed("包", (PackedFile(name, [text]) for name, text in files.items())))

    with ZipFile(BytesIO(sent)) as archive:
        assert {name: archive.read(f"包/{name}") for name in files} == files
        ways = {entry.filename: entry.compress_type for entry in archive.infolist()}
        sums = archive.read("包/SHA256SUMS").decode()
    assert ways["包/一.txt"] == ZIP_DEFLATED
    assert ways["包/二/三.xlsx"] == ZIP_STORED
    assert sums == "".join(
        f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in files.items()
    )
