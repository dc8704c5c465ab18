"""Add words to the English catalogue: `python -m tools.words FILE.tsv …` (Chinese TAB English).

What is said nowhere any more goes.
"""

from __future__ import annotations

import ast
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

ROOT = Path(__file__).parents[1]
PO = ROOT / "api" / "language" / "en.po"
PACKAGES = ("api", "certificates", "domain", "ledger", "projections")


def said() -> frozenset[str]:
    """Every text of code and templates: a word may be looked up far from where it stands."""
    return frozenset((*_strings_of_code(), *_strings_of_templates()))


def _strings_of_code() -> Iterator[str]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _strings_of_templates() -> Iterator[str]:
    jinja = Environment(autoescape=True)
    for path in (ROOT / "api" / "pages" / "templates").rglob("*.html"):
        for _, kind, token in jinja.lex(path.read_text(encoding="utf-8")):
            if kind == "string":
                yield str(ast.literal_eval(token))


def main(files: list[str]) -> None:
    catalogue = Catalog(locale="en", fuzzy=False)
    if PO.exists():
        catalogue = read_po(io.BytesIO(PO.read_bytes()), locale="en")
    for name in files:
        with Path(name).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) == 2:  # noqa: PLR2004 - Chinese and English
                    catalogue.add(row[0].replace("\\n", "\n"), row[1].replace("\\n", "\n"))
    kept = said()
    for text in [message.id for message in catalogue if message.id and message.id not in kept]:
        catalogue.delete(text)
    with PO.open("wb") as out:
        write_po(out, catalogue, omit_header=False, sort_output=True, width=0)


if __name__ == "__main__":
    main(sys.argv[1:])
