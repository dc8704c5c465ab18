"""No file tells where it was made: no registry's host, no path of a machine."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest

from tests.architecture.source import files, name_of
from tools import npm

# Each is broken in two, so that this file does not find itself.
REGISTRIES = (
    "py" + "pi.org", "python" + "hosted", "registry." + "npm", "npm" + "mirror",
    "deb." + "debian", "cdn." + "jsdelivr", "un" + "pkg.com",
)  # fmt: skip
PATHS = (r"/wor" + "k/", r"/far" + "m/", r"\.\./" + "shared", r"/tm" + "p/[a-z]+/", r"/roo" + "t/",
         r"/Use" + "rs/", r"/hom" + "e/[a-z]+/")  # fmt: skip


@pytest.mark.parametrize("pattern", [*map(re.escape, REGISTRIES), *PATHS])
def test_no_file_names_a_registry_or_a_path_of_a_machine(pattern: str) -> None:
    sought = re.compile(pattern.encode())
    found = [name_of(path) for path in files() if sought.search(path.read_bytes())]
    assert found == []


def test_no_lock_file_of_another_tool_is_committed() -> None:
    forbidden = {"uv.lock", "poetry.lock", "package-lock.json", "Pipfile.lock"}
    found = [name_of(path) for path in files() if path.name in forbidden]
    assert found == ["tests/interop/package-lock.json"]


def test_the_lock_file_of_the_foreign_verifiers_has_checksums_and_no_addresses() -> None:
    locked = json.loads((npm.FOLDER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = [each for name, each in locked.items() if name]
    assert [each for each in packages if not each["integrity"].startswith("sha512-")] == []
    assert [each for each in packages if "resolved" in each] == []
    wanted = json.loads((npm.FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert locked[""]["dependencies"] == wanted


def test_every_requirement_is_pinned_by_hash() -> None:
    for path in (one for one in files() if one.parent.name == "requirements"):
        lines = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
        pins = [line for line in lines if line and not line.startswith("#")]
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_every_vendored_file_is_the_one_whose_checksum_is_kept() -> None:
    for sums in (one for one in files() if one.name == "checksums.txt"):
        lines = sums.read_text(encoding="utf-8").splitlines()
        pairs = [line.split() for line in lines if not line.startswith("#")]
        kept = {name: checksum for checksum, name in pairs}
        beside = (one for one in sums.parent.iterdir() if one != sums)
        assert {one.name: sha256(one.read_bytes()).hexdigest() for one in beside} == kept
