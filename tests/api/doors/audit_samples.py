"""The doors of audit samples: published for everybody, drawn above schools, found by auditors."""

from __future__ import annotations

from tests.api.doors.rule import PUBLIC, A, Rule, staff

API, PAGE = "/api/v1/audit-samples/{sample_id}", "/staff/samples/of/{sample_id}"
WANTED = {
    "begins": "2026-09-01", "ends": "2026-09-19", "size": "1", "seed_source": "pailie5",
    "seed_day": "2026-12-01",
}  # fmt: skip
FOUND = {"session_id": "{session_id}", "finding": "in_order"}

DOORS: dict[str, Rule] = {
    "GET /staff/samples/{district_code}": staff(A.AUDIT_SAMPLE_READ),
    "POST /staff/samples/{district_code}": staff(A.AUDIT_SAMPLE_DRAW, form=WANTED),
    f"GET {PAGE}": staff(A.AUDIT_SAMPLE_READ),
    f"POST {PAGE}/draw": staff(A.AUDIT_SAMPLE_DRAW, form={"value": "48213"}),
    f"POST {PAGE}/findings": staff(A.AUDIT_FINDING_RECORD, form=FOUND),
    "GET /samples/{sample_id}": PUBLIC,
    "GET /samples/{sample_id}/population.txt": PUBLIC,
    "GET /api/v1/districts/{district_code}/audit-samples": staff(A.AUDIT_SAMPLE_READ),
    "POST /api/v1/districts/{district_code}/audit-samples": staff(A.AUDIT_SAMPLE_DRAW, json=WANTED),
    f"GET {API}": PUBLIC,
    f"POST {API}/draw": staff(A.AUDIT_SAMPLE_DRAW, json={"value": "48213"}),
    f"GET {API}/findings": staff(A.AUDIT_SAMPLE_READ),
    f"POST {API}/findings": staff(A.AUDIT_FINDING_RECORD, json=FOUND),
}
