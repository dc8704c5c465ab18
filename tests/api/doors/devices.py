"""The doors of programs' keys and of devices at a door; what a device opens, no login does."""

from __future__ import annotations

from tests.api.doors.rule import BY_TOKEN, PUBLIC, A, Door, Rule, staff
from tests.api.doors.scanner import SCANS

DEVICES = "/staff/schools/{school_code}/devices"
DEVICE_SESSION = "/door/sessions/{session_id}"

DOORS: dict[str, Rule] = {
    "GET /staff/api-keys": Rule(Door.SOMEWHERE, (A.API_KEY_MANAGE,)),
    "POST /staff/api-keys/{key_id}/ending": Rule(Door.SOMEWHERE, (A.API_KEY_MANAGE,)),
    "GET /door": PUBLIC,
    "POST /door": PUBLIC,
    f"GET {DEVICE_SESSION}": BY_TOKEN,
    f"POST {DEVICE_SESSION}": Rule(BY_TOKEN.door, form={"scan_id": "{new_id}", "code": "PC1.X"}),
    f"GET {DEVICE_SESSION}/list": BY_TOKEN,
    f"POST {DEVICE_SESSION}/scans": Rule(BY_TOKEN.door, json=SCANS),
    f"GET {DEVICES}": staff(A.DOOR_DEVICE_MANAGE),
    f"POST {DEVICES}": staff(A.DOOR_DEVICE_MANAGE, form={"label": "示例平板", "days": "30"}),
    f"POST {DEVICES}/{{device_id}}/ending": staff(A.DOOR_DEVICE_MANAGE),
}
