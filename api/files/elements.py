"""An XML part read as it flows: nothing is kept of it, and nothing in it may be large at once."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from openpyxl.xml.functions import iterparse

from api.files.rejection import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MOST_HELD: Final = 100_000  # a row of 16,384 cells holds fewer
MOST_BETWEEN: Final = 1024 * 1024  # a cell holds 32,767 letters
SHALLOW: Final = 2  # a row in its data, a link in its list


class Flow:
    """A source that tells how much of it was read since the last element began or ended."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.between = 0

    def read(self, size: int) -> bytes:
        """Raises UnreadableFile for a text or a tag without end."""
        content = self._source.read(size)
        self.between += len(content)
        if self.between > MOST_BETWEEN:
            raise unreadable("workbook_bursts")
        return content


def elements_of(source: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Every start and end; what ended is let go, so that memory stays flat.

    Raises UnreadableFile, and XML's own errors.
    """
    # Any: the parser asks for a whole file and uses `read` alone.
    flow: Any = Flow(source)
    depth: list[Element] = []
    held = 0
    for event, element in iterparse(flow, events=("start", "end")):
        flow.between = 0
        if event == "start":
            held += 1
            depth.append(element)
        if held > MOST_HELD:
            raise unreadable("workbook_bursts")
        yield event, element
        if event == "end":
            depth.pop()
            if 0 < len(depth) <= SHALLOW:
                depth[-1].remove(element)
                held = len(depth)
