"""Bytes of text into lines: UTF-8 with or without BOM, GB18030 (GBK, GB2312), UTF-16 with BOM."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import islice
from typing import Final

from api.files.rejection import unreadable

_CHUNK: Final = 65_536
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINES_LOOKED_AT: Final = 20


def encoding_of(content: bytes) -> str:
    """The encoding, by content alone. Raises UnreadableFile with the line of the first bad byte."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    first_line = content.split(b"\n", 1)[0]
    # Hanzi of GB18030 are hardly ever sound UTF-8 too: a first line that is tells of a bad byte.
    is_utf8 = not first_line.isascii() and _bad_byte(first_line, "utf-8") is None
    likely = [marked] if marked else ["utf-8"] if is_utf8 else ["utf-8", "gb18030"]
    bad = {name: _bad_byte(content, name) for name in likely}
    if sound := [name for name, at in bad.items() if at is None]:
        return sound[0]
    at = max(filter(None, bad.values()), default=0)
    line = content.count(b"\n", 0, at) + 1
    raise unreadable("encoding_unknown", f"0x{content[at]:02x}", row=line)


def _bad_byte(content: bytes, encoding: str) -> int | None:
    """Where decoding stops, in pieces: a file of 20 MB takes 20 MB, not 60."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content) + 1, _CHUNK):
        pending = len(decoder.getstate()[0])
        chunk = content[start : start + _CHUNK]
        try:
            decoder.decode(chunk, final=start + _CHUNK > len(content))
        except UnicodeDecodeError as error:
            return min(start - pending + error.start, len(content) - 1)
    return None


def lines_of(content: bytes, encoding: str) -> Iterator[str]:
    """The lines, decoded as they are asked for."""
    return iter(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=""))


def delimiter_of(content: bytes, encoding: str) -> str:
    """What parts the cells: commas, the tabs of “Unicode text”, or semicolons."""
    start = "".join(line[:_CHUNK] for line in islice(lines_of(content, encoding), _LINES_LOOKED_AT))
    return max(",", "\t", ";", key=start.count)
