"""The list of every page's routes."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import preferences, staff_login


def routers() -> list[APIRouter]:
    return [preferences.router, staff_login.router]
