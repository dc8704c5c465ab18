"""ZIP archives: the same files are the same bytes; a large one is sent while it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import IO, TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NO_TIME: Final = datetime.fromisoformat("1980-01-01")  # before it there are no times in a ZIP
SUMS: Final = "SHA256SUMS"
_PACKED_ALREADY: Final = (".xlsx", ".jpeg", ".png", ".webp", ".pdf")
_AT_ONCE: Final = 65_536


class TimelessZip(ZipFile):
    """It does not say when its files were written."""

    def open(self, name: str | ZipInfo, *args: Any, **options: Any) -> IO[bytes]:
        if isinstance(name, ZipInfo):
            name.date_time = NO_TIME.timetuple()[:6]
        return super().open(name, *args, **options)


@dataclass(frozen=True)
class PackedFile:
    """A file of an archive; nothing of it is made before it is asked for."""

    name: str
    chunks: Iterable[bytes]


def packed(folder: str, files: Iterable[PackedFile]) -> Iterator[bytes]:
    """The files in one folder, and last what each of them hashes to, for `sha256sum -c`.

    Memory stays flat: what was written is handed on before more is made.
    """
    outlet = _Outlet()
    with TimelessZip(outlet, "w") as archive:
        for file in with_sums(files):
            with archive.open(entry(folder, file.name), "w") as member:
                for chunk in file.chunks:
                    member.write(chunk)
                    if outlet.holds >= _AT_ONCE:
                        yield outlet.drained()
    yield outlet.drained()


def entry(folder: str, name: str) -> ZipInfo:
    found = ZipInfo(f"{folder}/{name}")
    found.compress_type = ZIP_STORED if name.endswith(_PACKED_ALREADY) else ZIP_DEFLATED
    return found


def with_sums(files: Iterable[PackedFile]) -> Iterator[PackedFile]:
    lines: list[str] = []
    for file in files:
        digest = hashlib.sha256()
        yield PackedFile(file.name, told(file.chunks, digest.update))
        lines.append(f"{digest.hexdigest()}  {file.name}\n")
    yield PackedFile(SUMS, ["".join(lines).encode()])


def told(chunks: Iterable[bytes], hear: Callable[[bytes], None]) -> Iterator[bytes]:
    for chunk in chunks:
        hear(chunk)
        yield chunk


class _Outlet(RawIOBase):
    """Where a ZIP is written that cannot be wound back: it waits here until it is sent."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    @property
    def holds(self) -> int:
        return len(self._waiting)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        given = bytes(data)
        self._waiting += given
        return len(given)

    def drained(self) -> bytes:
        found = bytes(self._waiting)
        self._waiting.clear()
        return found
