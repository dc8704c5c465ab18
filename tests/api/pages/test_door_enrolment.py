"""A device is enrolled though an answer gets lost, and is out however the two cross."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.access.door_devices import INVITATION_LASTS, Tablet
from api.bootstrap import Runtime
from api.door import end_device, enrol, redeemed
from api.qr_path import qr_path
from domain.machine import KeyHasEnded, Machine
from domain.refusals import Refused
from tests.acting import SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.pages.test_door import DEVICES, code_for, device_id, tablet
from tests.api.secret_keys import secret_in
from tests.saying import says


def kept(desk: Desk, device: TestClient, kind: CookieKind) -> str | None:
    return device.cookies.get(desk.runtime.cookies.name(kind))


def facts_of(runtime: Runtime, machine_id: object) -> list[str]:
    ledger = runtime.book.ledger
    return [ledger.events_mapper.to_domain_event(x).TOPIC
            for x in ledger.store.select_events(machine_id)]  # fmt: skip


def test_an_answer_that_got_lost_is_given_again_to_the_same_device_alone(desk: Desk) -> None:
    code, device = code_for(desk), tablet(desk)
    assert device.get("/door").status_code == 200
    number = kept(desk, device, CookieKind.TABLET)
    assert device.post("/door", data={"code": code}).status_code == 303
    key = kept(desk, device, CookieKind.DOOR)
    assert key is not None

    device.cookies.delete(desk.runtime.cookies.name(CookieKind.DOOR))
    assert kept(desk, device, CookieKind.TABLET) == number
    assert says(tablet(desk).post("/door", data={"code": code}), "code_used")
    desk.clock.move(INVITATION_LASTS / 2)
    assert device.post("/door", data={"code": code}).status_code == 303
    assert kept(desk, device, CookieKind.DOOR) == key
    found = desk.runtime.machine_keys.of(device_id(desk))
    assert found is not None
    assert facts_of(desk.runtime, found.machine_id) == ["machine.registered", "machine.key_made"]

    desk.clock.move(INVITATION_LASTS / 2)
    device.cookies.delete(desk.runtime.cookies.name(CookieKind.DOOR))
    assert says(device.post("/door", data={"code": code}), "code_used")


def test_the_number_of_a_device_is_kept_by_it_alone(desk: Desk) -> None:
    device = tablet(desk)
    device.get("/door")
    number = kept(desk, device, CookieKind.TABLET) or ""
    device.post("/door", data={"code": code_for(desk)})
    rows = desk.runtime.tables.rows("select c::text from {web}.enrolment_code c", {})
    rows += desk.runtime.tables.rows("select k::text from {web}.machine_key k", {})
    secret = secret_in(kept(desk, device, CookieKind.DOOR) or "")
    for hidden in (number, number.encode().hex(), secret, secret.encode().hex()):
        assert len(hidden) > 20
        assert [row for [row] in rows if hidden in row] == []


def test_the_code_in_the_square_is_sent_to_no_server_and_a_query_fills_in_nothing(
    desk: Desk,
) -> None:
    page = desk.browser("coordinator").post(DEVICES, data={"label": "东门平板", "days": "30"})
    code = re.search(r'<p class="code">([0-9A-Z-]+)</p>', page.text)
    assert code is not None
    address = f"{desk.runtime.settings.public_url}/door#code={code[1]}"
    assert f'd="{qr_path(address).path}"' in page.text
    form = tablet(desk).get("/door", params={"code": code[1]})
    assert code[1] not in form.text
    assert "door.js" in form.text


@pytest.mark.parametrize("brought", [None, "", "short", "示例" * 22, "a" * 44])
def test_a_number_that_is_none_of_ours_is_replaced(brought: str | None) -> None:
    made = Tablet.of(brought)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made.number)
    assert Tablet.of(made.number) == made


def test_a_device_that_is_ended_while_it_is_enrolled_has_no_key(desk: Desk) -> None:
    runtime, one = desk.runtime, Tablet.of(None)
    device = redeemed(runtime, code_for(desk), one, "192.0.2.1")
    end_device(runtime, SCHOOL, device.device_id, envelope(desk.clock.at))
    with pytest.raises(KeyHasEnded):
        enrol(runtime, device, one)
    assert runtime.machine_keys.all() == []


def test_however_an_enrolment_and_an_end_cross_no_key_lives_that_the_page_does_not_show(
    desk: Desk,
) -> None:
    runtime = desk.runtime
    for _ in range(6):
        one, code, both = Tablet.of(None), code_for(desk), Barrier(2)
        key, by = device_id(desk), envelope(desk.clock.at)

        def come_in(one: Tablet = one, code: str = code, both: Barrier = both) -> str | None:
            both.wait(10)
            try:
                device = redeemed(runtime, code, one, "192.0.2.1")
                return enrol(runtime, device, one).text
            except Refused:
                return None

        with ThreadPoolExecutor(1) as other:
            coming = other.submit(come_in)
            both.wait(10)
            end_device(runtime, SCHOOL, key, by)
            text = coming.result(30)
        assert text is None or runtime.machine_keys.who(text, desk.clock.at) is None
    assert runtime.door_devices.of_school(SCHOOL) == []


def test_an_invitation_that_is_ended_is_recorded_as_ended(desk: Desk) -> None:
    code_for(desk)
    key = device_id(desk)
    ending = f"{DEVICES}/{key}/ending"
    assert desk.browser("coordinator").post(ending).status_code == 303
    machine_id = Machine.create_id(f"door-{key.hex[:12]}", SCHOOL)
    assert facts_of(desk.runtime, machine_id) == ["machine.registered", "machine.key_ended"]
