"""What pip cannot bring: looked for, installed where allowed, else said to be left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import npm


@dataclass(frozen=True)
class Need:
    """What tests with this marker cannot do without: a Debian package, or those of npm."""

    package: str
    marker: str
    tests: str

    def is_met(self) -> bool:
        return _found(self.package)


NEEDS = (
    Need("chromium", "browser", "pages in a real browser"),
    Need("fonts-noto-cjk", "browser", "pages in a real browser"),
    Need("zbar-tools", "zbar", "QR codes read by an independent reader"),
    Need("golang-go", "go", "the log checked by Go's own packages"),
    Need("golang-golang-x-mod-dev", "go", "the log checked by Go's own packages"),
    Need("wrk", "wrk", "load over HTTP by wrk"),
    Need("poppler-utils", "poppler", "text and pictures of the PDF certificates"),
    Need("npm", "npm", "certificates checked by the verifiers of others"),
)
_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "golang-go": ("go",),
    "zbar-tools": ("zbarimg",),
    "poppler-utils": ("pdftotext",),
    "wrk": ("wrk",),
}

_GO_MODULES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")


def _found(package: str) -> bool:
    if package == "npm":
        return npm.is_installed()
    if package == "fonts-noto-cjk":
        return sys.platform == "darwin" or _has_chinese_font()
    if package == "golang-golang-x-mod-dev":
        return _GO_MODULES.is_dir()
    return any(shutil.which(name) for name in _PROGRAMS[package])


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return any(Path("/usr/share/fonts").rglob("*CJK*"))
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def missing() -> list[Need]:
    return [need for need in NEEDS if not need.is_met()]


def selection() -> str:
    """Write the `-m` expression that leaves out what this machine cannot run."""
    left_out = sorted({need.marker for need in missing()})
    return " and ".join(f"not {marker}" for marker in left_out)


def install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing", *packages, flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "--quiet", *command], env=environment, check=False)


def may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def report(needs: list[Need]) -> None:
    for need in needs:
        print(f"Left out, for want of {need.package}: tests marked {need.marker} ({need.tests}).")
    if packages := _debian(needs):
        print(f"They run after:  sudo apt-get install --yes {' '.join(packages)}")
    if len(packages) < len(needs):
        print("Those of npm run after:  make tools  (where npm reaches a registry)")


def _debian(needs: list[Need]) -> list[str]:
    return [need.package for need in needs if need.package != "npm"]


def main() -> int:
    if "--select" in sys.argv:
        print(selection())
        return 0
    if not npm.is_installed():
        npm.install()
    if (packages := _debian(missing())) and may_install():
        install(packages)
    if lacking := missing():
        report(lacking)
    return 1 if lacking and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
