"""Certificates on the command line: keys, a batch, a check."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from api import cli_certificates, cli_keys, cli_verify
from api.certificate_documents import signed_of
from api.signing import key_store
from certificates import qr
from certificates.public_keys import KeyState
from domain.envelope import Role
from domain.refusals import Refused
from tests.acting import SCHOOL
from tests.api.certificates.conftest import Office
from tests.database import TestDatabase


class Command:
    """Runs a command as a user of the server would, in this process."""

    def __init__(self, office: Office, database: TestDatabase) -> None:
        self.app = typer.Typer()
        cli_certificates.add_to(self.app)
        cli_keys.add_to(self.app)
        cli_verify.add_to(self.app)
        self.environment = {
            "PARENT_CREDITS_DATABASE_URL": database.owner,
            "PARENT_CREDITS_VAR": str(office.runtime.settings.var),
            "PARENT_CREDITS_LOG_LEVEL": "error",
        }

    def __call__(self, *words: str) -> Result:
        result = CliRunner().invoke(self.app, words, env=self.environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def command(office: Office, database: TestDatabase) -> Command:
    return Command(office, database)


def account(office: Office, user: str, *roles: tuple[Role, str]) -> None:
    office.runtime.accounts.open_account(
        office.person(*roles), user, "a-long-password-2026", office.clock.at
    )


def test_keys_are_made_listed_and_retired(office: Office, command: Command) -> None:
    assert command("keys", "create", "--key-id", "k-extra").exit_code == 0
    listed = json.loads(command("keys", "list", "--json").output)
    assert {key["key_id"] for key in listed} >= {"k-extra"}
    command("keys", "retire", "k-extra")
    states = {key.key_id: key.state for key in key_store(office.runtime).public_keys()}
    assert states == {"k-extra": KeyState.RETIRED, "k2027a": KeyState.ACTIVE}


def test_what_is_due_is_issued_by_the_head_and_by_nobody_else(
    office: Office, command: Command
) -> None:
    office.complete(office.pilot.learners[0])
    account(office, "head", (Role.HEAD, SCHOOL))
    account(office, "desk", (Role.COORDINATOR, SCHOOL))
    command("keys", "create")
    with pytest.raises(Refused, match="forbidden"):
        command("issue", SCHOOL, "--as", "desk")
    done = command("issue", SCHOOL, "--as", "head", "--json")
    assert done.exit_code == 0
    rows = json.loads(done.output)
    assert {row["kind"] for row in rows} == {"annual_completion", "star_level"}
    number, code = rows[0]["number"], rows[0]["check_code"]
    checked = command("verify", number, "--check-code", code)
    assert (checked.exit_code, checked.output.splitlines()[0]) == (0, "证书有效 · Valid")
    wrong = command("verify", number, "--check-code", "0000-0000", "--json")
    assert (wrong.exit_code, json.loads(wrong.output)["state"]) == (1, "not_found")


def test_a_scanned_text_is_judged(office: Office, command: Command) -> None:
    signed = signed_of(office.runtime, office.issued())
    assert signed is not None
    text = qr.link(office.runtime.settings.public_url, signed)
    assert command("verify", text).output.startswith("证书有效")
    forged = f"{text[:-1]}{(int(text[-1]) + 1) % 10}"
    assert command("verify", forged).output.startswith("伪造证书")
