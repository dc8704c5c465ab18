"""One word for each state, in both languages: the pages and the document say the same."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from certificates.states import WORDS
from certificates.verifying import State

ROOT = Path(__file__).parents[2]


def on_the_page(page_folder: Path, table: str) -> dict[str, list[str]]:
    """The states of `words.js`: colour, icon, heading, explanation."""
    script = (page_folder / "words.js").read_text(encoding="utf-8")
    lines = script.split(f"const {table} = {{")[1].split("};")[0].splitlines()
    rows = (re.fullmatch(r"\s*(\w+): \[(.+)\],", line) for line in lines)
    return {row[1]: re.findall(r"'([^']*)'", row[2]) for row in rows if row}


def test_every_state_has_words() -> None:
    assert set(WORDS) == set(State)


@pytest.mark.parametrize("state", State)
def test_the_static_page_says_the_same(page_folder: Path, state: State) -> None:
    words = WORDS[state]
    look = [words.colour, words.icon]
    assert on_the_page(page_folder, "zhStates")[state][:3] == [*look, words.heading]
    assert on_the_page(page_folder, "enStates")[state][:3] == [*look, words.heading_in_english]


@pytest.mark.parametrize("state", State)
def test_the_document_names_the_same_word(state: State) -> None:
    with (ROOT / "docs" / "certificate_states.csv").open(encoding="utf-8") as file:
        documented = {row["code"]: row for row in csv.DictReader(file)}
    assert documented[state]["zh_CN"] in WORDS[state].heading
    assert documented[state]["en"] == WORDS[state].heading_in_english.lower()
