"""What an exam is called: as a file of its results is read, so that both mean the same exam."""

from __future__ import annotations

from api.files.tidying import tidy
from domain.refusals import Refused


class TitleMissing(Refused):
    """An exam has a title."""

    code = "exam_title_missing"


def titled(typed: str) -> str:
    """A title without what nobody sees: an exam is its title and its day. Raises TitleMissing."""
    if title := tidy(typed):
        return title
    raise TitleMissing
