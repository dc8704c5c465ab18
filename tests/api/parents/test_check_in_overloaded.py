"""Too many at the door: who asked is told to wait, and the same scan goes again. None is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

import ledger.intake
from tests.api.parents.conftest import Evening
from tests.api.parents.test_check_in_json import arrive, check_in


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The queue is full until it is undone."""
    monkeypatch.setattr(ledger.intake, "MOST_WAITING", 0)
    return monkeypatch


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("zh-CN", "人太多了，请稍候再试，不会丢失。", "现在再试"),
        ("en", "Very busy: please try again in a moment, nothing is lost.", "Try again now"),
    ],
)
def test_the_phone_waits_and_sends_the_same_scan_again(
    evening: Evening, crowd: pytest.MonkeyPatch, language: str, words: str, button: str
) -> None:
    phone = evening.enrolled_phone()
    phone.headers["Accept-Language"] = language
    evening.scan(phone)
    scan_id = str(uuid4())

    waiting = phone.post("/in", data={"scan_id": scan_id})

    assert (waiting.status_code, int(waiting.headers["retry-after"]) > 0) == (503, True)
    assert words in waiting.text
    assert button in waiting.text
    assert re.search(r'<form method="post" action="/in[^"]*" data-again="\d+">', waiting.text)
    sent = dict(re.findall(r'<textarea name="(\w+)" hidden>\r?\n(.*?)</textarea>', waiting.text))
    assert sent == {"scan_id": scan_id}
    assert evening.attended() == 0

    crowd.undo()
    assert phone.post("/in", data=sent).status_code == 303
    assert phone.post("/in", data=sent).status_code == 303
    assert evening.attended() == 1


@pytest.mark.parametrize(
    ("language", "title"), [("zh-CN", "人太多了，请稍候再试，不会丢失。"), ("en", "Very busy")]
)
def test_a_program_is_told_when_to_come_back(
    evening: Evening, crowd: pytest.MonkeyPatch, language: str, title: str
) -> None:
    phone, scan_id = evening.enrolled_phone(), str(uuid4())
    phone.headers["Accept-Language"] = language
    ticket = arrive(evening, phone).json()["ticket"]

    told = check_in(evening, phone, ticket, scan_id)

    assert (told.status_code, told.json()["code"]) == (503, "overloaded")
    assert told.json()["title"].startswith(title)
    assert told.headers["retry-after"] == "5"
    crowd.undo()
    assert check_in(evening, phone, ticket, scan_id).status_code == 201
    assert evening.attended() == 1
