"""Add words to the English catalogue: `python -m tools.words FILE.tsv …` (Chinese TAB English)."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

PO = Path(__file__).parents[1] / "api" / "language" / "en.po"


def main(files: list[str]) -> None:
    catalogue = Catalog(locale="en", fuzzy=False)
    if PO.exists():
        catalogue = read_po(io.BytesIO(PO.read_bytes()), locale="en")
    for name in files:
        with Path(name).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) == 2:  # noqa: PLR2004 - Chinese and English
                    catalogue.add(row[0].replace("\\n", "\n"), row[1].replace("\\n", "\n"))
    with PO.open("wb") as out:
        write_po(out, catalogue, omit_header=False, sort_output=True, width=0)


if __name__ == "__main__":
    main(sys.argv[1:])
