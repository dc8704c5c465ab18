"""Traces reach a receiver, tell how a request asked the database, and hold nobody's data."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import SecretStr

from api.app import create_app
from api.bootstrap import Runtime, build
from api.settings import Settings
from ledger import pooling
from tests.acting import SCHOOL, Pilot
from tests.clock import TestClock
from tests.database import TestDatabase, write_role_secrets

NAME, TRACE = "示例陈小四", "0af7651916cd43dd8448eb211c80319c"


@dataclass
class Receiver:
    """An OTLP receiver: what was posted to it."""

    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            is_zipped = self.headers.get("content-encoding") == "gzip"
            made.bodies.append(gzip.decompress(body) if is_zipped else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield made, f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
        server.shutdown()
        thread.join()


@pytest.fixture
def traced(
    database: TestDatabase, tmp_path: Path, clock: TestClock, receiver: tuple[Receiver, str]
) -> Iterator[Runtime]:
    var = tmp_path / "var"
    write_role_secrets(var / "secrets")
    url = SecretStr(database.owner)
    runtime = build(Settings(database_url=url, var=var, telemetry_url=receiver[1]), now=clock)
    yield runtime
    runtime.close()
    pooling.asking.clear()


def test_a_request_and_its_statements_are_one_trace_without_anybodys_data(
    traced: Runtime, receiver: tuple[Receiver, str]
) -> None:
    stranger = str(uuid4())
    begun = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    with TestClient(create_app(traced)) as house:
        answer = house.get("/readyz", headers=begun)
        house.get(f"/api/v1/learners/{stranger}/as-of", params={"name": NAME})
    assert traced.telemetry is not None
    traced.telemetry.provider.force_flush()

    spans = receiver[0].spans()
    [ready] = [span for span in spans if span.name == "GET /readyz"]
    below = [span for span in spans if span.parent_span_id == ready.span_id]
    assert ready.trace_id.hex() == TRACE
    assert {"SELECT"} <= {span.name for span in below}
    assert answer.headers["x-request-id"] in str(ready.attributes)
    assert "GET /api/v1/learners/{learner_id}/as-of" in {span.name for span in spans}
    sent = b"".join(receiver[0].bodies)
    assert stranger.encode() not in sent
    assert NAME.encode() not in sent


def test_what_is_written_is_traced_too(traced: Runtime, receiver: tuple[Receiver, str]) -> None:
    Pilot(traced.book).set_up()
    assert traced.telemetry is not None
    traced.telemetry.provider.force_flush()

    spans = receiver[0].spans()
    assert len(spans) > 10
    assert SCHOOL.encode() not in b"".join(receiver[0].bodies)


def test_without_a_setting_there_are_no_traces(runtime: Runtime) -> None:
    assert runtime.telemetry is None
    assert pooling.asking == {}
