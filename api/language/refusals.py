"""What each refusal says to people: one table, code to Chinese and English (`refusals.tsv`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def _read() -> dict[str, tuple[str, str]]:
    text = (files("api.language") / "refusals.tsv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {code: (chinese, english) for code, chinese, english in rows}


TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(_read())
