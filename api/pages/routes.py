"""The list of every page's routes."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    certificates,
    check_in,
    demo,
    enrolment,
    front,
    parent_cases,
    parent_data,
    parent_home,
    parent_statement,
    preferences,
    presenter,
    rules,
    staff_calendar,
    staff_case_papers,
    staff_cases,
    staff_certificate,
    staff_certificate_sheets,
    staff_certificates,
    staff_class_list,
    staff_classes,
    staff_closings,
    staff_compliance,
    staff_correction_list,
    staff_corrections,
    staff_coverage,
    staff_custody,
    staff_exams,
    staff_home,
    staff_imports,
    staff_learners,
    staff_login,
    staff_merges,
    staff_register,
    staff_rules,
    staff_sessions,
    staff_statements,
    staff_transfers,
    staff_teacher,
    staff_teachers,
    verify,
    verify_files,
)
from api.pages.exam_routes import EXAM_ROUTERS

ROUTERS = (
    preferences.router,
    staff_login.router,
    staff_imports.router,
    check_in.router,
    demo.router,
    enrolment.router,
    front.router,
    parent_data.router,
    parent_home.router,
    parent_statement.router,
    presenter.router,
    staff_class_list.router,
    staff_classes.router,
    staff_corrections.router,
    staff_correction_list.router,
    staff_exams.router,
    staff_home.router,
    staff_learners.router,
    staff_register.router,
    staff_sessions.router,
    certificates.router,
    staff_certificate_sheets.router,
    staff_certificate.router,
    staff_certificates.router,
    staff_statements.router,
    staff_teacher.router,
    staff_teachers.router,
    verify.router,
    verify_files.router,
)

def routers() -> list[APIRouter]:
    return [*public(), *parents(), *staff()]


def public() -> list[APIRouter]:
    return [
        preferences.router,
        demo.router,
        front.router,
        certificates.router,
        verify.router,
        verify_files.router,
    ]


def parents() -> list[APIRouter]:
    return [
        check_in.router,
        enrolment.router,
        parent_cases.router,
        parent_data.router,
        parent_home.router,
        parent_statement.router,
        presenter.router,
    ]


def staff() -> list[APIRouter]:
    return [
        staff_login.router,
        staff_imports.router,
        staff_calendar.router,
        staff_case_papers.router,
        staff_cases.router,
        staff_class_list.router,
        staff_classes.router,
        *of_the_books(),
        staff_exams.router,
        staff_corrections.router,
        staff_correction_list.router,
        *EXAM_ROUTERS,
        staff_home.router,
        staff_learners.router,
        staff_register.router,
        staff_rules.router,
        rules.router,
        staff_sessions.router,
        *staff_routers(),
        certificates.router,
        staff_certificate_sheets.router,
        staff_certificate.router,
        staff_certificates.router,
        staff_statements.router,
    ]


def of_the_books() -> list[APIRouter]:
    """Correcting what is recorded, and the school's duty of a term: its state, its closing."""
    return [
        staff_corrections.router,
        staff_correction_list.router,
        staff_closings.router,
        staff_compliance.router,
        staff_coverage.router,
def staff_routers() -> list[APIRouter]:
    """What the staff of schools work with."""
    return [
        staff_class_list.router,
        staff_classes.router,
        staff_custody.router,
        staff_merges.router,
        staff_transfers.router,
        staff_corrections.router,
        staff_correction_list.router,
        staff_exams.router,
        staff_home.router,
        staff_learners.router,
        staff_register.router,
        staff_sessions.router,
    ]

def routers() -> tuple[APIRouter, ...]:
    return ROUTERS
