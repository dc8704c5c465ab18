"""Compares a bill of materials (CycloneDX) with what the lock says is installed: `make sbom`.

Exits with 1, and names it, where a package is missing, is another version, or is there unlocked.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parents[1] / "requirements" / "base.txt"
_LOCKED = re.compile(r"^([\w.-]+)(?:\[[\w, -]+\])?==([^\s;]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)


def locked(text: str) -> dict[str, str]:
    """Versions by name, of what is for this machine."""
    found = _LOCKED.findall(text)
    return {
        canonicalize_name(name): version
        for name, version, marker in found
        if not marker.strip() or Marker(marker.strip()).evaluate()
    }


def listed(bill: str) -> dict[str, str]:
    """Versions by name, as the bill has them."""
    parts = json.loads(bill)["components"]
    return {canonicalize_name(part["name"]): part["version"] for part in parts}


def differences(bill: dict[str, str], lock: dict[str, str]) -> Iterator[str]:
    for name in sorted(lock.keys() | bill.keys()):
        if bill.get(name) != lock.get(name):
            yield f"{name}: bill {bill.get(name)}, lock {lock.get(name)}"


def main() -> int:
    [path] = sys.argv[1:]
    bill = listed(Path(path).read_text())
    wrong = list(differences(bill, locked(LOCK.read_text())))
    sys.stdout.write("\n".join([*wrong, f"{path}: {len(bill)} packages"]) + "\n")
    return 1 if wrong or not bill else 0


if __name__ == "__main__":
    sys.exit(main())
