"""A phone hangs up while the standby is awaited: nobody is told "recorded", then it is, once."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from api import arrivals
from domain.attendance import Attendance
from tests.failover.desk import recorded
from tests.failover.nodes import Pair, pair, until
from tests.faults.standby import WHO_WAITS
from tests.soak.ground import Ground, ground, insist

SHORT = 1.5


class Phone:
    """One parent's, with a ticket of the session that is open, and one scan."""

    def __init__(self, there: Ground) -> None:
        made = there.made
        session = there.runtime.book.sessions.get(made.session_id)
        [code, *_] = arrivals.codes_ahead(there.runtime, session)
        cookies = "; ".join(f"{k}={v}" for k, v in made.phone(made.learners[0]).items())
        self._headers = {"Origin": there.bases[0], "Cookie": cookies}
        self._address = f"{there.bases[0]}/api/v1/sessions/{made.session_id}"
        arrived = self._post("arrivals", {"token": code.code}, 20)
        self.scan_id = uuid4()
        self._tap = {"ticket": arrived.json()["ticket"], "scan_id": str(self.scan_id)}

    def tap(self, patience: float) -> httpx.Response:
        return self._post("check-ins", self._tap, patience)

    def answered(self) -> httpx.Response:
        """Raises OSError: try again."""
        answer = self.tap(20)
        if answer.status_code >= 500:
            raise OSError(answer.text)
        return answer

    def _post(self, what: str, body: dict[str, str], patience: float) -> httpx.Response:
        address = f"{self._address}/{what}"
        return httpx.post(address, json=body, headers=self._headers, timeout=patience)


def waits(nodes: Pair) -> bool:
    return bool(nodes.primary.ask(WHO_WAITS))


@pytest.mark.slow
def test_an_aborted_request_is_no_acknowledgement(tmp_path: Path) -> None:
    with pair() as nodes:
        there = ground(tmp_path, 3, 1, nodes.conninfo())
        try:
            there.start_all(1, 0)
            phone = Phone(there)
            nodes.hold_back()
            with pytest.raises(httpx.ReadTimeout):
                phone.tap(SHORT)
            until(lambda: waits(nodes))
            nodes.primary.ask(WHO_WAITS.replace("pid", "pg_cancel_backend(pid)", 1))
            with pytest.raises(httpx.ReadTimeout):  # it waits again
                phone.tap(SHORT)
            nodes.kill_and_promote()

            # 200 where the first asking was recorded here and its answer lost: once, all the same.
            assert insist(phone.answered).status_code in {200, 201}
            found = recorded(there.runtime.book, [Attendance.CheckedIn.TOPIC])
            assert found == {phone.scan_id: 1}
        finally:
            there.end()
