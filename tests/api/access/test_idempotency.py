"""Kept answers: one run per key, whatever happens around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from api.access.idempotency import (
    IN_FLIGHT_AT_MOST,
    Answer,
    Claim,
    Idempotency,
    IdempotencyInFlight,
    IdempotencyKeyMalformed,
    IdempotencyMismatch,
    command_id_of,
    fingerprint_of,
)
from api.access.web_tables import ANSWER_IS_KEPT, WebTables

CREATED = Answer(201, {"content-type": "application/json"}, b'{"position": 7}')
BODY = fingerprint_of("POST", "/api/v1/things?", b"{}")
OTHER_BODY = fingerprint_of("POST", "/api/v1/things?", b"{ }")
MICROSECOND = timedelta(microseconds=1)
AtOnce = Callable[[int, Callable[[], object]], list[object]]


@pytest.fixture
def idempotency(tables: WebTables) -> Idempotency:
    return Idempotency(tables, b"k" * 32)


def claimed(idempotency: Idempotency, at: datetime, key: str = "key-1") -> Claim:
    claim = idempotency.begin("chen", key, BODY, at)
    assert isinstance(claim, Claim)
    return claim


def test_the_first_answer_is_given_again(idempotency: Idempotency, at: datetime) -> None:
    idempotency.finish(claimed(idempotency, at), CREATED)
    assert idempotency.begin("chen", "key-1", BODY, at) == CREATED


def test_a_kept_answer_is_sealed(idempotency: Idempotency, tables: WebTables, at: datetime) -> None:
    named = Answer(200, {}, '{"failed": "（示例）陈建2,13800000000"}'.encode())
    idempotency.finish(claimed(idempotency, at), named)

    [[body]] = tables.rows("select body from {web}.kept_answer", {})
    assert b"13800000000" not in body
    assert "陈建".encode() not in body
    assert idempotency.begin("chen", "key-1", BODY, at) == named


def test_the_same_key_with_another_body_is_refused(idempotency: Idempotency, at: datetime) -> None:
    claim = claimed(idempotency, at)
    for _ in ("in flight", "answered"):
        with pytest.raises(IdempotencyMismatch):
            idempotency.begin("chen", "key-1", OTHER_BODY, at)
        idempotency.finish(claim, CREATED)


def test_the_key_of_another_person_is_another_key(idempotency: Idempotency, at: datetime) -> None:
    idempotency.finish(claimed(idempotency, at), CREATED)
    assert isinstance(idempotency.begin("lin", "key-1", OTHER_BODY, at), Claim)
    assert command_id_of("chen", "key-1") != command_id_of("lin", "key-1")
    assert command_id_of("chen", "key-1") == command_id_of("chen", "key-1")


def test_of_twelve_requests_at_once_one_runs_and_the_others_hear_in_flight(
    idempotency: Idempotency, at: datetime, at_once: AtOnce
) -> None:
    results = at_once(12, lambda: idempotency.begin("chen", "key-1", BODY, at))
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, IdempotencyInFlight) for result in results) == 11


def test_an_answer_about_the_moment_is_not_kept(idempotency: Idempotency, at: datetime) -> None:
    for status in (500, 502, 503, 401, 408, 425, 429):
        idempotency.finish(claimed(idempotency, at), Answer(status, {}, b""))
    assert isinstance(idempotency.begin("chen", "key-1", BODY, at), Claim)


def test_an_answer_about_the_command_is_kept(idempotency: Idempotency, at: datetime) -> None:
    for status in (200, 204, 303, 400, 403, 404, 409, 410, 422, 499):
        key, answer = f"key-{status}", Answer(status, {}, b"")
        idempotency.finish(claimed(idempotency, at, key), answer)
        assert idempotency.begin("chen", key, BODY, at) == answer


def test_a_kept_answer_is_forgotten_after_a_day(
    idempotency: Idempotency, tables: WebTables, at: datetime
) -> None:
    idempotency.finish(claimed(idempotency, at), CREATED)
    assert timedelta(hours=24) == ANSWER_IS_KEPT
    last = at + ANSWER_IS_KEPT - MICROSECOND
    assert tables.forget_what_ended(last) == 0
    assert idempotency.begin("chen", "key-1", BODY, last) == CREATED
    assert isinstance(idempotency.begin("chen", "key-1", OTHER_BODY, at + ANSWER_IS_KEPT), Claim)
    assert tables.forget_what_ended(at + 2 * ANSWER_IS_KEPT) == 1


def test_a_key_whose_process_died_is_taken_over_for_the_same_request(
    idempotency: Idempotency, at: datetime
) -> None:
    dead = claimed(idempotency, at)
    later = at + IN_FLIGHT_AT_MOST
    with pytest.raises(IdempotencyInFlight):
        idempotency.begin("chen", "key-1", BODY, later - MICROSECOND)
    with pytest.raises(IdempotencyMismatch):
        idempotency.begin("chen", "key-1", OTHER_BODY, later)
    heir = idempotency.begin("chen", "key-1", BODY, later)
    assert isinstance(heir, Claim)
    idempotency.finish(dead, Answer(200, {}, b"late"))  # it was not dead, but it has no say now
    idempotency.release(dead)
    idempotency.finish(heir, CREATED)
    assert idempotency.begin("chen", "key-1", BODY, later) == CREATED


def test_releasing_gives_back_only_what_has_no_answer(
    idempotency: Idempotency, at: datetime
) -> None:
    claim = claimed(idempotency, at)
    idempotency.finish(claim, CREATED)
    idempotency.release(claim)
    assert idempotency.begin("chen", "key-1", BODY, at) == CREATED


def test_a_malformed_key_is_refused(idempotency: Idempotency, at: datetime) -> None:
    for key in ("", "x" * 256, "a b", "a\x00", "a\n", "é", "٣", "\ud800"):
        with pytest.raises(IdempotencyKeyMalformed):
            idempotency.begin("chen", key, BODY, at)


def test_a_key_has_up_to_255_characters(idempotency: Idempotency, at: datetime) -> None:
    assert claimed(idempotency, at, "x" * 255).entry


def test_the_fingerprint_tells_method_target_and_body_apart() -> None:
    assert (
        len(
            {
                fingerprint_of("POST", "/a", b"\nb"),
                fingerprint_of("PUT", "/a", b"\nb"),
                fingerprint_of("POST", "/a\n\n", b"b"),
                fingerprint_of("POST", "/a", b"b"),
                fingerprint_of("POST", "/b", b"b"),
            }
        )
        == 5
    )
