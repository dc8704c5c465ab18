"""A line of the log: of which request, of which projection, and never with anybody's data."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.app import create_app
from api.bootstrap import Runtime
from api.traces import trace_of
from tests.api.told import lines, logging_in_earnest
from tests.database import TestDatabase

ROOT = Path(__file__).parents[2]
PHONE, NAME, TOKEN = "10000000042", "示例陈小四", "tok3n_Zy9xW8vU7tS6rQ5p"


def falls_over() -> None:
    raise LookupError(f"nobody is called {NAME}")


def test_the_lines_of_a_request_its_answer_and_its_header_name_it(
    runtime: Runtime, capfd: pytest.CaptureFixture[str]
) -> None:
    app = create_app(runtime)
    app.add_api_route("/api/v1/falls-over", falls_over)
    sent = uuid4().hex
    with logging_in_earnest(), TestClient(app, raise_server_exceptions=False) as house:
        answer = house.get("/api/v1/falls-over", headers={"X-Request-Id": sent})
    told = [line for line in lines(capfd) if line["event"] == "request_failed"]

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == sent
    assert [line["request_id"] for line in told] == [sent]
    assert told[0]["exception"].endswith("builtins.LookupError: nobody is called …")
    assert "in falls_over" in told[0]["exception"]


@pytest.mark.parametrize("sent", ["", PHONE, "x" * 32, "a" * 31, "a" * 33, NAME, "A" * 32])
def test_only_a_random_id_is_taken_over(runtime: Runtime, sent: str) -> None:
    with TestClient(create_app(runtime)) as house:
        headers = [(b"x-request-id", sent.encode())]
        answers = [house.get("/api/v1/nowhere", headers=headers) for _ in range(2)]

    ids = {answer.headers["x-request-id"] for answer in answers}
    assert sent not in ids
    assert len(ids) == 2
    assert ids == {answer.json()["request_id"] for answer in answers}


def test_a_library_speaks_in_our_lines(capfd: pytest.CaptureFixture[str]) -> None:
    with logging_in_earnest():
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n")
        logging.getLogger("somebody").warning("slow")
        structlog.get_logger("ours").info("quick", projection="awards")
    theirs, ours = lines(capfd)

    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("slow", "somebody", "warning")
    assert (ours["event"], ours["projection"]) == ("quick", "awards")


def test_to_be_read_it_is_text(capfd: pytest.CaptureFixture[str]) -> None:
    with logging_in_earnest("text"):
        structlog.get_logger("ours").info("quick", projection="awards")

    [line] = capfd.readouterr().err.splitlines()
    assert "quick" in line
    assert "projection=awards" in line
    assert not line.startswith("{")


class Somebody(BaseModel):
    phone: int
    names: dict[str, int]


def provoked(database: TestDatabase, way: str) -> None:
    """Errors of libraries that quote what they were given."""
    match way:
        case "pydantic":
            Somebody.model_validate({"phone": NAME, "names": {NAME: TOKEN}})
        case "psycopg":
            with psycopg.connect(database.owner) as owner:
                owner.execute("CREATE TEMP TABLE people (name text UNIQUE)")
                for _ in range(2):
                    owner.execute("INSERT INTO people VALUES (%s)", [f"{NAME} {PHONE}"])
        case "json":
            Somebody.model_validate_json(f'{{"phone": "{PHONE}", "names": "{TOKEN}"')
        case "key":
            raise KeyError(f"{NAME} {PHONE} {TOKEN}")
        case _:
            raise ValueError(f"no such thing: {NAME} {PHONE} {TOKEN}")


@pytest.mark.parametrize("way", ["pydantic", "psycopg", "json", "key", "value"])
def test_a_trace_tells_where_and_what_kind_and_nobodys_data(
    database: TestDatabase, way: str
) -> None:
    try:
        try:
            provoked(database, way)
        except Exception as first:
            raise RuntimeError(PHONE) from first
    except RuntimeError as error:
        told = trace_of(error)

    assert "in provoked" in told
    assert "RuntimeError" in told
    assert [each for each in (PHONE, NAME, TOKEN) if each in told] == []


def test_what_a_library_says_names_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    """As asyncio says it of a task that nobody asked for its result."""
    with logging_in_earnest():
        said = f"Task exception was never retrieved\nfuture: <Task ValueError('{NAME} {PHONE}')>"
        logging.getLogger("asyncio").error(said)
        logging.getLogger("somebody").warning("for %s at %s: %s", NAME, PHONE, TOKEN)
    heard = capfd.readouterr().err
    assert "Task exception was never retrieved" in heard
    assert [each for each in (PHONE, NAME, TOKEN) if each in heard] == []


def test_an_error_that_nobody_catches_names_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    code = (
        "import threading; from api import logs; logs.configure('info'); logs.catch_the_rest()\n"
        f"def fall(): raise ValueError('{NAME} {PHONE}')\n"
        "thread = threading.Thread(target=fall, name='alone'); thread.start(); thread.join()\n"
        "fall()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    told = lines(capfd)
    assert (done.returncode, [line["event"] for line in told]) == (1, ["uncaught"] * 2)
    assert [line.get("thread") for line in told] == ["alone", None]
    assert all("in fall" in line["exception"] for line in told)
    assert [each for each in (PHONE, NAME) if each in str(told)] == []
