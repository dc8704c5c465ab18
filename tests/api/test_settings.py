"""Settings: what follows from what."""

from __future__ import annotations

import pytest

from api.settings import Settings


def test_the_address_follows_the_port_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in every code of the screen."""
    monkeypatch.setenv("PARENT_CREDITS_PORT", "8123")
    assert Settings().public_url == "http://127.0.0.1:8123"
    given = Settings(public_url="https://credits.example.cn/")
    assert given.public_url == "https://credits.example.cn"
