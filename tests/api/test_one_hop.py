"""The test client forgives an application nothing that starlette's own road would not."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BEGUN: Message = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}
PART: Message = {"type": "http.response.body", "body": b"part ", "more_body": True}
END: Message = {"type": "http.response.body", "body": b"end"}


def saying(*messages: Message, then: Exception | None = None) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for message in messages:
                await send(dict(message))
            if then is not None:
                raise then

    return app


def test_an_answer_in_parts_is_put_together() -> None:
    answer = TestClient(saying(BEGUN, PART, END)).get("/")
    assert (answer.status_code, answer.headers["a"], answer.text) == (200, "b", "part end")
    assert TestClient(saying(BEGUN, PART, END)).head("/").content == b""


@pytest.mark.parametrize("messages", [(), (BEGUN, BEGUN, END), (END,), (BEGUN, END, END)])
def test_what_is_no_answer_is_none(messages: tuple[Message, ...]) -> None:
    with pytest.raises(AssertionError):
        TestClient(saying(*messages)).get("/")


def test_what_an_application_raises_is_raised_or_is_a_500() -> None:
    broken = saying(then=KeyError("broken"))
    with pytest.raises(KeyError):
        TestClient(broken).get("/")
    assert TestClient(broken, raise_server_exceptions=False).get("/").status_code == 500


def test_a_body_comes_once_and_then_nobody_is_there() -> None:
    heard = list[Message]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(await receive())
        await send(BEGUN)
        await send(END)
        heard.append(await receive())

    TestClient(app).post("/", content=b"body")
    assert heard == [{"type": "http.request", "body": b"body"}, {"type": "http.disconnect"}]
