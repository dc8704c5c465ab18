"""The doors of rulebooks."""

from __future__ import annotations

from tests.api.doors.rule import ANY_STAFF, PUBLIC, A, Rule, staff

ORGANISATION = "/api/v1/organisations/{organisation}/rulebooks"
SPARSE = {
    "version": "9", "title": "示例校规则", "effective_from": "2027-03-01",
    "figures": {"exam.questions": 10},
}  # fmt: skip
SHA256 = "0" * 64
READ, DRAFT = staff(A.RULEBOOK_READ), staff(A.RULEBOOK_DRAFT)
PUBLISH = staff(A.RULEBOOK_PUBLISH)

DOORS: dict[str, Rule] = {
    "GET /rules": PUBLIC,
    "GET /rules/{name}": PUBLIC,
    "GET /api/v1/rulebooks": PUBLIC,
    "GET /api/v1/rulebooks/{name}": PUBLIC,
    f"GET {ORGANISATION}": READ,
    f"POST {ORGANISATION}": staff(A.RULEBOOK_DRAFT, json=SPARSE),
    f"POST {ORGANISATION}/{{version}}/dry-runs": staff(A.RULEBOOK_DRAFT, json={}),
    f"POST {ORGANISATION}/{{version}}/publish": PUBLISH,
    f"POST {ORGANISATION}/{{version}}/withdraw": PUBLISH,
    "GET /api/v1/dry-runs/{run_id}": READ,
    "GET /api/v1/dry-runs/{run_id}/learners": DRAFT,
    "POST /api/v1/dry-runs/{run_id}/cancel": DRAFT,
    "POST /api/v1/dry-runs/{run_id}/re-evaluation": DRAFT,
    "GET /api/v1/re-evaluations/{re_evaluation_id}": READ,
    "POST /api/v1/re-evaluations/{re_evaluation_id}/start": staff(
        A.RULEBOOK_PUBLISH, json={"dry_run_sha256": SHA256}
    ),
    "GET /staff/rules": ANY_STAFF,
    "GET /staff/rules/{organisation}": READ,
    "POST /staff/rules/{organisation}": staff(A.RULEBOOK_DRAFT, form={"rules": "{rules_text}"}),
    "GET /staff/rules/{organisation}/{version}": READ,
    "POST /staff/rules/{organisation}/{version}/dry-runs": DRAFT,
    "POST /staff/rules/{organisation}/{version}/publish": PUBLISH,
    "POST /staff/rules/{organisation}/{version}/withdraw": PUBLISH,
    "POST /staff/dry-runs/{run_id}/cancel": DRAFT,
    "POST /staff/dry-runs/{run_id}/propose": DRAFT,
    "POST /staff/dry-runs/{run_id}/start": staff(A.RULEBOOK_PUBLISH, form={"sha256": SHA256}),
}
