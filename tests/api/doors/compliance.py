"""The doors of compliance: the school's duty of a term, closing it, closing the year, coverage."""

from __future__ import annotations

from tests.api.doors.rule import A, Rule, staff

SCHOOL_TERM = "/api/v1/schools/{school_code}/terms/{term}"
SCHOOL_YEAR = "/api/v1/schools/{school_code}/years/{school_year}"

PAGES = "/staff/schools/{school_code}"

DOORS: dict[str, Rule] = {
    f"GET {PAGES}/compliance": staff(A.COMPLIANCE_READ),
    "GET /staff/districts/{district_code}/compliance": staff(A.COMPLIANCE_OVERVIEW),
    "GET /staff/districts/{district_code}/coverage": staff(A.COMPLIANCE_OVERVIEW),
    "GET /api/v1/districts/{district_code}/years/{school_year}/coverage": staff(
        A.COMPLIANCE_OVERVIEW
    ),
    f"GET {PAGES}/archive": staff(A.ARCHIVE_READ),
    f"GET {PAGES}/terms/{{term}}/archive": staff(A.ARCHIVE_READ),
    f"GET {PAGES}/terms/{{term}}/archive.zip": staff(A.ARCHIVE_TAKE),
    f"POST {PAGES}/terms/{{term}}/close": staff(A.TERM_CLOSE),
    f"POST {PAGES}/terms/{{term}}/force": staff(A.TERM_CLOSE_FORCE),
    f"GET {PAGES}/years/{{school_year}}": staff(A.COMPLIANCE_READ),
    f"POST {PAGES}/years/{{school_year}}/close": staff(A.YEAR_CLOSE),
    f"GET {SCHOOL_TERM}/compliance": staff(A.COMPLIANCE_READ),
    "GET /api/v1/districts/{district_code}/terms/{term}/compliance": staff(A.COMPLIANCE_OVERVIEW),
    f"GET {SCHOOL_TERM}/closing": staff(A.COMPLIANCE_READ),
    f"POST {SCHOOL_TERM}/closing": staff(A.TERM_CLOSE),
    f"POST {SCHOOL_TERM}/forced-closing": staff(A.TERM_CLOSE_FORCE),
    f"GET {SCHOOL_TERM}/listing": staff(A.TERM_LISTING_READ),
    f"GET {SCHOOL_YEAR}/closing": staff(A.COMPLIANCE_READ),
    f"POST {SCHOOL_YEAR}/closing": staff(A.YEAR_CLOSE),
    f"POST {SCHOOL_YEAR}/promotion": staff(A.YEAR_PROMOTE),
    f"POST {PAGES}/years/{{school_year}}/promotion": staff(A.YEAR_PROMOTE),
}
