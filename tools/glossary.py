"""docs/glossary.md from docs/glossary.csv and docs/certificate_states.csv."""

from __future__ import annotations

import csv
from itertools import groupby

from tools import ROOT

_HEAD = """# Glossary

Written by `make schemas` from `glossary.csv` and `certificate_states.csv`; do not edit.

One word per thing: in code, SQL, addresses and on the pages of both languages. A thing that has two
names in the field has one here.
"""

_STATES = """
## Certificate states

One word each: the page `/c`, `/verify` and the command line say the same.
`status_unknown` is never shown as valid.

| code | 中文 | English | when |
|---|---|---|---|
"""


def documents() -> dict[str, str]:
    return {"docs/glossary.md": _HEAD + _terms() + _STATES + _states()}


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "docs" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _terms() -> str:
    parts: list[str] = []
    for section, rows in groupby(_rows("glossary.csv"), key=lambda row: row["section"]):
        parts.append(f"\n## {section}\n\n| English | 中文 | code | note |\n|---|---|---|---|\n")
        parts += [_term(row) for row in rows]
    return "".join(parts)


def _term(row: dict[str, str]) -> str:
    code = ", ".join(f"`{word.strip()}`" for word in row["code"].split(",") if word.strip())
    return f"| {row['en']} | {row['zh_CN']} | {code} | {row['note']} |\n"


def _states() -> str:
    rows = _rows("certificate_states.csv")
    return "".join(
        f"| `{row['code']}` | {row['zh_CN']} | {row['en']} | {row['when']} |\n" for row in rows
    )
