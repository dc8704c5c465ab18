"""The persons who share a phone: each has a login of their own there, and one of them is at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.access.cookies import CookieKind, Cookies
from api.access.logins import DEVICE_IDLE
from api.access.policy import Principal
from api.bootstrap import Runtime
from domain.masking import mask_name, mask_phone
from domain.refusals import Refused

MOST_PERSONS: Final = 5
LABEL_CHARACTERS = 60


class PersonNotChosen(Refused):
    """Somebody is enrolled on the phone: a form says whether it is theirs or somebody else's."""

    code = "person_not_chosen"


class PhoneFull(Refused):
    """So many persons are enrolled on the phone that one of them signs out first."""

    code = "phone_full"


class Whose(StrEnum):
    """Whose form it is that came from a phone on which somebody is enrolled."""

    OWN = "own"
    ANOTHERS = "anothers"


class SharerNotChosen(Refused):
    """Several persons share the phone, and none of them was said to be the one who checks in."""

    code = "sharer_not_chosen"


@dataclass(frozen=True)
class PhoneLogin:
    """A living login on this phone."""

    login_id: UUID
    learner_id: UUID
    token: str = field(repr=False)


@dataclass(frozen=True)
class PhonePerson:
    """Somebody who is enrolled on this phone, as the phone shows them: masked."""

    login_id: UUID
    called: str = field(repr=False)


def logins_on(request: Request, runtime: Runtime) -> list[PhoneLogin]:
    """Everybody's living login on this phone, first that of the one who is at it."""
    here = runtime.cookies.read(request.cookies, CookieKind.DEVICE) or ""
    return logins_of(runtime, [here, *tokens_beside(request, runtime)])


def logins_beside(request: Request, runtime: Runtime) -> list[PhoneLogin]:
    """The same without the one who is at it: none where nobody shares the phone."""
    return logins_of(runtime, tokens_beside(request, runtime))


def persons_on(request: Request, runtime: Runtime) -> list[PhonePerson]:
    """Everybody on this phone by name, first the one who is at it."""
    return persons_of(runtime, logins_on(request, runtime))


def others_on(request: Request, runtime: Runtime) -> list[PhonePerson]:
    """The same without the one who is at it."""
    return persons_of(runtime, logins_beside(request, runtime))


def chosen_on(request: Request, runtime: Runtime, login_id: UUID | None) -> UUID | None:
    """Which learner has that login on this phone."""
    logins = logins_on(request, runtime)
    return next((each.learner_id for each in logins if each.login_id == login_id), None)


def shared_by(request: Request, runtime: Runtime, learner_id: UUID) -> dict[str, Any]:
    """What a page says of a phone that is shared: who is at it and who else there is."""
    others = others_on(request, runtime)
    return {"others": others, "called": called_on_phone(runtime, learner_id) if others else ""}


def tokens_beside(request: Request, runtime: Runtime) -> list[str]:
    beside = runtime.cookies.read(request.cookies, CookieKind.OTHERS) or ""
    return beside.split(".", MOST_PERSONS)[:MOST_PERSONS]


def persons_of(runtime: Runtime, logins: Iterable[PhoneLogin]) -> list[PhonePerson]:
    return [
        PhonePerson(each.login_id, called_on_phone(runtime, each.learner_id)) for each in logins
    ]


def logins_of(runtime: Runtime, tokens: Iterable[str]) -> list[PhoneLogin]:
    found: list[PhoneLogin] = []
    for token in dict.fromkeys(tokens):
        principal = runtime.logins.who(token, runtime.now())
        if principal is None or (learner_id := principal.learner_id) is None:
            continue
        if login_id := runtime.logins.login_of(token):
            found.append(PhoneLogin(login_id, learner_id, token))
    return found


def called_on_phone(runtime: Runtime, learner_id: UUID) -> str:
    """Masked name and number: who shares a phone tells them apart, nobody else learns a name."""
    subject = runtime.book.vault.open([learner_id]).get(learner_id)
    if subject is None:
        return "***"
    phone = subject.fields.get("phone", "")
    return " · ".join([mask_name(subject.name), *([mask_phone(phone)] if phone else [])])


def refuse_unsaid(request: Request, runtime: Runtime, parent: Principal | None, whose: str) -> None:
    """Raises PersonNotChosen where somebody is at the phone, PhoneFull for one person too many."""
    if parent is not None and whose not in set(Whose):
        raise PersonNotChosen
    is_another = parent is None or whose == Whose.ANOTHERS
    if is_another and len(logins_on(request, runtime)) >= MOST_PERSONS:
        raise PhoneFull(most=MOST_PERSONS)


def bound(
    request: Request,
    runtime: Runtime,
    learner_id: UUID,
    login_id: UUID,
    *,
    confirmed: bool,
    whose: str,
) -> list[str]:
    """Begin a login on this phone, beside everybody else's; all tokens, the new one first.

    It takes the place of the person's earlier one, and of the one at the phone who sent the form.
    """
    here = runtime.cookies.read(request.cookies, CookieKind.DEVICE)
    logins, speaker_id = logins_on(request, runtime), runtime.book.learners.survivor_of(learner_id)
    login = runtime.logins.begin_device(
        learner_id,
        runtime.now(),
        confirmed=confirmed,
        label=request.headers.get("user-agent", "")[:LABEL_CHARACTERS],
        login_id=login_id,
    )
    tokens = [login.token]
    for each in logins:
        is_own = each.token == here and whose != Whose.ANOTHERS
        if is_own or each.learner_id == speaker_id:
            runtime.logins.end(each.token)
        else:
            tokens.append(each.token)
    return tokens


def seat(response: Response, cookies: Cookies, tokens: Sequence[str]) -> None:
    """Have the phone keep these logins, the first at it; with none, nobody is enrolled there."""
    kept = {CookieKind.DEVICE: "".join(tokens[:1]), CookieKind.OTHERS: ".".join(tokens[1:])}
    for kind, value in kept.items():
        if value:
            cookies.put(response, kind, value, DEVICE_IDLE)
        else:
            cookies.clear(response, kind)


def keep_persons(request: Request, response: Response, cookies: Cookies) -> None:
    """Have the phone keep its logins as long again, from now on."""
    for kind in (CookieKind.DEVICE, CookieKind.OTHERS):
        if value := cookies.read(request.cookies, kind):
            cookies.put(response, kind, value, DEVICE_IDLE)
