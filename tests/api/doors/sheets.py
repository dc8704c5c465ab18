"""The doors of sign-in sheets on paper."""

from __future__ import annotations

from tests.api.doors.rule import A, Rule, staff

SHEET, SESSION = "sheets/{sheet_id}", "sessions/{session_id}/sheets"
NOBODY: dict[str, object] = {"rows": []}

DOORS: dict[str, Rule] = {
    # Whoever types a sheet cannot check it: everybody checks first, when there is nothing to check.
    f"GET /staff/{SHEET}/check": staff(A.SHEET_CHECK),
    f"POST /staff/{SHEET}/check": staff(A.SHEET_CHECK, form={"came": "1"}),
    f"PUT /api/v1/{SHEET}/check": staff(A.SHEET_CHECK, json=NOBODY),
    f"GET /staff/{SESSION}": staff(A.SHEET_READ),
    f"POST /staff/{SESSION}": staff(A.SHEET_PRINT),
    f"GET /staff/{SESSION}/print": staff(A.SHEET_PRINT),
    f"GET /staff/{SHEET}": staff(A.SHEET_READ),
    f"GET /staff/{SHEET}/entry": staff(A.SHEET_ENTER),
    f"POST /staff/{SHEET}/entry": staff(A.SHEET_ENTER),
    f"POST /staff/{SHEET}/withdrawal": staff(A.SHEET_ENTER),
    f"POST /staff/{SHEET}/scans": staff(A.SHEET_ENTER),
    f"GET /staff/{SHEET}/scans/{{document_id}}": staff(A.SHEET_READ),
    f"GET /api/v1/{SESSION}": staff(A.SHEET_READ),
    f"POST /api/v1/{SESSION}": staff(A.SHEET_PRINT),
    f"GET /api/v1/{SHEET}": staff(A.SHEET_READ),
    f"PUT /api/v1/{SHEET}/entry": staff(A.SHEET_ENTER, json=NOBODY),
    f"DELETE /api/v1/{SHEET}/entry": staff(A.SHEET_ENTER),
    f"POST /api/v1/{SHEET}/scans": staff(A.SHEET_ENTER),
    f"GET /api/v1/{SHEET}/scans/{{document_id}}": staff(A.SHEET_READ),
}
