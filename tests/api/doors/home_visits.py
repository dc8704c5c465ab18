"""The doors of home visits: who records them, and who reads how many there are."""

from __future__ import annotations

from tests.api.doors.rule import A, Rule, staff

CLASS = {"grade": "三年级", "group": "2班"}
VISITED = {**CLASS, "year": "2026", "child": "{child_id}", "on": "2026-09-11"}
VISITS = "/staff/home-visits"

DOORS: dict[str, Rule] = {
    f"GET {VISITS}/{{school_code}}": staff(A.HOME_VISIT_RECORD, query=CLASS),
    f"POST {VISITS}/{{school_code}}": staff(A.HOME_VISIT_RECORD, form=VISITED),
    f"POST {VISITS}/of/{{visit_id}}/withdrawal": staff(A.HOME_VISIT_RECORD, form=CLASS),
    f"GET {VISITS}/{{school_code}}/classes": staff(A.HOME_VISIT_COUNTS),
}
