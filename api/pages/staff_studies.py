"""Micro-classes, pushes and courses of a school: published, withdrawn, revised, retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field, ValidationError

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.files.tidying import tidy
from api.language.catalogue import Language, language_of, translate
from api.pages.earning_words import WITHDRAWN_BECAUSE
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too
from api.reaching_studies import course_for, micro_class_for, push_for
from api.studies_seen import micro_classes_seen, pushes_seen
from api.v1.studies import NewClass, NewItem, NewQuestion, NewSegment
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.carriers import CourseFamily
from domain.grades import GRADES
from domain.push import WithdrawnBecause
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

Form_ = TypeVar("Form_", bound=BaseModel)

CELLS_OF_SEGMENT = 4
LEAST_CELLS_OF_QUESTION = 4
PLACES = {
    "segments": "分段第 {line} 行：",
    "quiz": "小测第 {line} 行：",
    "question": "题目第 {line} 行：",
}


class LinesMalformed(Refused):
    """A line of segments or questions cannot be read: which `line` of which `field`."""

    code = "lines_malformed"


class ClassForm(BaseModel):
    """A micro-class as it is typed: a line for each segment and for each question."""

    title: str = Field(max_length=80)
    family: CourseFamily
    grades: list[str] = []
    class_hours: float = Field(ge=0.25, le=4)
    segments: str
    quiz: str


class ItemForm(BaseModel):
    title: str = Field(max_length=80)
    link: str
    family: CourseFamily
    grades: list[str] = []
    question: str


@router.get("/staff/studies/{school_code}")
def studies(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    return show(request, asking, school_code)


@router.post("/staff/studies/{school_code}/micro-classes")
def publish_class(
    request: Request, asking: InAsking, school_code: str, form: Annotated[ClassForm, Form()]
) -> Response:
    by = asking.may(Action.STUDY_PUBLISH, school_code)
    book = asking.runtime.book
    try:
        made = new_class(asking, school_code, form)
        book.micro_classes.publish(made.of(school_code), by)
    except Refused as refusal:
        return show(request, asking, school_code, refusal, lesson=form)
    return back(asking, school_code)


@router.post("/staff/studies/{school_code}/pushes")
def publish_push(
    request: Request, asking: InAsking, school_code: str, form: Annotated[ItemForm, Form()]
) -> Response:
    by = asking.may(Action.STUDY_PUBLISH, school_code)
    book = asking.runtime.book
    try:
        book.pushes.publish(new_item(asking, school_code, form).of(school_code), by)
    except Refused as refusal:
        return show(request, asking, school_code, refusal, item=form)
    return back(asking, school_code)


@router.post("/staff/micro-classes/{micro_class_id}/withdrawal")
def withdraw(asking: InAsking, micro_class_id: UUID) -> Response:
    found, by = micro_class_for(asking, micro_class_id, Action.STUDY_PUBLISH)
    asking.runtime.book.micro_classes.withdraw(micro_class_id, by)
    return back(asking, found.school_code)


@router.post("/staff/micro-classes/{micro_class_id}/offer")
def offer_again(request: Request, asking: InAsking, micro_class_id: UUID) -> Response:
    found, by = micro_class_for(asking, micro_class_id, Action.STUDY_PUBLISH)
    try:
        asking.runtime.book.micro_classes.offer_again(micro_class_id, by)
    except Refused as refusal:
        return show(request, asking, found.school_code, refusal)
    return back(asking, found.school_code)


@router.post("/staff/pushes/{item_id}/withdrawal")
def withdraw_push(
    asking: InAsking, item_id: UUID, reason_code: Annotated[WithdrawnBecause, Form()]
) -> Response:
    found, by = push_for(asking, item_id, Action.STUDY_PUBLISH)
    asking.runtime.book.pushes.withdraw(item_id, reason_code, by)
    return back(asking, found.school_code)


@router.post("/staff/pushes/{item_id}/offer")
def offer_push_again(request: Request, asking: InAsking, item_id: UUID) -> Response:
    found, by = push_for(asking, item_id, Action.STUDY_PUBLISH)
    try:
        asking.runtime.book.pushes.offer_again(item_id, by)
    except Refused as refusal:
        return show(request, asking, found.school_code, refusal)
    return back(asking, found.school_code)


@router.post("/staff/courses/{course_id}/revisions")
def revise(asking: InAsking, course_id: UUID, family: Annotated[CourseFamily, Form()]) -> Response:
    found, by = course_for(asking, course_id, Action.COURSE_CHANGE)
    asking.runtime.book.courses.revise(course_id, family, by)
    return back(asking, found.school_code)


@router.post("/staff/courses/{course_id}/retirement")
def retire(asking: InAsking, course_id: UUID) -> Response:
    found, by = course_for(asking, course_id, Action.COURSE_CHANGE)
    asking.runtime.book.courses.retire(course_id, by)
    return back(asking, found.school_code)


def back(asking: Asking, school_code: str) -> Response:
    asking.runtime.settle(asking.runtime.book.ledger.position())
    return RedirectResponse(f"/staff/studies/{school_code}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    refusal: Refused | None = None,
    *,
    lesson: ClassForm | None = None,
    item: ItemForm | None = None,
) -> Response:
    """The page of a school; with what was typed, where that was refused."""
    models = asking.runtime.models
    school = models.schools.school(school_code)
    stages = school.stages if school else ()
    return staff_page(
        request,
        "studies.html",
        status_of(refusal.code) if refusal else 200,
        school=school,
        micro_classes=micro_classes_seen(asking, school_code),
        pushes=pushes_seen(asking, school_code),
        courses=models.courses.courses_of(school_code),
        families=list(CourseFamily),
        withdrawn_because=WITHDRAWN_BECAUSE,
        grades=[grade.name for grade in GRADES if grade.stage in stages],
        may_publish=may_too(asking, Action.STUDY_PUBLISH, school_code),
        lesson=lesson,
        item=item,
        refusal=said(refusal, language_of(request)) if refusal else None,
    )


def said(refusal: Refused, language: Language) -> str:
    """What a refusal says, and of which line."""
    where = PLACES.get(str(refusal.facts.get("field")))
    named = translate(language, where, line=refusal.facts["line"]) if where else ""
    return named + text_of(refusal.code, language)


def new_class(asking: Asking, school_code: str, form: ClassForm) -> NewClass:
    """Raises LinesMalformed."""
    segments = read("segments", form.segments, segment, NewSegment)
    year = school_year_of(local_day(asking.runtime.now(), CITY_ZONE))
    return typed(
        NewClass, title=tidy(form.title), family=form.family, grades=tuple(form.grades),
        stage=stage_of(asking, school_code, form.grades), school_year=year, segments=segments,
        class_hours=round(form.class_hours * 100),
        quiz=read("quiz", form.quiz, question, NewQuestion),
    )  # fmt: skip


def new_item(asking: Asking, school_code: str, form: ItemForm) -> NewItem:
    """Raises LinesMalformed."""
    asked = read("question", form.question, question, NewQuestion)
    return typed(
        NewItem, title=tidy(form.title), link=form.link.strip(), family=form.family,
        stage=stage_of(asking, school_code, form.grades), grades=tuple(form.grades),
        question=asked[0] if asked else None,
    )  # fmt: skip


def typed(kind: type[Form_], **values: Any) -> Form_:
    """Read what was typed as the JSON interface would. Raises LinesMalformed."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise LinesMalformed from error


