"""Arrival tickets: ours, unchanged, of this phone, and not older than ten minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.tickets import (
    TICKET_LIFE,
    ArrivalTicket,
    TicketExpired,
    TicketInvalid,
    TicketOfOtherDevice,
    Tickets,
    device_hash,
    new_device_id,
)
from domain.envelope import Channel

READING = UUID("01937a52-0000-7000-8000-000000000001")
SCANNED = datetime(2026, 11, 25, 11, 0, 3, 141592, tzinfo=UTC)
PHONE = device_hash("phone")
TICKETS = Tickets(b"k" * 32)
TICKET = ArrivalTicket(READING, PHONE, SCANNED, 147_950_400, Channel.ROTATING_QR)
TEXT = TICKETS.seal(TICKET)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize("channel", [Channel.ROTATING_QR, Channel.TYPED_CODE])
@pytest.mark.parametrize("learner", [None, UUID("6a1f0a52-0000-4000-8000-000000000002")])
def test_a_ticket_opens_as_it_was_sealed(channel: Channel, learner: UUID | None) -> None:
    ticket = ArrivalTicket(READING, PHONE, SCANNED, -3, channel, learner)
    assert TICKETS.open_ticket(TICKETS.seal(ticket), PHONE, SCANNED) == ticket


def test_only_the_two_rotating_doors_give_tickets() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        TICKETS.seal(ArrivalTicket(READING, PHONE, SCANNED, 1, Channel.STAFF_ENTRY))


def test_a_ticket_is_good_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == TICKET_LIFE
    assert TICKETS.open_ticket(TEXT, PHONE, SCANNED + TICKET_LIFE - MICROSECOND) == TICKET
    with pytest.raises(TicketExpired):
        TICKETS.open_ticket(TEXT, PHONE, SCANNED + TICKET_LIFE)


def test_a_clock_of_another_process_may_be_behind() -> None:
    assert TICKETS.open_ticket(TEXT, PHONE, SCANNED - timedelta(seconds=2)) == TICKET


def test_a_forwarded_ticket_is_refused_even_when_expired() -> None:
    for at in (SCANNED, SCANNED + TICKET_LIFE):
        with pytest.raises(TicketOfOtherDevice):
            TICKETS.open_ticket(TEXT, device_hash("another phone"), at)


@given(place=st.integers(0, len(TEXT) - 1), other=st.sampled_from(ALPHABET))
def test_a_ticket_changed_anywhere_is_invalid(place: int, other: str) -> None:
    changed = TEXT[:place] + other + TEXT[place + 1 :]
    if changed == TEXT:
        return
    with pytest.raises(TicketInvalid):
        TICKETS.open_ticket(changed, PHONE, SCANNED)


@pytest.mark.parametrize("last", ALPHABET)
def test_the_last_character_has_no_second_spelling(last: str) -> None:
    changed = TEXT[:-1] + last
    if changed == TEXT:
        return
    with pytest.raises(TicketInvalid):
        TICKETS.open_ticket(changed, PHONE, SCANNED)


@pytest.mark.parametrize(
    "text",
    ["", "a", TEXT[:-1], TEXT + "A", TEXT + "=", TEXT + "\n", " " + TEXT, "\x00" * 152, "٣" * 152,
     "A" * 152, "A" * 10**6, "\ud800" * 152],
)  # fmt: skip
def test_what_is_no_ticket_is_invalid(text: str) -> None:
    with pytest.raises(TicketInvalid):
        TICKETS.open_ticket(text, PHONE, SCANNED)


@given(st.text(max_size=140))
def test_no_text_is_an_error(text: str) -> None:
    with pytest.raises(TicketInvalid):
        TICKETS.open_ticket(text + "!", PHONE, SCANNED)


def test_a_ticket_under_another_key_is_invalid() -> None:
    with pytest.raises(TicketInvalid):
        Tickets(b"j" * 32).open_ticket(TEXT, PHONE, SCANNED)


def test_the_hash_of_a_device_takes_any_text() -> None:
    assert len({device_hash(text) for text in ("", "\x00", "\ud800", new_device_id())}) == 4
    assert new_device_id() != new_device_id()
