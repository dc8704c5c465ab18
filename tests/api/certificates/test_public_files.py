"""The static page, the keys and the status lists: for anybody, without cookies, kept by tag."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.app import create_app
from api.settings import Settings
from api.signing import key_store
from api.status_lists import Kept
from certificates import did, status
from certificates.public_keys import by_kid
from certificates.status import Status
from tests.api.certificates.conftest import Office

PATHS = (
    "/c",
    "/verify/batch/batch.js",
    "/c/c.js",
    "/c/ed25519.js",
    "/c/c.css",
    "/c/hashes.txt",
    "/c/keys.json",
    "/status/1",
)


@pytest.mark.parametrize("path", PATHS)
def test_it_is_kept_by_its_tag_and_sets_no_cookie(office: Office, path: str) -> None:
    first = office.browser().get(path)
    assert first.status_code == 200
    assert "set-cookie" not in first.headers
    assert "public" in first.headers["cache-control"]
    again = office.browser().get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_has_a_policy_of_its_own(office: Office) -> None:
    headers = office.browser().get("/c").headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_of_many_compiles_its_reader_and_may_nothing_else(office: Office) -> None:
    headers = office.browser().get("/verify/batch").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src")
    assert headers["referrer-policy"] == "no-referrer"
    assert "wasm" not in office.browser().get("/verify").headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/c/keys.json", "/status/1"])
def test_verifiers_of_other_sites_may_read_it(office: Office, path: str) -> None:
    answer = office.browser().get(path, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/c/c.html", "/c/../settings.py", "/verify/batch/c.js", "/status/0", "/status/9"]
)
def test_nothing_else_lies_there(office: Office, path: str) -> None:
    assert office.browser().get(path).status_code == 404


def test_the_list_is_the_same_for_an_hour_and_signed_anew_after_it(office: Office) -> None:
    browser = office.browser()
    first = browser.get("/status/1").content
    office.clock.move(timedelta(minutes=59))
    assert browser.get("/status/1").content == first
    office.clock.move(timedelta(minutes=2))
    assert browser.get("/status/1").content != first


def test_a_change_of_state_is_in_the_list_at_once(office: Office) -> None:
    certificate = office.issued()
    path = f"/staff/certificates/{certificate.number}/reissue"
    office.head.post(path, data={"reason": "lost"})
    keys = by_kid(key_store(office.runtime).public_keys())
    url = office.runtime.settings.public_url
    data = office.browser().get(f"/status/{certificate.status_list}").content
    opened = status.open_list(data, certificate.status_list, url, keys)
    assert opened.at(certificate.status_index) is Status.REPLACED


def test_a_place_that_moved_answers_under_its_former_address_as_before(office: Office) -> None:
    former, now = "https://old.example", office.runtime.settings
    settings = now.model_copy(update={"former_urls": former})
    moved = replace(office.runtime, settings=settings)
    with TestClient(create_app(moved), base_url=former) as old:
        document = old.get("/.well-known/did.json").json()
        listed = old.get("/status/1/bitstring").json()
        tokens = old.get("/status/1").content
        elsewhere = old.get("/.well-known/did.json", headers={"Host": "evil.example"}).json()
    assert document["id"] == listed["issuer"] == "did:web:old.example"
    assert listed["id"] == f"{former}/status/1/bitstring"
    keys = by_kid(key_store(moved).public_keys())
    assert status.open_list(tokens, 1, former, keys).number == 1
    assert elsewhere["id"] == did.did_of(now.public_url)


def test_a_former_address_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="must be an origin"):
        Settings(former_urls="https://old.example old.example")
    assert Settings(former_urls=" https://a.example  https://b.example/ ").former_urls == (
        "https://a.example https://b.example"
    )


def test_what_was_signed_is_signed_anew_for_another_reason_alone() -> None:
    kept, made = Kept(), count()

    def make() -> bytes:
        return str(next(made)).encode()

    found = [kept.get(name, reason, make) for name, reason in ("aa", "aa", "ab", "bb", "ab")]
    assert found == [b"0", b"0", b"1", b"2", b"1"]
