"""Before two persons attest: what was counted beside what is recorded, and who may not."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.acting import ENDS
from tests.api.desk import Desk


def closed_after(desk: Desk, *learners: int) -> None:
    desk.open()
    for learner in learners:
        desk.tap(desk.pilot.learners[learner], by="coordinator")
    desk.close()


def account(desk: Desk) -> None:
    """The coordinator has a name to sign in with."""
    coordinator = desk.people["coordinator"]
    desk.runtime.accounts.open_account(
        coordinator, "zhang.li", "孔雀东南飞五里一徘徊", desk.clock.at
    )


def compared(page: str) -> str:
    found = re.search(r'<dl class="facts compared">(.*?)</dl>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


def test_both_see_the_room_beside_the_records_and_the_reason(desk: Desk) -> None:
    closed_after(desk, 0)
    form = {"present": "6", "explanation": "present_not_checked_in"}
    desk.browser("host").post(f"{desk.session}/head-count", data=form)

    for asker in ("host", "coordinator"):
        page = desk.browser(asker).get(desk.session).text
        told = compared(page)
        assert "应到 3 现场清点 6 清点时的签到记录 1" in told
        assert "现场多 5 人 · 有人在场但未签到" in told
        assert f'href="{desk.session}/list"' in page


def test_equal_figures_say_so_and_ask_nothing(desk: Desk) -> None:
    closed_after(desk, 0)
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "1"})

    page = desk.browser("coordinator").get(desk.session).text

    assert "没有差异" in compared(page)
    assert "看看是谁" not in page


def test_a_record_that_came_after_the_count_is_seen(desk: Desk) -> None:
    desk.open()
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "0"})
    desk.tap(desk.pilot.learners[0])
    desk.clock.move_to(ENDS)
    desk.close()

    assert "现在的签到记录 1" in compared(desk.browser("host").get(desk.session).text)


def test_who_attended_is_told_so_and_which_colleagues_can_confirm(desk: Desk) -> None:
    own = desk.pilot.learners[0]
    closed_after(desk, 0)
    host, coordinator = desk.browser("host", learner_id=own), desk.browser("coordinator")
    account(desk)
    host.post(f"{desk.session}/head-count", data={"present": "1"})

    page = host.get(desk.session).text

    assert "您本人参加了这场活动" in page
    assert "zhang.li" in page
    assert "attest-as-host" not in page
    assert "attest-as-coordinator" in coordinator.get(desk.session).text
    listed = host.get(f"{desk.session}/list").text
    assert re.search(r"本人由同事登记.*zhang\.li", listed)


def test_a_colleague_whose_duty_ended_is_not_named(desk: Desk) -> None:
    own = desk.pilot.learners[0]
    desk.authorised_until(ENDS.date() - timedelta(days=1))
    desk.browser("coordinator")
    account(desk)
    desk.authorised_until(ENDS.date() + timedelta(days=30))
    desk.open()
    host = desk.browser("host", learner_id=own)

    listed = host.get(f"{desk.session}/list").text

    assert "本人由同事登记" in listed
    assert "zhang.li" not in listed
