"""A check-in by the short way is told what one by the long way is, in every word."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response as Answer
from starlette.responses import Response
from starlette.types import Scope

from api.bare import BareRoute
from api.short_way import ShortWay
from tests.api.parents.conftest import Evening
from tests.api.parents.test_check_in_json import arrive

LONG = "application/json; charset=utf-8"  # what is not said in so many words is not plain


def told(answer: Answer) -> tuple[int, dict[str, str], object]:
    """All that a program is told, but for what is new every time."""
    headers = {k: v for k, v in answer.headers.items() if k not in {"x-request-id", "date"}}
    body = {k: v for k, v in answer.json().items() if k != "request_id"}
    return answer.status_code, headers, body


def post(
    evening: Evening, phone: TestClient, ticket: str, scan_id: str, kind: str, **more: str
) -> Answer:
    path, body = f"/api/v1/sessions/{evening.session_id}/check-ins", {"ticket": ticket}
    headers = {"Content-Type": kind, **more}
    return phone.post(path, json={**body, "scan_id": scan_id}, headers=headers)


def requests(evening: Evening) -> dict[str, float]:
    """How many answers of the route there were, by their kind."""
    text: str = evening.door.app.state.metrics.text().decode()  # type: ignore[attr-defined]  # to the client any ASGI app would do
    counted = r'request_seconds_count\{.*check-ins",status="(\dxx)"\} (\S+)'
    return {status: float(count) for status, count in re.findall(counted, text)}


def test_both_ways_say_the_same(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    short_ones, answer = list[str](), ShortWay._answer

    async def counted(way: ShortWay, route: BareRoute, scope: Scope, body: bytes) -> Response:
        short_ones.append(scope["path"])
        return await answer(way, route, scope, body)

    monkeypatch.setattr(ShortWay, "_answer", counted)
    phone = evening.enrolled_phone()
    ticket = arrive(evening, phone).json()["ticket"]
    first, other = str(uuid4()), str(uuid4())
    assert post(evening, phone, ticket, first, "application/json").status_code == 201
    assert requests(evening) == {"2xx": 1}
    for scan_id, brought, more in (
        (first, ticket, {}),
        (other, ticket, {}),
        (first, "x" * 152, {}),
        ("none", ticket, {"Accept-Language": "en"}),
        (first, ticket, {"Origin": "https://evil.example.test", "Sec-Fetch-Site": "cross-site"}),
    ):
        short, long = (
            post(evening, phone, brought, scan_id, kind, **more)
            for kind in ("application/json", LONG)
        )
        assert told(short) == told(long)
        assert re.fullmatch("[0-9a-f]{32}", short.headers["x-request-id"])
    assert requests(evening) == {"2xx": 3, "4xx": 6}  # what the guard refuses is of no route
    assert len(short_ones) == 6
