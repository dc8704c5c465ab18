"""parent-credits exams: publish, list, record what was spoken, put right, draw again.

Exit codes: 0 done; 5 refused, nothing recorded.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from api.access.actions import Action
from api.cli_corrections import MOMENT, As, AsJson, DryRun, Reason, Yes, asking_as, local, propose
from api.cli_register import DAY
from api.exam_titles import titled
from api.question_banks import may_read
from api.reaching import either, enrolled_in, exam_for, exam_readable
from domain.correction import ExamResultOrder
from domain.exam import ExamMode
from domain.exam_attempt_facts import OralReason
from ledger.exams import OnlineExam
from ledger.exams_judged import OralResult

exams_app = typer.Typer(help="Exams: on paper, on a screen, orally.", no_args_is_help=True)


class Verdict(StrEnum):
    """What was judged without a score, and that a result counts for nothing."""

    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


def add_to(app: typer.Typer) -> None:
    app.add_typer(exams_app, name="exams")


@exams_app.command("list")
def listed(school: str, user: As, as_json: AsJson = False) -> None:
    """The exams of a school, the newest first, with how many results were typed and count."""
    with asking_as(user) as asking:
        either(asking, (Action.EXAM_ENTER, Action.EXAM_CHECK), school)
        rows = asking.runtime.models.exams.exams_of(school)
    told = [
        {
            "exam_id": str(row.exam_id), "title": row.title, "held_on": row.held_on.isoformat(),
            "modes": list(row.modes), "entered": row.entered, "counted": row.checked,
            "passed": row.passed,
        }
        for row in rows
    ]  # fmt: skip
    say(told, as_json=as_json)


@exams_app.command()
def banks(owner: str, user: As, as_json: AsJson = False) -> None:
    """The question banks of a school, district or city."""
    with asking_as(user) as asking:
        may_read(asking, owner)
        rows = asking.runtime.models.questions.banks_of([owner])
    told = [
        {"bank_id": str(row.bank_id), "title": row.title, "questions": row.questions}
        for row in rows
    ]
    say(told, as_json=as_json)


@exams_app.command()
def publish(
    school: str,
    title: str,
    user: As,
    held_on: Annotated[datetime, typer.Option(formats=DAY, help="The day of the exam.")],
) -> None:
    """Announce an exam on paper; prints its id."""
    with asking_as(user) as asking:
        by = asking.may(Action.EXAM_PUBLISH, school)
        typer.echo(
            str(asking.runtime.book.exams.publish(school, titled(title), held_on.date(), by))
        )


@exams_app.command("publish-online")
def publish_online(
    school: str,
    title: str,
    user: As,
    bank: Annotated[list[UUID], typer.Option(help="A question bank; may be given again.")],
    opens: Annotated[datetime, typer.Option(formats=MOMENT, help="The city's time.")],
    closes: Annotated[datetime, typer.Option(formats=MOMENT, help="The city's time.")],
    also: Annotated[list[ExamMode], typer.Option(help="What counts beside it.")],
) -> None:
    """Announce an exam on a screen, drawn from question banks; prints its id."""
    with asking_as(user) as asking:
        by = asking.may(Action.EXAM_PUBLISH, school)
        wish = OnlineExam(tuple(bank), local(opens), local(closes), tuple(also))
        typer.echo(str(asking.runtime.book.exams.publish_online(school, titled(title), wish, by)))


@exams_app.command()
def attempts(exam: UUID, user: As, as_json: AsJson = False) -> None:
    """The attempts at an exam. What one came to is shown once it counts."""
    with asking_as(user) as asking:
        exam_readable(asking, exam)
        rows = asking.runtime.models.exams.attempts_of(exam)
    told = [
        {
            "attempt_id": str(row.attempt_id), "learner_id": str(row.learner_id), "way": row.way,
            "standing": row.standing, "score": row.score if row.counts else None,
            "passed": row.passed if row.counts else None,
        }
        for row in rows
    ]  # fmt: skip
    say(told, as_json=as_json)


@exams_app.command()
def withdraw(exam: UUID, attempt: UUID, user: As) -> None:
    """Take back an entry that nobody has confirmed, so that it can be made anew."""
    with asking_as(user) as asking:
        _, by = exam_for(asking, exam, Action.EXAM_WITHDRAW)
        asking.runtime.book.exams.withdraw(exam, attempt, by)
    typer.echo("✓")


@exams_app.command()
def oral(
    exam: UUID,
    learner: UUID,
    user: As,
    reason: Annotated[OralReason, typer.Option(help="Why it was an oral exam.")],
    passed: Annotated[bool, typer.Option("--passed/--failed")],
) -> None:
    """Record an oral result as its examiner; prints the attempt that waits for the witness."""
    with asking_as(user) as asking:
        found, by = exam_for(asking, exam, Action.EXAM_EXAMINE)
        enrolled_in(asking, learner, found.school_code, found.school_year, found.held_on)
        result = OralResult(learner, passed, reason)
        typer.echo(str(asking.runtime.book.judged_exams.examine(exam, result, by)))


@exams_app.command()
def witness(exam: UUID, attempt: UUID, user: As) -> None:
    """Confirm an oral result as the one who was there too."""
    with asking_as(user) as asking:
        _, by = exam_for(asking, exam, Action.EXAM_WITNESS)
        asking.runtime.book.judged_exams.witness(exam, attempt, by)
    typer.echo("✓")


@exams_app.command()
def draw(exam: UUID, attempt: UUID, user: As, as_json: AsJson = False) -> None:
    """Draw an attempt's questions again, from the banks as they stood."""
    with asking_as(user) as asking:
        exam_for(asking, exam, Action.EXAM_DRAW_READ)
        book = asking.runtime.book
        questions = book.online_exams.draw(book.exams.attempt(attempt, exam))
    told = [
        {
            "question_id": str(each.question_id), "number": each.question.number,
            "order": list(each.order),
        }
        for each in questions
    ]  # fmt: skip
    say(told, as_json=as_json)


@exams_app.command()
def correct(
    exam: UUID,
    attempt: UUID,
    user: As,
    reason: Reason,
    score: Annotated[int | None, typer.Option(help="What the score should be.")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Without a score, or void.")] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Preview a corrected result and propose it; a second person says `correct approve`."""
    if (score is None) is (verdict is None):
        raise typer.BadParameter("--score, or else --verdict")
    order = ExamResultOrder(exam_id=exam, attempt_id=attempt, score=score, reason_code=reason)
    if verdict in {Verdict.PASSED, Verdict.FAILED}:
        order = order.model_copy(update={"passed": verdict is Verdict.PASSED})
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


def say(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """JSON for programs, a table for people."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ()))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(width=140).print(table)
