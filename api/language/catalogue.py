"""Translations: the words in the code are Chinese; `en.po` holds their English.

English has another word for one than for more: `{count} {count:row|rows}`.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request


class Language(StrEnum):
    CHINESE = "zh-CN"
    ENGLISH = "en"

    @property
    def other(self) -> Language:
        return Language.ENGLISH if self is Language.CHINESE else Language.CHINESE


COOKIE = "pc_language"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language, compiled in memory: nothing to build, nothing to forget."""
    if language is Language.CHINESE:
        return gettext.NullTranslations()
    text = (files("api.language") / "en.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale="en"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(language: Language, text: str, **values: object) -> str:
    """A text in a language, with `{named}` values filled in."""
    found = translations(language).gettext(text)
    if not values:
        return found
    return _COUNTING.format(found, **values) if "|" in found else found.format(**values)


class Counting(Formatter):
    """A field with two words says the first where its value is one."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, more = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


_COUNTING = Counting()


def language_of(request: Request) -> Language:
    """What somebody chose, else what their browser prefers, else Chinese."""
    return chosen(request.query_params, request.cookies) or preferred(
        request.headers.get("accept-language", "")
    )


def chosen(query: Mapping[str, str], cookies: Mapping[str, str]) -> Language | None:
    for said in (query.get("lang"), cookies.get(COOKIE)):
        if said in set(Language):
            return Language(said)
    return None


def preferred(header: str) -> Language:
    first = header.split(",", maxsplit=1)[0].strip().lower()
    return Language.ENGLISH if first.startswith("en") else Language.CHINESE
