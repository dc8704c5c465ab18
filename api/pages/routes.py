"""The list of every page's routes."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    certificates,
    check_in,
    demo,
    enrolment,
    explanations,
    front,
    parent_data,
    parent_home,
    parent_stars,
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
    staff_stars,
    staff_statements,
    verify,
    verify_files,
)

PAGES = (
    preferences,
    staff_login,
    staff_imports,
    check_in,
    demo,
    enrolment,
    explanations,
    front,
    parent_data,
    parent_home,
    parent_stars,
    parent_statement,
    presenter,
    staff_class_list,
    staff_classes,
    staff_corrections,
    staff_correction_list,
    staff_exams,
    staff_home,
    staff_learners,
    staff_register,
    staff_sessions,
    certificates,
    staff_certificate_sheets,
    staff_certificate,
    staff_certificates,
    staff_stars,
    staff_statements,
    verify,
    verify_files,
)


def routers() -> list[APIRouter]:
    return [module.router for module in PAGES]
