"""The workshop: documents made from the code, checks of the machine. No part of the program."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("domain", "ledger", "projections", "certificates", "api")
