"""What each refusal answers and says: code, status, Chinese and English in one table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple


class Answer(NamedTuple):
    """What a refusal answers over HTTP, and what it says to people."""

    status: int
    zh: str
    en: str


def _read() -> dict[str, Answer]:
    text = (files("api.language") / "refusals.tsv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {code: Answer(int(status), zh, en) for code, status, zh, en in rows}


ANSWERS: Mapping[str, Answer] = MappingProxyType(_read())
