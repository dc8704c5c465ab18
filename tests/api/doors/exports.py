"""The doors of the exports: each file opens to whoever may see the page with the same list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.api.doors.rule import Rule

CLASS = {"grade": "三年级", "group": "2班"}
# Each file, and the page whose list it hands out.
PAGE_OF: Mapping[str, str] = {
    "/staff/access-log.xlsx": "/staff/access-log",
    "/staff/districts/{district_code}/reversals.xlsx": "/staff/districts/{district_code}/reversals",
    "/staff/schools/{school_code}/terms/{term}/lines.xlsx": (
        "/staff/schools/{school_code}/terms/{term}/lines"
    ),
    "/staff/calendar.xlsx": "/staff/calendar",
    "/staff/cases/{school_code}/list.xlsx": "/staff/cases/{school_code}",
    "/staff/classes/{school_code}/families.xlsx": "/staff/classes/{school_code}/families",
    "/staff/classes/{school_code}/list.xlsx": "/staff/classes/{school_code}",
    "/staff/corrections.xlsx": "/staff/corrections",
    "/staff/corrections/{school_code}/list.xlsx": "/staff/corrections/{school_code}",
    "/staff/custody/{school_code}/list.xlsx": "/staff/custody/{school_code}",
    "/staff/departures/{school_code}/list.xlsx": "/staff/departures/{school_code}",
    "/staff/districts/{district_code}/cases.xlsx": "/staff/districts/{district_code}/cases",
    "/staff/districts/{district_code}/irregularities.xlsx": (
        "/staff/districts/{district_code}/irregularities"
    ),
    "/staff/samples/{district_code}/list.xlsx": "/staff/samples/{district_code}",
    "/staff/samples/of/{sample_id}/sessions.xlsx": "/staff/samples/of/{sample_id}",
    "/staff/irregularities/{school_code}/list.xlsx": "/staff/irregularities/{school_code}",
    "/staff/districts/{district_code}/compliance.xlsx": (
        "/staff/districts/{district_code}/compliance"
    ),
    "/staff/districts/{district_code}/coverage.xlsx": "/staff/districts/{district_code}/coverage",
    "/staff/exams/of/{exam_id}/results.xlsx": "/staff/exams/of/{exam_id}",
    "/staff/exams/{school_code}/list.xlsx": "/staff/exams/{school_code}",
    "/staff/external/{school_code}/list.xlsx": "/staff/external/{school_code}",
    "/staff/facts/{stream_id}/list.xlsx": "/staff/facts/{stream_id}",
    "/staff/home-visits/{school_code}/classes.xlsx": "/staff/home-visits/{school_code}/classes",
    "/staff/home-visits/{school_code}/visits.xlsx": "/staff/home-visits/{school_code}",
    "/staff/learners/{learner_id}/account.xlsx": "/staff/learners/{learner_id}",
    "/staff/leaves/{school_code}/list.xlsx": "/staff/leaves/{school_code}",
    "/staff/my-hours.xlsx": "/staff/my-hours",
    "/staff/question-banks/of/{bank_id}/questions.xlsx": "/staff/question-banks/of/{bank_id}",
    "/staff/question-banks/{owner}/list.xlsx": "/staff/question-banks/{owner}",
    "/staff/schools/{school_code}/certificates/register.xlsx": (
        "/staff/schools/{school_code}/certificates"
    ),
    "/staff/schools/{school_code}/compliance.xlsx": "/staff/schools/{school_code}/compliance",
    "/staff/schools/{school_code}/statements.xlsx": "/staff/schools/{school_code}/statements",
    "/staff/schools/{school_code}/terms/{term}/plan.xlsx": "/staff/schools/{school_code}",
    "/staff/sessions/{session_id}/leaves.xlsx": "/staff/sessions/{session_id}/leaves",
    "/staff/sessions/{session_id}/register.xlsx": "/staff/sessions/{session_id}/register",
    "/staff/stars/{school_code}/list.xlsx": "/staff/stars/{school_code}",
    "/staff/studies/{school_code}/list.xlsx": "/staff/studies/{school_code}",
    "/staff/teachers/of/{teacher_id}/hours.xlsx": "/staff/teachers/of/{teacher_id}",
    "/staff/teachers/regions/{district_code}/list.xlsx": "/staff/teachers/regions/{district_code}",
    "/staff/teachers/{school_code}/list.xlsx": "/staff/teachers/{school_code}",
    "/staff/transfers/{school_code}/list.xlsx": "/staff/transfers/{school_code}",
}


def exports_of(pages: Mapping[str, Rule]) -> dict[str, Rule]:
    found = {f"GET {file}": pages[f"GET {page}"] for file, page in PAGE_OF.items()}
    statements = "GET /staff/schools/{school_code}/statements.xlsx"
    return found | {statements: replace(found[statements], query=CLASS)}
