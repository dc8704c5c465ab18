"""How the test client asks the application: by one hop to its thread, where starlette's takes ten.

Each hop wakes a thread and waits for it: together nearly three milliseconds of a request that takes
six to nine. What is lost is reading an answer while it is still being made: no test does.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import anyio
from httpx2 import ByteStream, Request, Response
from starlette.testclient import _TestClientTransport
from starlette.types import Message

PORTS = {"http": 80, "https": 443}


def answer(client: _TestClientTransport, request: Request) -> Response:
    """In place of the transport's `handle_request`: what it raises, and what it says."""
    said = list[Message]()
    with client.portal_factory() as portal:
        try:
            portal.call(_ask, client, request, said)
        except Exception:
            if client.raise_server_exceptions:
                raise
    assert said or not client.raise_server_exceptions, "no answer"
    return _answer_of(request, said)


async def _ask(client: _TestClientTransport, request: Request, said: list[Message]) -> None:
    over, asked = anyio.Event(), [{"type": "http.request", "body": request.read()}]

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await client.app(_scope(client, request), receive, send)


def _scope(client: _TestClientTransport, request: Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": client.root_path,
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": client.client,
        "server": [url.raw_host.decode(), url.port or PORTS[url.scheme]],
        "extensions": {},
        "state": client.app_state.copy(),
    }


def _answer_of(request: Request, said: list[Message]) -> Response:
    """Nobody answers: 500, as a server would say."""
    if not said:
        return Response(500, request=request, stream=ByteStream(b""))
    begun, *parts = said
    kinds = [each["type"] for each in said]
    assert kinds == ["http.response.start", *["http.response.body"] * len(parts)]
    assert all(part.get("more_body") for part in parts[:-1]), "more after the end"
    body = b"" if request.method == "HEAD" else b"".join(part.get("body", b"") for part in parts)
    headers = [(name.decode(), value.decode()) for name, value in begun.get("headers", [])]
    return Response(begun["status"], headers=headers, request=request, stream=ByteStream(body))
