"""What a provider may well have: odd keys beside good ones, queries of its own, odd secrets."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey, OctKey, RSAKey
from structlog.testing import capture_logs

from api.access import provider_keys
from api.access.provider_keys import keys_of
from api.access.provider_line import SignOnAway
from tests.api.sign_on.going import at_the_provider, sent_away, signed_on
from tests.api.sign_on.provider import SignOnServer
from tests.saying import says

GOOD = RSAKey.generate_key(2048, {"kid": "good"})


def public(key: RSAKey | ECKey, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": "odd", **more}


OF_EC = ECKey.generate_key("P-256")
ODD: dict[str, Any] = {
    "an unknown kind": {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "kid": "odd"},
    "no kind": {"kid": "odd", "n": "AA"},
    "a kind that is a list": {"kty": ["RSA"], "kid": "odd"},
    "an unknown curve": public(OF_EC, crv="P-999"),
    "another curve": public(ECKey.generate_key("P-384")),
    "a point that is not on it": public(OF_EC, x="AAAA"),
    "for encryption": public(GOOD, use="enc"),
    "for another use": public(GOOD, use="示例"),
    "for other operations": public(GOOD, key_ops=["wrapKey"]),
    "operations that do not fit": public(GOOD, use="sig", key_ops=["encrypt"]),
    "a number for a modulus": public(GOOD, n=7),
    "no modulus": {"kty": "RSA", "e": "AQAB", "kid": "odd"},
    "not base64": public(GOOD, n="示例"),
    "short": public(GOOD, n="8" + "A" * 169 + "B"),  # 1024 bits
    "private": {**GOOD.as_dict(private=True), "kid": "odd"},
    "secret": {**OctKey.generate_key(256).as_dict(private=True), "kid": "odd"},
    "a text": "示例",
    "nothing": None,
    "no id": GOOD.as_dict(private=False) | {"kid": None},
    "an id that is a number": public(GOOD, kid=7),
    "an empty id": public(GOOD, kid=""),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of the short key
def test_an_odd_key_is_left_out_and_named_and_the_others_are_kept(
    odd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One that wrote before goes on writing where it did: a capture would miss it.
    monkeypatch.setattr(provider_keys, "log", structlog.get_logger())
    with capture_logs() as logs:
        found = keys_of({"keys": [odd, public(GOOD, kid="good"), public(OF_EC, kid="curve")]})
    assert list(found) == ["good", "curve"]
    kid = odd.get("kid") if isinstance(odd, dict) else None
    assert logs == [{"event": "sign_on_key_left_out", "log_level": "warning", "kid": str(kid)}]


@pytest.mark.parametrize("told", [{}, {"keys": {}}, {"keys": []}, {"keys": [None]}])
def test_a_set_without_a_key_that_signs_is_none(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="key"):
        keys_of(told)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of the short key
def test_an_odd_key_stops_nobody(browser: TestClient, provider: SignOnServer) -> None:
    provider.more_keys = list(ODD.values())
    assert signed_on(browser).status_code == 303


def test_a_provider_with_no_key_that_signs_is_away(
    browser: TestClient, provider: SignOnServer
) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": ""})
    assert says(browser.get("/staff/sign-on"), SignOnAway.code)


def test_endpoints_keep_a_query_of_their_own(browser: TestClient, provider: SignOnServer) -> None:
    provider.own_query = "?tenant=%E7%A4%BA%E4%BE%8B&p=a%2Bb"
    address = sent_away(browser)
    assert address.startswith(f"{provider.issuer}/authorize{provider.own_query}&response_type=")
    assert browser.get(at_the_provider(address)).status_code == 303
    assert provider.asked.count("/token") == 1
