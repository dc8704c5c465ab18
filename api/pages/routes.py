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
    staff_calendar,
    staff_case_papers,
    staff_cases,
    staff_certificate,
    staff_certificate_sheets,
    staff_certificates,
    staff_class_list,
    staff_classes,
    staff_correction_list,
    staff_corrections,
    staff_exams,
    staff_home,
    staff_imports,
    staff_learners,
    staff_login,
    staff_register,
    staff_sessions,
    staff_statements,
    verify,
    verify_files,
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
        staff_corrections.router,
        staff_correction_list.router,
        staff_exams.router,
        staff_home.router,
        staff_learners.router,
        staff_register.router,
        staff_sessions.router,
        staff_certificate_sheets.router,
        staff_certificate.router,
        staff_certificates.router,
        staff_statements.router,
    ]
