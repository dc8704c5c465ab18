"""What a provider might send, over real HTTP: every token that is false lets nobody in."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.access.sign_on_provider import LEEWAY, SignOnFailed
from api.bootstrap import Runtime
from tests.api.sign_on.going import is_in, signed_on
from tests.api.sign_on.provider import CLIENT, SignOnServer
from tests.saying import says


def altered(**claims: Any) -> Callable[[SignOnServer, dict[str, Any]], str]:
    """A true signature under claims that are not for us; None leaves a claim out."""

    def make(server: SignOnServer, true: dict[str, Any]) -> str:
        made = {**true, **claims}
        return server.signed({key: value for key, value in made.items() if value is not None})

    return make


def late(seconds: int) -> Callable[[SignOnServer, dict[str, Any]], str]:
    def make(server: SignOnServer, true: dict[str, Any]) -> str:
        return server.signed({**true, "exp": true["iat"] + seconds})

    return make


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def written(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(part(json.dumps(each).encode()) for each in (header, claims))


def unsigned(_: SignOnServer, true: dict[str, Any]) -> str:
    return f"{written({'alg': 'none', 'kid': 'one'}, true)}."


def by_public_key(server: SignOnServer, true: dict[str, Any]) -> str:
    """HS256 with what everybody can read as its secret."""
    head = written({"alg": "HS256", "kid": "one"}, true)
    secret = server.key.as_pem(private=False)
    return f"{head}.{part(hmac.digest(secret, head.encode(), 'sha256'))}"


def by_another(server: SignOnServer, true: dict[str, Any]) -> str:
    other = RSAKey.generate_key(2048, {"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, true, other)


def unknown_key(server: SignOnServer, true: dict[str, Any]) -> str:
    return server.signed(true, kid="another")


def no_key(server: SignOnServer, true: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256"}, true, server.key)


def changed(server: SignOnServer, true: dict[str, Any]) -> str:
    head, _, signature = server.signed(true).split(".")
    claims = json.dumps({**true, "sub": "head-1"}).encode()
    return f"{head}.{part(claims)}.{signature}"


FALSE = {
    "another issuer": altered(iss="https://other.example.cn"),
    "no issuer": altered(iss=None),
    "another audience": altered(aud="another-client"),
    "several audiences and no party": altered(aud=[CLIENT, "another-client"]),
    "another party": altered(aud=[CLIENT, "another-client"], azp="another-client"),
    "no audience": altered(aud=None),
    "another nonce": altered(nonce="another"),
    "no nonce": altered(nonce=None),
    "no subject": altered(sub=None),
    "an empty subject": altered(sub=""),
    "a subject that is a number": altered(sub=7),
    "no end": altered(exp=None),
    "over": late(-int(LEEWAY.total_seconds()) - 1),
    "from the future": altered(iat=2_000_000_000, exp=2_000_000_300),
    "not yet": altered(nbf=2_000_000_000),
    "an end that is a word": altered(exp="tomorrow"),
    "alg none": unsigned,
    "HS256 with the public key": by_public_key,
    "another's key": by_another,
    "unknown kid": unknown_key,
    "no kid": no_key,
    "changed": changed,
    "no token": lambda *_: "示例",
    "empty": lambda *_: "",
}


@pytest.mark.parametrize("make", FALSE.values(), ids=FALSE)
def test_a_token_that_is_false_lets_nobody_in(
    house: Runtime,
    browser: TestClient,
    provider: SignOnServer,
    make: Callable[[SignOnServer, dict[str, Any]], str],
) -> None:
    provider.make = lambda claims: make(provider, claims)
    answer = signed_on(browser)
    assert (answer.status_code, says(answer, SignOnFailed.code)) == (401, True)
    assert not is_in(house, browser)


@pytest.mark.parametrize(
    "make",
    [altered(aud=[CLIENT]), altered(aud=[CLIENT, "another"], azp=CLIENT), late(-30)],
)
def test_what_the_standard_allows_lets_them_in(
    house: Runtime,
    browser: TestClient,
    provider: SignOnServer,
    make: Callable[[SignOnServer, dict[str, Any]], str],
) -> None:
    provider.make = lambda claims: make(provider, claims)
    assert signed_on(browser).status_code == 303
    assert is_in(house, browser)