def stage_of(asking: Asking, school_code: str, grades: Sequence[str]) -> str:
    """The stage of the grades; the whole school, where it has one, has that."""
    named = {grade.name: grade.stage.value for grade in GRADES}
    found = [named[grade] for grade in grades if grade in named]
    return found[0] if found else asking.runtime.book.registry.school(school_code).stages[0]


def read(
    field: str, text: str, cells_of: Callable[[list[str]], dict[str, Any]], kind: type[Form_]
) -> list[Form_]:
    """What every line says. Raises LinesMalformed for the first that cannot be read."""
    found: list[Form_] = []
    for number, cells in lines(text):
        try:
            found.append(typed(kind, **cells_of(cells)))
        except LinesMalformed as refusal:
            raise LinesMalformed(field=field, line=number) from refusal
    return found


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of every line that is not empty, and its cells, parted by bars of either width."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, [tidy(cell) for cell in line.replace("｜", "|").split("|")]


def segment(cells: list[str]) -> dict[str, str]:
    """Title | seconds | link | SHA-256, which some programs write in capitals."""
    if len(cells) != CELLS_OF_SEGMENT:
        raise LinesMalformed
    title, seconds, url, sha256 = cells
    return {"title": title, "seconds": seconds, "url": url, "sha256": sha256.lower()}


def question(cells: list[str]) -> dict[str, object]:
    """Question | choice | choice … | number of the right one, from 1."""
    *said, right = cells
    if len(cells) < LEAST_CELLS_OF_QUESTION or not (right.isdecimal() and len(right) == 1):
        raise LinesMalformed
    return {"text": said[0], "choices": said[1:], "right": int(right) - 1}
