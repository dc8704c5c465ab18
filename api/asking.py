"""Who is asking, as dependencies of routes: the login decides, never the body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Path, Request

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.policy import LoginRequired, Organisation, Principal, PrincipalKind, require
from api.bootstrap import Runtime
from api.machines import bearer_of, machine_of, placed
from api.read_your_writes import is_behind
from api.seeing import bring_into_sight
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived


def runtime_of(request: Request) -> Runtime:
    found: Runtime = request.app.state.runtime
    return found


async def the_runtime(request: Request) -> Runtime:
    """The same as a dependency: what is no coroutine the framework sends to a thread."""
    return runtime_of(request)


InRuntime = Annotated[Runtime, Depends(the_runtime)]


def district_named(
    district_code: Annotated[
        str, Path(pattern=r"^[0-9]{6}$", description="440100 is the whole city.")
    ],
    runtime: InRuntime,
) -> str:
    """The code of a district of ours, or the city's. Raises UnknownDistrict."""
    return placed(runtime, district_code).code


DistrictCode = Annotated[str, Depends(district_named)]


def principal_of(request: Request, runtime: InRuntime) -> Principal | None:
    """A machine by its key, the staff login, the parent's device, or nobody. Staff come first.

    Who presents a key asks by it alone. Raises KeyRefused, TooManyTries.
    """
    if (key := bearer_of(request)) is not None:
        request.state.principal = machine_of(request, runtime, key)
        request.state.is_behind = False
        return machine_of(request, runtime, key)
    for kind in (CookieKind.STAFF, CookieKind.DEVICE):
        token = runtime.cookies.read(request.cookies, kind)
        if token and (principal := runtime.logins.who(token, runtime.now())):
            request.state.principal = principal
            request.state.is_behind = is_behind(request, runtime)
            return principal
    request.state.principal = None
    return None


InPrincipal = Annotated[Principal | None, Depends(principal_of)]


@dataclass(frozen=True)
class Asking:
    """Somebody who is asking, and what they may be allowed: every use of it names an action."""

    runtime: Runtime
    principal: Principal | None
    command_id: UUID

    def __post_init__(self) -> None:
        if self.principal is not None:
            bring_into_sight(self.runtime, self.principal)

    def may(self, action: Action, school_code: str) -> Envelope:
        """The envelope under which a school's affair is done. Raises Forbidden, LoginRequired."""
        return self._envelope(action, self.runtime.organisation_of(school_code))

    def may_in(self, action: Action, organisation: Organisation) -> Envelope:
        """The same for a district or the city."""
        return self._envelope(action, organisation)

    def _envelope(self, action: Action, organisation: Organisation) -> Envelope:
        now = self.runtime.now()
        role = require(self.principal, action, organisation, now)
        assert self.principal is not None
        return self._acting(self.principal.person_id, role, organisation.code, now)

    def own(self, action: Action) -> tuple[UUID, Envelope]:
        """A parent's own affair: their learner id and envelope. Raises Forbidden, LoginRequired."""
        now = self.runtime.now()
        role = require(self.parent, action, None, now)
        learner_id = self.learner_id
        return learner_id, self._acting(learner_id, role, "", now)

    @property
    def parent(self) -> Principal | None:
        if self.principal is not None and self.principal.kind is PrincipalKind.DEVICE:
            return self.principal
        return None

    @property
    def learner_id(self) -> UUID:
        """Raises LoginRequired when no parent's device asks."""
        if self.parent is None or self.parent.learner_id is None:
            raise LoginRequired
        return self.parent.learner_id

    @property
    def staff_id(self) -> UUID:
        """Raises LoginRequired when no member of staff asks."""
        if self.principal is None or self.principal.kind is not PrincipalKind.STAFF:
            raise LoginRequired
        return self.principal.person_id

    @property
    def schools(self) -> list[str]:
        """The school codes of the grants that hold now, for a staff member's start page."""
        now = self.runtime.now()
        grants = self.principal.grants if self.principal else ()
        return sorted({g.organisation for g in grants if g.holds(now) and len(g.organisation) > 6})  # noqa: PLR2004 - school codes are longer than regions

    @property
    def regions(self) -> list[str]:
        """The codes of the districts, or the city, of the grants that hold now."""
        now = self.runtime.now()
        grants = self.principal.grants if self.principal else ()
        return sorted({g.organisation for g in grants if g.holds(now) and len(g.organisation) == 6})  # noqa: PLR2004 - so long are the codes of regions

    def _acting(self, person_id: UUID, role: Role, organisation: str, at: datetime) -> Envelope:
        return Envelope(
            command_id=self.command_id,
            actor=Actor(id=person_id, role=role, organisation=organisation),
            channel=Channel.ONLINE,
            occurred_at=at,
        )


def command_of(request: Request, principal: Principal | None) -> UUID:
    """The id of the command that a request is: what is sent again is the same one, for who sent it.

    `again` stands in the address of the form that a waiting page sends.
    """
    known: UUID | None = getattr(request.state, "command_id", None)
    if known is not None:
        return known
    request.state.again = again_in(request) or uuid4()
    return derived("command", principal.person_id if principal else "", request.state.again)


def again_in(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params.get("again", ""))
    except ValueError:
        return None


def asking(request: Request, runtime: InRuntime) -> Asking:
    principal = principal_of(request, runtime)
    return Asking(runtime, principal, command_of(request, principal))


InAsking = Annotated[Asking, Depends(asking)]


def asking_as_parent(request: Request, runtime: InRuntime) -> Asking:
    """A parent's page looks at the device alone: staff may be parents on the same phone."""
    token = runtime.cookies.read(request.cookies, CookieKind.DEVICE)
    principal = runtime.logins.who(token, runtime.now()) if token else None
    request.state.principal = principal
    request.state.is_behind = principal is not None and is_behind(request, runtime)
    return Asking(runtime, principal, command_of(request, principal))


InParent = Annotated[Asking, Depends(asking_as_parent)]
