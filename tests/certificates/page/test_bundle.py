"""The page is light, strict, and the very files whose hashes are published."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.architecture.source import ROOT


def test_the_page_is_strict_and_light(page_folder: Path) -> None:
    html = (page_folder / "c.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert 'name="referrer" content="no-referrer"' in html
    assert "style=" not in html
    assert "<script>" not in html
    loaded = [file for file in page_folder.iterdir() if file.name != "hashes.txt"]
    assert sum(file.stat().st_size for file in loaded) < 60_000


def test_the_published_hashes_are_those_of_the_files(
    page_folder: Path, tool: Callable[[str, str], str]
) -> None:
    checking = [tool("sha256sum", "coreutils"), "--check", "--strict", "hashes.txt"]
    done = subprocess.run(checking, cwd=page_folder, check=True, capture_output=True, text=True)
    checked = {line.partition(":")[0] for line in done.stdout.splitlines()}
    assert checked == {file.name for file in page_folder.iterdir()} - {"hashes.txt"}


def test_one_hash_stands_for_all(page_folder: Path) -> None:
    lines = (page_folder / "hashes.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    over_all = sha256("".join(lines[:-1]).encode()).hexdigest()
    assert lines[-1] == f"# over all: {over_all}\n"
    assert over_all in (ROOT / "docs" / "verify-page.md").read_text(encoding="utf-8")


def test_the_page_keeps_every_file_of_its_own_for_a_place_without_network(
    page_folder: Path,
) -> None:
    worker = (page_folder / "offline.js").read_text(encoding="utf-8")
    kept = re.findall(r"'/c/([a-z0-9.]+)'", worker.partition("]")[0])
    own = {file.name for file in page_folder.iterdir() if file.suffix in {".js", ".css"}}
    assert set(kept) == own - {"offline.js"}
