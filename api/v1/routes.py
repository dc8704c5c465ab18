"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import certificates, check_ins, codes, health, imports


def routers() -> list[APIRouter]:
    return [health.router, certificates.router, check_ins.router, codes.router, imports.router]
