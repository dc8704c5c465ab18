"""What is wrong with a file: one value per cell, row or header, and the error for a whole file."""

from __future__ import annotations

from dataclasses import asdict, dataclass

_SHOWN = 80


def shortened(value: str) -> str:
    """The value as far as it is shown: 80 characters."""
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """One thing that is wrong. Rows count as a spreadsheet shows them: the header is row 1.

    The column is the template's name for it, empty where the whole row is meant.
    """

    row: int
    column: str
    value: str
    code: str

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; `rejections` say why. The only error reading raises."""

    def __init__(self, *rejections: Rejection) -> None:
        super().__init__(", ".join(rejection.code for rejection in rejections))
        self.rejections = rejections

    @property
    def code(self) -> str:
        return self.rejections[0].code


def unreadable(code: str, value: str = "", *, row: int = 0, column: str = "") -> UnreadableFile:
    """The error with one reason; row 0 where no row is meant."""
    return UnreadableFile(Rejection(row, column, shortened(value), code))
