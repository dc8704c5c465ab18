"""Every alarm asks for figures that are told, and opens a page that is there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.bootstrap import Runtime
from api.language.refusals import ANSWERS
from tests.acting import Pilot
from tests.api.log.test_log_files import step

DOCS = Path(__file__).parents[2] / "docs"
TOKEN = "a-token-for-machines-only"
FIGURE = re.compile(r"parent_credits_\w+")


def alarms() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((DOCS / "alerts.rules.yml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", (DOCS / page).read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_figure_that_an_alarm_asks_for_is_told(runtime: Runtime) -> None:
    Pilot(runtime.book).set_up()
    runtime.projector.catch_up()
    step(runtime.log_keeping)
    settings = runtime.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    with TestClient(create_app(replace(runtime, settings=settings))) as house:
        house.get("/livez")
        house.get("/api/v1/learners/x")
        house.post("/api/v1/me/disputes", headers={"Sec-Fetch-Site": "cross-site"})
        text = house.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    told = set(FIGURE.findall(text))

    asked = {name for each in alarms() for name in FIGURE.findall(each["expr"])}
    assert asked - told == set()
    assert 'status="5xx"' not in text
    assert len(asked) >= 9


def test_every_code_that_an_alarm_counts_is_a_refusal() -> None:
    counted = re.findall(r'code="(\w+)"', (DOCS / "alerts.rules.yml").read_text())
    assert set(counted) - set(ANSWERS) == set()
    assert counted


@pytest.mark.parametrize("alarm", alarms(), ids=lambda each: str(each["alert"]))
def test_an_alarm_opens_a_page_that_is_there(alarm: dict[str, Any]) -> None:
    page, _, anchor = alarm["annotations"]["page"].partition("#")

    assert anchor in anchors(page)
    assert f"| {alarm['alert']} |" in (DOCS / "alerts.md").read_text()
    assert alarm["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize("page", ["alerts.md"])
def test_every_place_that_the_list_names_is_there(page: str) -> None:
    links = re.findall(r"\]\(([\w-]+\.md)#([\w-]+)\)", (DOCS / page).read_text())
    assert [link for link in links if link[1] not in anchors(link[0])] == []
    assert len(links) >= len(alarms())
