"""What the pilot keeps for the newcomer in var/demo.json, and how it stays current."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, cast
from uuid import UUID

from api.access.totp import code_of
from api.bootstrap import Runtime
from api.certificate_documents import check_code_of, sheet_of
from api.demo import evenings, teaching
from api.demo.accusing import ACCUSED
from api.demo.calendar import Calendar
from api.demo.evenings import Hosts
from api.demo.loading import LACKS_HOURS, PEOPLE_OF, Pilot, schedule
from api.demo.new_year import begin_year
from api.demo.planning import plan_again
from api.demo.righting import LEFT_EARLY
from api.demo.staff import PRIMARY, Login
from api.sharing import ShareLinks
from domain.envelope import Role

SHOWN_LEARNERS = (LACKS_HOURS, 0, 1, 15, 16, 17, LEFT_EARLY, ACCUSED)


class KeptLogin(TypedDict):
    role: str
    organisation: str
    user: str
    password: str
    totp_secret: str
    staff_id: str
    url: str


def path_of(runtime: Runtime) -> Path:
    return runtime.settings.var / "demo.json"


def kept(runtime: Runtime) -> dict[str, Any]:
    """What var/demo.json says; empty before the pilot is loaded."""
    path = path_of(runtime)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(runtime: Runtime, content: dict[str, Any]) -> None:
    """Written whole, readable by its owner alone."""
    path = path_of(runtime)
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    draft.rename(path)


def remember(pilot: Pilot, numbers: dict[str, str]) -> None:
    """Logins, learners and certificates, once they are all there."""
    runtime = pilot.runtime
    base = runtime.settings.public_url
    logins = [
        KeptLogin(
            role=login.role.value,
            organisation=login.organisation,
            user=login.user,
            password=login.password,
            totp_secret=login.totp_secret,
            staff_id=str(login.staff_id),
            url=f"{base}/staff/login",
        )
        for login in pilot.logins.values()
    ]
    learners = [
        {"learner_id": str(pilot.learner(n)), "name": pilot.families[PRIMARY][n].adult}
        for n in SHOWN_LEARNERS
    ]
    found = {state: certificate(runtime, number) for state, number in numbers.items()}
    content = {"base_url": base, "logins": logins, "learners": learners, "certificates": found}
    keep(runtime, {**content, "plan_again": plan_again(pilot.calendar).decode()})


def certificate(runtime: Runtime, number: str) -> dict[str, str]:
    """What somebody needs to check a certificate, with a share link of thirty days."""
    registered = runtime.models.certificates.by_number(number)
    assert registered is not None
    base, code = runtime.settings.public_url, check_code_of(runtime, number)
    links = ShareLinks(runtime.tables)
    token = links.open(registered.certificate_id, registered.learner_id, runtime.now()).token
    return {
        "number": number,
        "check_code": code,
        "verify_url": f"{base}/verify?number={number}&code={code}",
        "qr_text": sheet_of(runtime, registered).qr_text,
        "pdf_url": f"{base}/certificates/{number}.pdf?share={token}",
        "png_url": f"{base}/certificates/{number}.png?share={token}",
    }


def keep_up(runtime: Runtime) -> None:
    """At every start: fresh enrolment links, and a session whose door is open."""
    content = kept(runtime)
    base, at = runtime.settings.public_url, runtime.now()
    logins = {user: login_of(content, user) for pair in PEOPLE_OF.values() for user in pair}
    runtime.projector.catch_up()
    begin_year(Pilot(runtime, Calendar(at), logins), at)
    for learner in content["learners"]:
        learner_id = UUID(learner["learner_id"])
        runtime.enrolment_codes.withdraw(learner_id)
        code = runtime.enrolment_codes.issue(learner_id, at)
        learner["enrolment_url"] = f"{base}/enrol/{code}"
    session_id = open_session(runtime, content, at)
    content["open_session"] = {
        "id": str(session_id),
        "presenter_url": f"{base}/staff/sessions/{session_id}/present",
        "codes_url": f"{base}/demo/codes/{session_id}",
    }
    keep(runtime, content)


def open_session(runtime: Runtime, content: dict[str, Any], at: datetime) -> UUID:
    """The one whose door is open for a while yet; else a new one."""
    runtime.projector.catch_up()
    for session in runtime.models.sessions.open_now(PRIMARY):
        if session.begins_at + timedelta(minutes=15) > at:
            return session.session_id
    row = teaching.open_now(Calendar(at))
    hosts = Hosts(login_of(content, "host"), login_of(content, "coordinator"))
    session_id = schedule(runtime, hosts, row, at - timedelta(minutes=6))
    evenings.open_door(runtime.book, session_id, hosts, at - timedelta(minutes=4))
    runtime.projector.catch_up()
    return session_id


def login_of(content: dict[str, Any], user: str) -> Login:
    found = next(
        each for each in cast("list[KeptLogin]", content["logins"]) if each["user"] == user
    )
    return Login(
        staff_id=UUID(found["staff_id"]),
        role=Role(found["role"]),
        organisation=found["organisation"],
        user=user,
        password=found["password"],
        totp_secret=found["totp_secret"],
    )


@dataclass(frozen=True)
class CurrentCode:
    """A login as the demo page lists it, with the code its app would show now."""

    login: KeptLogin
    code: str


def current_codes(runtime: Runtime) -> list[CurrentCode]:
    logins = cast("list[KeptLogin]", kept(runtime).get("logins", []))
    now = runtime.now()
    return [CurrentCode(login, code_of(login["totp_secret"], now)) for login in logins]
