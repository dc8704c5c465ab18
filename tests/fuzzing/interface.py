"""The whole interface, as it describes itself, asked by everybody: `make fuzz-api`, or in short.

Only what the description allows may be answered, and never that something broke.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err, Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.bootstrap import Runtime
from api.patience import PatientProtocol
from api.serving import make_runner
from tests.api.doors.world import Visitor, World
from tests.journeys.site import until

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ASKING = ("nobody", "parent", "host", "coordinator", "head", "district_officer",
          "city_administrator")  # fmt: skip
Operation = APIOperation[Any, Any, Any, Any]
Asked = Case[Any]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass
class Fuzzing:
    """How much was asked, and what was answered that may not be."""

    world: World
    base: str
    asked: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def run(self, examples: int, chance: int) -> None:
        """So many requests to each operation, of every mode and by everybody in turn."""
        visitors = [each for each in self.world.visitors if each.name in ASKING]
        with requests.Session() as session:
            for operation in operations(self.schema()):
                self._ask(session, operation, visitors, examples, chance)

    def schema(self) -> BaseSchema:
        return schemathesis.openapi.from_url(f"{self.base}/api/v1/openapi.json")

    def _ask(
        self,
        session: requests.Session,
        operation: Operation,
        visitors: Sequence[Visitor],
        examples: int,
        chance: int,
    ) -> None:
        cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES])

        @seed(chance)
        @settings(
            max_examples=examples, phases=[Phase.generate], database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases, visitor=st.sampled_from(visitors), names_things=st.booleans())
        def knocks(case: Asked, visitor: Visitor, names_things: bool) -> None:
            if names_things:
                self._name_things(case)
            self._knock(session, case, visitor)

        knocks()

    def _name_things(self, case: Asked) -> None:
        """What is there in the place of what was made up: a request gets past the first door."""
        known = {k: v for k, v in self.world.things.items() if k in case.path_parameters}
        case.path_parameters = {**case.path_parameters, **known}

    def _knock(self, session: requests.Session, case: Asked, visitor: Visitor) -> None:
        session.cookies.clear()
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = case.call(
            session=session, headers=headers, cookies=visitor.cookies, allow_redirects=False,
            timeout=30,
        )  # fmt: skip
        self.asked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                at = (case.operation.label, type(failure).__name__, answer.status_code)
                told = f"{visitor.name}: {failure}\n{case.as_curl_command()}"
                self.wrong.setdefault(at, told)


def operations(schema: BaseSchema) -> Iterator[Operation]:
    for found in schema.get_all_operations():
        match found:
            case Ok():
                yield found.ok()
            case Err():
                raise found.err()


@contextmanager
def answering(
    runtime: Runtime, port: int, http: type[PatientProtocol] = PatientProtocol
) -> Generator[str]:
    """A web process as it runs, in a thread, and its worker beside it; its address."""
    config = uvicorn.Config(
        create_app(runtime), port=port, http=http, log_level="error", timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    try:
        with make_runner(runtime):
            until(lambda: server.started)
            yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
