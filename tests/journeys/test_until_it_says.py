"""Waiting for a program's line: as long as it goes on, and then with its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.demo import until_it_says

SOON = 0.3


@pytest.fixture
def said(tmp_path: Path) -> Path:
    made = tmp_path / "terminal"
    made.write_text("preparing\n")
    return made


def test_whoever_goes_on_talking_is_waited_for(said: Path) -> None:
    def talks() -> bool:
        with said.open("a") as terminal:
            terminal.write("…\n")
        return said.read_text().count("…") > 10

    until_it_says(said, talks, lambda: True, quiet=SOON)


@pytest.mark.parametrize(("lives", "most"), [(True, 60.0), (False, 60.0), (True, 0.0)])
def test_who_died_fell_silent_or_takes_too_long_is_quoted(
    said: Path, lives: bool, most: float
) -> None:
    with pytest.raises(AssertionError, match="preparing"):
        until_it_says(said, lambda: False, lambda: lives, quiet=SOON, most=most)
