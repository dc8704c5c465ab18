"""The provider of single sign-on: where it is, what it says, and whether that is to be believed."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.refusals import Refused

PATIENCE: Final = 5.0  # seconds
MOST_BYTES: Final = 256 * 1024
ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # never one that a public key could be a secret of
LEEWAY: Final = timedelta(seconds=60)
KEPT: Final = timedelta(hours=1)
ASKED_AGAIN: Final = timedelta(seconds=30)  # for a key that we do not know: it may be new


class SignOnFailed(Refused):
    """What the provider sent is not to be believed, or not for us: one answer for all."""

    code = "sign_on_failed"


class SignOnAway(Refused):
    """The provider does not answer, or makes no sense."""

    code = "sign_on_away"


class Metadata(BaseModel):
    """What we need of the discovery document."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True)
class Known:
    """What was learned of the provider, and when."""

    metadata: Metadata
    keys: KeySet
    at: datetime


@dataclass
class Provider:
    """One provider, as one client of it. Keys are kept for an hour, and asked for when new."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))
    _known: Known | None = None

    def address(self, state: str, nonce: str, challenge: str, at: datetime) -> str:
        """Where the browser goes to sign in. Raises SignOnAway."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._learned(at).metadata.authorization_endpoint}?{urlencode(asked)}"

    def subject(self, code: str, verifier: str, nonce: str, at: datetime) -> str:
        """Exchange a code for who signed in. Raises SignOnFailed, SignOnAway."""
        told = self._exchanged(code, verifier, at)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise SignOnFailed
        claims = self._believed(token, at)
        if not isinstance(claims.get("nonce"), str) or claims["nonce"] != nonce:
            raise SignOnFailed
        return str(claims["sub"])

    def _exchanged(self, code: str, verifier: str, at: datetime) -> Mapping[str, Any]:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        request = self.client.build_request(
            "POST", self._learned(at).metadata.token_endpoint, data=sent
        )
        own = httpx.BasicAuth(self.client_id, self.client_secret)
        status, told = self._asked(request, own)
        if status in {400, 401}:  # the code was used, is another's, or we are not known there
            raise SignOnFailed
        if status != HTTPStatus.OK:
            raise SignOnAway
        return told

    def _believed(self, token: str, at: datetime) -> Mapping[str, Any]:
        """The claims of a token that is signed by the provider, for us, now."""
        try:
            claims = self._decoded(token, at)
            self._rules(at).validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise SignOnFailed from error
        if not is_for(self.client_id, claims):
            raise SignOnFailed
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise SignOnFailed
        return claims

    def _decoded(self, token: str, at: datetime) -> dict[str, Any]:
        known = self._learned(at)
        kid = key_id_of(token)
        if kid not in {key.kid for key in known.keys.keys} and known.at + ASKED_AGAIN <= at:
            self._known = None
            known = self._learned(at)
        key = known.keys.get_by_kid(kid)
        return jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims

    def _rules(self, at: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _learned(self, at: datetime) -> Known:
        """Raises SignOnAway, also where it calls itself by another name."""
        if self._known is not None and at < self._known.at + KEPT:
            return self._known
        told = self._fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate(told)
            if metadata.issuer != self.issuer:
                raise SignOnAway
            keys = KeySet.import_key_set(cast("Any", self._fetched(metadata.jwks_uri)))
        except (ValidationError, JoseError, ValueError, KeyError, TypeError) as error:
            raise SignOnAway from error
        self._known = Known(metadata, keys, at)
        return self._known

    def _fetched(self, url: str) -> Mapping[str, Any]:
        status, told = self._asked(self.client.build_request("GET", url))
        if status != HTTPStatus.OK:
            raise SignOnAway
        return told

    def _asked(
        self, request: httpx.Request, auth: httpx.Auth | None = None
    ) -> tuple[int, Mapping[str, Any]]:
        """No more of an answer is read than one that makes sense may have. Raises SignOnAway."""
        content = b""
        try:
            answer = self.client.send(request, stream=True, auth=auth)
            try:
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise SignOnAway
            finally:
                answer.close()
            told = json.loads(content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise SignOnAway from error
        if not isinstance(told, dict):
            raise SignOnAway
        return answer.status_code, cast("dict[str, Any]", told)


def is_for(client_id: str, claims: Mapping[str, Any]) -> bool:
    """A token for several says which of them asked for it."""
    party = claims.get("azp")
    is_alone = claims["aud"] in (client_id, [client_id])
    return party == client_id or (party is None and is_alone)


def key_id_of(token: str) -> str:
    """A token names its key: which of several signed it is not guessed. Raises SignOnFailed."""
    kid = jwt_header(token).get("kid")
    if not isinstance(kid, str) or not kid:
        raise SignOnFailed
    return kid


def jwt_header(token: str) -> dict[str, Any]:
    """Raises SignOnFailed."""
    head = token.partition(".")[0]
    try:
        found = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError as error:
        raise SignOnFailed from error
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
