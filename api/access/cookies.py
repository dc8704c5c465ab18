"""The cookies of this program, names and attributes; what their values mean is said elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from starlette.responses import Response


class CookieKind(StrEnum):
    STAFF = "staff"
    DEVICE = "device"
    OTHERS = "others"  # the logins of those who share the phone with whoever is at it
    DOOR = "door"  # the key of a device at a school's door
    TABLET = "tablet"  # the random number that such a device is enrolled by
    SIGN_ON = "sign_on"  # a sign-in that began in this browser
    KEPT_FORM = "kept"  # a form that met an ended login
    PHONE = "phone"  # a random number that marks the phone before and after it is enrolled


@dataclass(frozen=True, slots=True)
class Cookies:
    """Cookies under one public address; over https they are Secure and bound to the host."""

    public_url: str

    @property
    def secure(self) -> bool:
        return self.public_url.lower().startswith("https://")

    def name(self, kind: CookieKind) -> str:
        """Browsers refuse `__Host-` without Secure, so plain http on localhost goes without."""
        return f"__Host-pc_{kind}" if self.secure else f"pc_{kind}"

    def read(self, cookies: Mapping[str, str], kind: CookieKind) -> str | None:
        return cookies.get(self.name(kind))

    def put(self, response: Response, kind: CookieKind, value: str, life: timedelta) -> None:
        response.set_cookie(
            self.name(kind),
            value,
            max_age=int(life.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response, kind: CookieKind) -> None:
        response.delete_cookie(
            self.name(kind), path="/", secure=self.secure, httponly=True, samesite="lax"
        )
