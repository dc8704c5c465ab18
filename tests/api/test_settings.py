"""Settings: what follows from what."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from api.serving import web_config
from api.settings import Settings


def test_the_address_follows_the_port_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in every code of the screen."""
    monkeypatch.setenv("PARENT_CREDITS_PORT", "8123")
    assert Settings().public_url == "http://127.0.0.1:8123"
    given = Settings(public_url="https://credits.example.cn/")
    assert given.public_url == "https://credits.example.cn"


@pytest.mark.parametrize("everybody", ["*", "proxy.example.cn", "10.0.0.1/8"])
def test_a_proxy_is_an_address_or_a_network_and_never_everybody(everybody: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=everybody)


@pytest.mark.parametrize(
    ("comes_from", "seen"),
    [
        ("127.0.0.1", "203.0.113.9"),
        ("172.31.97.1", "203.0.113.9"),
        ("10.1.2.3", "203.0.113.9"),
        ("172.31.97.2", "172.31.97.2"),
    ],
)
def test_whom_a_proxy_names_is_believed_of_those_that_are_set(comes_from: str, seen: str) -> None:
    asked: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.append(scope["client"][0])

    config: Any = web_config(app, Settings(trusted_proxies="127.0.0.1, 172.31.97.1, 10.0.0.0/8"))
    config.load()
    forged_and_true = b"192.0.2.1, 203.0.113.9"
    scope = {
        "type": "http", "client": (comes_from, 1), "scheme": "http",
        "headers": [(b"x-forwarded-for", forged_and_true)],
    }  # fmt: skip
    asyncio.run(config.loaded_app(scope, None, None))
    assert asked == [seen]
