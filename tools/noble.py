"""Make certificates/page/ed25519.js anew from npm: `python -m tools.noble`, and `--write` keeps it.

Ed25519 for browsers without their own, with SHA-2 for addresses that are not https. The same
versions give the same bytes; without `--write` it says whether the file is what they give.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import ROOT

VERSIONS = {"@noble/ed25519": "3.2.0", "@noble/hashes": "2.4.0", "esbuild": "0.28.2"}
TARGET = ROOT / "certificates" / "page" / "ed25519.js"
# The stricter of the two readings of RFC 8032, as the browsers' own.
ENTRY = """
import { hashes, verify as check } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
hashes.sha512 = sha512;
export { sha256 };
export const verify = (signature, message, key) =>
  check(signature, message, key, { zip215: false });
"""
BUNDLE = (
    "entry.js", "--bundle", "--minify", "--format=esm", "--legal-comments=inline",
    "--target=chrome92,safari15,firefox90", "--log-level=warning",
)  # fmt: skip


def built(folder: Path) -> bytes:
    """What npm's packages of these versions are bundled into."""
    (folder / "entry.js").write_text(ENTRY, encoding="utf-8")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    packages = [f"{name}@{version}" for name, version in VERSIONS.items()]
    run(folder, program("npm"), "install", "--ignore-scripts", "--no-audit", "--no-fund", *packages)
    esbuild = folder / "node_modules" / "esbuild" / "bin" / "esbuild"
    return run(folder, program("node"), str(esbuild), *BUNDLE)


def run(folder: Path, *command: str) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is missing")
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = built(Path(folder))
    if "--write" in sys.argv:
        TARGET.write_bytes(made)
    same = TARGET.exists() and TARGET.read_bytes() == made
    print(TARGET.name, "is" if same else "is not", "what these versions give")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
