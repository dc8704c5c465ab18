"""Sessions on a real ledger: what is refused records nothing, what comes again is no news."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.envelope import Channel, Role
from domain.identity import timed_id
from domain.refusals import Refused
from domain.rulebook import UnknownMode
from domain.rulebook_refusals import NoRulebookInForce
from domain.session_refusals import SessionState, UnknownSession
from domain.staff import OwnCase
from domain.standing import Standing
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.ledger.evenings import HOST, hold, open_session, wish


def test_a_session_is_scheduled_once_and_changed_before_it_begins(pilot: Pilot) -> None:
    sessions = pilot.book.sessions
    plan = sessions.get(pilot.session_id).plan
    position = pilot.book.ledger.position()
    assert sessions.schedule(pilot.session_id, plan, envelope()) == position

    moved = plan.model_copy(update={"place": "操场"})
    assert sessions.schedule(pilot.session_id, moved, envelope()) > position
    assert sessions.get(pilot.session_id).plan.place == "操场"
    with pytest.raises(SessionState):
        sessions.schedule(pilot.session_id, plan, envelope(STARTS))


def test_a_mode_that_no_rule_knows_is_refused_before_anybody_comes(pilot: Pilot) -> None:
    plan = pilot.book.sessions.get(pilot.session_id).plan
    position = pilot.book.ledger.position()
    with pytest.raises(UnknownMode):
        pilot.book.sessions.schedule(
            uuid4(), plan.model_copy(update={"mode": "telepathy"}), envelope()
        )
    assert pilot.book.ledger.position() == position


def test_a_session_before_the_first_rulebook_is_refused(pilot: Pilot) -> None:
    plan = pilot.book.sessions.get(pilot.session_id).plan
    early = plan.model_copy(update={"begins_at": STARTS - timedelta(days=4000)})
    with pytest.raises(NoRulebookInForce):
        pilot.book.sessions.schedule(uuid4(), early, envelope())


def test_a_cancelled_session_takes_nobody(pilot: Pilot) -> None:
    pilot.book.sessions.cancel(pilot.session_id, "speaker_ill", envelope())
    with pytest.raises(SessionState):
        open_session(pilot)
    assert pilot.book.sessions.get(pilot.session_id).standing is Standing.CANCELLED


@pytest.mark.parametrize("step", ["open", "close", "cancel", "count", "attest"])
def test_an_unknown_session_takes_no_step(pilot: Pilot, step: str) -> None:
    sessions, by, unknown = pilot.book.sessions, envelope(STARTS), uuid4()
    steps = {
        "open": lambda: sessions.open(unknown, by),
        "close": lambda: sessions.close(unknown, by),
        "cancel": lambda: sessions.cancel(unknown, "weather", by),
        "count": lambda: sessions.count_heads(unknown, 1, None, by),
        "attest": lambda: sessions.attest(unknown, Role.HOST, by),
    }
    with pytest.raises(UnknownSession):
        steps[step]()


def test_a_refused_step_records_nothing(pilot: Pilot) -> None:
    position = pilot.book.ledger.position()
    for refused in (
        lambda: pilot.book.sessions.open(pilot.session_id, envelope(STARTS - timedelta(hours=2))),
        lambda: pilot.book.sessions.close(pilot.session_id, envelope(ENDS)),
        lambda: pilot.book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS)),
        lambda: pilot.book.attendances.check_in(wish(pilot, pilot.learners[0])),
    ):
        with pytest.raises(Refused):
            refused()
    assert pilot.book.ledger.position() == position


def test_sessions_of_one_second_do_not_see_each_others_attendances(pilot: Pilot) -> None:
    """Two sessions with the same first 6 bytes: the index finds both, the answer is one's own."""
    book, plan = pilot.book, pilot.book.sessions.get(pilot.session_id).plan
    twin = type(pilot.session_id)(
        bytes=pilot.session_id.bytes[:6] + timed_id(STARTS, "twin").bytes[6:]
    )
    book.sessions.schedule(twin, plan, envelope(), confirmed=True)
    open_session(pilot)
    book.sessions.open(twin, envelope(STARTS, Role.HOST, HOST))
    for learner in pilot.learners:
        book.attendances.check_in(wish(pilot, learner))

    assert len(book.sessions.attendance_ids(pilot.session_id)) == 3
    assert book.sessions.attendance_ids(twin) == []


def test_staff_who_came_as_parents_do_not_attest(pilot: Pilot) -> None:
    book, staff = pilot.book, uuid4()
    book.registry.register_staff(staff, envelope(), learner_id=pilot.learners[0])
    open_session(pilot)
    book.attendances.check_in(wish(pilot, pilot.learners[0]))
    book.sessions.close(pilot.session_id, envelope(ENDS))
    book.sessions.count_heads(pilot.session_id, 1, None, envelope(ENDS))

    with pytest.raises(OwnCase):
        book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, actor_id=staff))
    stranger = uuid4()
    book.registry.register_staff(stranger, envelope(), learner_id=pilot.learners[1])
    book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, actor_id=stranger))


def test_staff_do_not_record_themselves(pilot: Pilot) -> None:
    book, staff, learner = pilot.book, uuid4(), pilot.learners[0]
    book.registry.register_staff(staff, envelope(), learner_id=learner)
    open_session(pilot)
    own = wish(pilot, learner)
    actor = envelope(actor_id=staff).actor
    by_staff = replace(own, channel=Channel.STAFF_ENTRY, actor=actor)
    with pytest.raises(OwnCase):
        book.attendances.check_in(by_staff)
    book.attendances.check_in(own)
    with pytest.raises(OwnCase):
        book.attendances.check_out(
            pilot.session_id, learner, uuid4(), envelope(ENDS, actor_id=staff), by_staff=True
        )


def test_the_count_compares_with_what_is_recorded_when_it_is_recorded(pilot: Pilot) -> None:
    hold(pilot, pilot.learners)
    events = pilot.book.ledger.store.select_events(pilot.session_id)
    [counted] = [event for event in events if event.topic == "session.head_counted"]
    assert b'"persons_recorded":3' in counted.state
    assert SCHOOL.encode() in events[0].state
