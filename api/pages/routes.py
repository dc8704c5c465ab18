"""The list of every page's routes."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    certificates,
    check_in,
    demo,
    enrolment,
    front,
    parent_data,
    parent_home,
    parent_statement,
    preferences,
    presenter,
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
    staff_teacher,
    staff_teachers,
    verify,
    verify_files,
)

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


def routers() -> tuple[APIRouter, ...]:
    return ROUTERS
