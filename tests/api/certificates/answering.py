"""A browser whose every request is answered by the application itself, without a socket."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi.testclient import TestClient
from playwright.sync_api import BrowserContext, Route

PASSED_ON = ("content-type", "if-none-match", "accept")


def answered_by(client: TestClient, context: BrowserContext) -> BrowserContext:
    def answer(route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        headers = {key: value for key, value in asked.headers.items() if key in PASSED_ON}
        got = client.request(
            asked.method,
            f"{address.path}?{address.query}" if address.query else address.path,
            content=asked.post_data_buffer,
            headers=headers,
        )
        kept = {k: v for k, v in got.headers.items() if k not in {"content-encoding", "set-cookie"}}
        route.fulfill(status=got.status_code, headers=kept, body=got.content)

    context.route("**/*", answer)
    return context
