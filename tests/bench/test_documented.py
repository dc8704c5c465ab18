"""What docs/benchmarks/README.md tells people to type is there."""

from __future__ import annotations

import re

import pytest
import typer
from typer.testing import CliRunner

from bench.__main__ import arguments
from bench.children import ROOT
from bench.commands import bench_app

README = (ROOT / "docs/benchmarks/README.md").read_text(encoding="utf-8")
TYPED = [found.strip() for found in re.findall(r"python -m bench((?: [\w./<>-]+)+)", README)]
MADE = set(re.findall(r"\bmake (bench[a-z-]*)", README)) | {"setup", "tools"}


@pytest.mark.parametrize("typed", TYPED)
def test_a_documented_command_is_understood(typed: str) -> None:
    word, *_ = words = typed.split()
    if word not in typer.main.get_group(bench_app).commands:
        assert arguments(words).json.name.endswith(".json")
        return
    helped = CliRunner().invoke(bench_app, [word, "--help"])
    assert helped.exit_code == 0
    assert [option for option in words if option[0] == "-" and option not in helped.output] == []


def test_a_documented_target_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert MADE - targets == set()


@pytest.mark.parametrize("typed", ["--quick nothing", "--rounds 9"])
def test_what_is_not_there_is_refused(typed: str) -> None:
    with pytest.raises(SystemExit):
        arguments(typed.split())
