"""The typesetter: typst with our own fonts and nothing of the machine's, so that bytes repeat."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar, Literal, cast

import typst

from domain.refusals import Refused

_HERE = Path(__file__).parent
_FONTS, _TEMPLATES = _HERE / "fonts", _HERE / "template"
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
_UNDRAWABLE = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.+?)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

Template = Literal["certificate", "statement"]


# A compiler belongs to one thread and keeps some 20 MB: all sheets are set in this one.
_thread = ThreadPoolExecutor(1, thread_name_prefix="typesetter")


class MissingGlyph(Refused):
    """No font at hand has this character; `character` names it."""

    code: ClassVar[str] = "glyph_missing"

    def __init__(self, character: str) -> None:
        points = " ".join(f"U+{ord(one):04X}" for one in character)
        super().__init__(character=character, code_point=points)
        self.character = character


def pdf(template: Template, data: str, at: datetime, extra_fonts: Path | None = None) -> bytes:
    """Set PDF/A-3a and PDF/UA-1. Raises MissingGlyph, after trying `extra_fonts`."""
    return _thread.submit(_with_fonts, template, data, at, extra_fonts).result()[0]


def pictures(
    template: Template,
    data: str,
    at: datetime,
    extra_fonts: Path | None,
    form: Literal["png", "svg"],
    ppi: float = 150,
) -> tuple[bytes, ...]:
    """Set one picture a page. Raises MissingGlyph."""
    return _thread.submit(_pictures, template, data, at, extra_fonts, form, ppi).result()


def _pictures(
    template: Template,
    data: str,
    at: datetime,
    extra_fonts: Path | None,
    form: Literal["png", "svg"],
    ppi: float,
) -> tuple[bytes, ...]:
    # Only the PDF standards make a missing glyph an error: a picture would show a box.
    compiler = _with_fonts(template, data, at, extra_fonts)[1]
    pages = compiler.compile(
        format=form, ppi=ppi, sys_inputs={"data": data}, timestamp=_seconds(at)
    )
    return tuple(pages) if isinstance(pages, list) else (cast("bytes", pages),)


def _with_fonts(
    template: Template, data: str, at: datetime, extra_fonts: Path | None
) -> tuple[bytes, typst.Compiler]:
    """Try our own fonts alone, so that a font folder changes no sheet that does not need it."""
    missing = ""
    for fonts in dict.fromkeys((None, extra_fonts)):
        compiler = _compiler(template, fonts)
        try:
            return _pdf(compiler, data, at), compiler
        except typst.TypstError as error:
            missing = _missing(error)
    raise MissingGlyph(missing)


def _pdf(compiler: typst.Compiler, data: str, at: datetime) -> bytes:
    drawn = compiler.compile(
        format="pdf", sys_inputs={"data": data}, pdf_standards=_STANDARDS, timestamp=_seconds(at)
    )
    assert isinstance(drawn, bytes)
    return drawn


def _missing(error: typst.TypstError) -> str:
    named = _UNDRAWABLE.search(error.message)
    if named is None:
        raise error
    return _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), named[1])


@cache
def _compiler(template: Template, extra_fonts: Path | None) -> typst.Compiler:
    source = _TEMPLATES / f"{template}.typ"
    return typst.Compiler(source, root=_TEMPLATES, font_paths=_fonts(extra_fonts))


@lru_cache(maxsize=4)
def _fonts(extra: Path | None) -> typst.Fonts:
    folders = [_FONTS] if extra is None else [_FONTS, extra]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _seconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())
