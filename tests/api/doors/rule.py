"""What a door asks for, and of whom: the words of the table of doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.access.actions import Action


class Door(StrEnum):
    """Who is meant at all: everybody, a parent's device, staff by an action, any staff login."""

    PUBLIC = "public"
    PARENT = "parent"
    ANY_DEVICE = "any_device"  # also one that nobody has confirmed yet
    STAFF = "staff"
    ANY_STAFF = "any_staff"
    SOMEWHERE = "somewhere"  # staff who may do it at any organisation at all
    TOKEN = "token"  # a machine's, out of the settings; no login opens it
    UPLOADER = "uploader"  # whoever brought the file, and nobody else


@dataclass(frozen=True)
class Rule:
    """What a door asks for. With several actions, one of them is enough."""

    door: Door
    actions: tuple[Action, ...] = ()
    form: Mapping[str, object] = field(default_factory=dict)
    json: Mapping[str, object] | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    holder_too: bool = False  # a parent's own device as well


PUBLIC = Rule(Door.PUBLIC)
PARENT = Rule(Door.PARENT)
ANY_DEVICE = Rule(Door.ANY_DEVICE)
ANY_STAFF = Rule(Door.ANY_STAFF)
BY_TOKEN = Rule(Door.TOKEN)
UPLOADER = Rule(Door.UPLOADER)
A = Action


def staff(*actions: Action, **given: object) -> Rule:
    return Rule(Door.STAFF, actions, **given)  # type: ignore[arg-type]  # fields of many types
