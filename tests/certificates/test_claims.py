"""Claims go into a few bytes and come out the same, or are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import cbor, claims, number, payload
from certificates.claims import Claims, MalformedClaims
from certificates.kind import ExamResult
from certificates.snapshot import Snapshot
from certificates.status import Place
from domain.certificate import CertificateKind
from domain.grades import Stage

days = st.dates(min_value=date(1970, 1, 1), max_value=date(2149, 1, 1))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)
names = st.text(alphabet="陈示例*·䶮𬍛A. （）1", min_size=1, max_size=30)
whole_claims = st.builds(
    Claims,
    certificate_id=st.uuids(),
    number=st.builds(
        number.make,
        st.just("440104"),
        st.integers(min_value=2024, max_value=2099),
        st.integers(min_value=1, max_value=9_999_999),
    ),
    kind=st.sampled_from(CertificateKind),
    masked_holder=names,
    name_commitment=st.binary(min_size=12, max_size=12),
    status_list=st.integers(min_value=1, max_value=9),
    status_index=st.integers(min_value=0, max_value=2**20 - 1),
    school_name=names,
    hours=st.integers(min_value=0, max_value=10**6),
    issued_at=moments,
    awarded_on=days,
    rulebook_version=st.just("2026.1"),
    expires_at=st.none() | moments,
    period=st.sampled_from(["", "2025学年", "小学学段", "25学年"]),
    days=st.none() | st.tuples(days, days),
    level=st.none() | st.integers(min_value=1, max_value=5),
    stage=st.none() | st.sampled_from(Stage),
    face_to_face_hours=st.integers(min_value=0, max_value=10**6),
    exam_result=st.none() | st.sampled_from(ExamResult),
)


@given(whole_claims)
def test_claims_come_out_as_they_went_in(original: Claims) -> None:
    assert claims.decode(original.encode()) == original


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(MalformedClaims):
        claims.decode(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (1, 9),
        (1, -1),
        (2, 440104202600001238),
        (2, -440104202600001237),
        (3, -1),
        (3, "1250"),
        (4, "text"),
        (5, 12),
        (5, bytes(11)),
        (6, [1]),
        (6, b"\x01\x02"),
        (6, [0, 1]),
        (6, [1, 2**20]),
        (7, b"\xff\xff"),
        (8, 999),
        (8, "2025"),
        (9, 6),
        (10, 6),
        (11, 0),
        (12, 2),
        (99, 1),
        (13, b""),
        (13, 2**40),
        (14, [1]),
        (14, b"\x01\x02"),
        (15, 20261),
    ],
)
def test_a_strange_claim_is_refused(
    snapshot: Callable[..., Snapshot], key: int, value: Any
) -> None:
    whole = _outer(snapshot())
    whole[-65537][key] = value
    with pytest.raises(MalformedClaims):
        claims.decode(cbor.encode(whole))


@pytest.mark.parametrize(("key", "value"), [(6, -1), (6, 2**40), (4, "soon"), (7, bytes(15))])
def test_a_strange_time_or_id_is_refused(
    snapshot: Callable[..., Snapshot], key: int, value: Any
) -> None:
    with pytest.raises(MalformedClaims):
        claims.decode(cbor.encode({**_outer(snapshot()), key: value}))


def test_names_are_packed_as_browsers_unpack_them() -> None:
    packed = {"ḿ": b"\xa8\xbc", "\ue7c7": b"\x81\x35\xf4\x37", "䶮": b"\xfe\x9f"}
    assert {text: claims._packed(text) for text in packed} == packed
    assert [claims._unpacked(data) for data in packed.values()] == list(packed)


@pytest.mark.parametrize("key", [1, 2, 3, 4, 5, 6, 7, 13, 15])
def test_a_missing_claim_is_refused(snapshot: Callable[..., Snapshot], key: int) -> None:
    whole = _outer(snapshot())
    del whole[-65537][key]
    with pytest.raises(MalformedClaims):
        claims.decode(cbor.encode(whole))


def test_the_printed_facts_are_in_the_claims(snapshot: Callable[..., Snapshot]) -> None:
    printed = snapshot("star", school_name="广州市越秀区示例小学")
    signed = payload.claims_of(printed, Place(1, 7), bytes(16), "https://example.cn")
    assert signed.masked_holder == "示*慧"
    assert signed.school_name == "示例小学"
    assert signed.certificate_id == UUID("5f2b9c1e-7a34-5d10-8c66-0d9a4be21f37")
    assert (signed.level, signed.stage, signed.hours) == (3, Stage.PRIMARY, 3600)
    assert signed.expires_at == printed.expires_at
    assert "示例慧".encode() not in signed.encode()


def test_a_statement_signs_its_days(snapshot: Callable[..., Snapshot]) -> None:
    signed = payload.claims_of(snapshot("statement"), Place(1, 7), bytes(16), "https://example.cn")
    assert signed.days == (date(2025, 9, 1), date(2026, 7, 10))


def test_a_completion_signs_its_days_unless_the_school_needs_their_place(
    snapshot: Callable[..., Snapshot],
) -> None:
    place, site = Place(1, 2**20 - 1), "http://127.0.0.1:8000"
    signed = payload.claims_of(snapshot(), place, bytes(16), site)
    assert signed.days == (date(2025, 9, 1), date(2026, 7, 10))
    longer = snapshot(school_name="示" * 19)
    signed = payload.claims_of(longer, place, bytes(16), site)
    assert (signed.school_name, signed.days) == ("示" * 19, None)


def _outer(printed: Snapshot) -> dict[int, Any]:
    signed = payload.claims_of(printed, Place(1, 7), bytes(16), "https://example.cn")
    outer: dict[int, Any] = cbor.decode(signed.encode())
    return outer
