"""The provider of single sign-on: where it is, what it says, and whether that is to be believed."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import Any, Final, cast
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict

from api.access.provider_keys import keys_of
from api.access.provider_line import Line, SignOnAway, SignOnBusy
from domain.refusals import Refused

ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # never one that a public key could be a secret of
LEEWAY: Final = timedelta(seconds=60)
KEPT: Final = timedelta(hours=1)
ASKED_AGAIN: Final = timedelta(seconds=30)  # for a key that we do not know: it may be new
A_MOMENT: Final = 1.0  # seconds, that others wait for who asks where the provider is


class SignOnFailed(Refused):
    """What the provider sent is not to be believed, or not for us: one answer for all."""

    code = "sign_on_failed"


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
    keys: Mapping[str, Key]
    at: datetime


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Who signed in, and what the provider calls that session of theirs, if it tells."""

    subject: str
    session: str | None


@dataclass
class Provider:
    """One provider, as one client of it. Keys are kept for an hour, and asked for when new."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    line: Line = field(default_factory=Line)
    _known: Known | None = None
    _learning: Lock = field(default_factory=Lock)

    def place(self) -> AbstractContextManager[None]:
        """For who is about to exchange a code: nothing is used up without. Raises SignOnBusy."""
        return self.line.place()

    def address(self, state: str, nonce: str, challenge: str, at: datetime) -> str:
        """Where the browser goes to sign in. Raises SignOnAway, SignOnBusy."""
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
        known = self._fresh(at)
        if known is None:
            with self.line.place():
                known = self._learned(at)
        return with_query(known.metadata.authorization_endpoint, asked)

    def signed_on(self, code: str, verifier: str, nonce: str, at: datetime) -> SignedOn:
        """Exchange a code for who signed in. Raises SignOnFailed, SignOnAway, SignOnBusy."""
        told = self._exchanged(code, verifier, at)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise SignOnFailed
        claims = self._believed(token, at, "sub", "exp")
        if not isinstance(claims.get("nonce"), str) or claims["nonce"] != nonce:
            raise SignOnFailed
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise SignOnFailed
        session = claims.get("sid")
        return SignedOn(claims["sub"], session if isinstance(session, str) and session else None)

    def told(self, token: str, at: datetime) -> Mapping[str, Any]:
        """The claims of a token that it sent by itself. Raises as `signed_on`."""
        return self._believed(token, at, "jti", "events")

    def _exchanged(self, code: str, verifier: str, at: datetime) -> Mapping[str, Any]:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        # RFC 6749 2.3.1: each is form-encoded before it goes into the header.
        own = httpx.BasicAuth(quote_plus(self.client_id), quote_plus(self.client_secret))
        status, told = self.line.post(self._learned(at).metadata.token_endpoint, sent, own)
        if status in {400, 401}:  # the code was used, is another's, or we are not known there
            raise SignOnFailed
        if status != HTTPStatus.OK:
            raise SignOnAway
        return told

    def _believed(self, token: str, at: datetime, *essential: str) -> Mapping[str, Any]:
        """The claims of a token that is signed by the provider, for us, now, with these in it."""
        try:
            claims = self._decoded(token, at)
            self._rules(at).validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise SignOnFailed from error
        is_whole = all(claims.get(name) is not None for name in essential)
        if not is_whole or not is_for(self.client_id, claims):
            raise SignOnFailed
        return claims

    def _decoded(self, token: str, at: datetime) -> dict[str, Any]:
        known = self._learned(at)
        kid = key_id_of(token)
        if kid not in known.keys and known.at + ASKED_AGAIN <= at:
            known = self._asked_for(known, at)
        if kid not in known.keys:
            raise SignOnFailed
        return jwt.decode(token, known.keys[kid], algorithms=list(ALGORITHMS)).claims

    def _rules(self, at: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            iat={"essential": True},
        )

    def _fresh(self, at: datetime) -> Known | None:
        known = self._known
        return known if known is not None and at < known.at + KEPT else None

    def _learned(self, at: datetime) -> Known:
        """Raises SignOnAway, also where it calls itself by another name; SignOnBusy."""
        known = self._known
        return self._fresh(at) or self._asked_for(known, at)

    def _asked_for(self, old: Known | None, at: datetime) -> Known:
        """What there is instead of what is old: one asks, and the others wait for it a moment."""
        if not self._learning.acquire(timeout=A_MOMENT):
            raise SignOnBusy
        try:
            if self._known is None or self._known is old:
                self._known = self._asked(at)
            return self._known
        finally:
            self._learning.release()

    def _asked(self, at: datetime) -> Known:
        told = self._fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate(told)
            if metadata.issuer != self.issuer:
                raise SignOnAway
            keys = keys_of(self._fetched(metadata.jwks_uri))
        except ValueError as error:  # also of the document: a ValidationError is one
            raise SignOnAway from error
        return Known(metadata, keys, at)

    def _fetched(self, url: str) -> Mapping[str, Any]:
        status, told = self.line.get(url)
        if status != HTTPStatus.OK:
            raise SignOnAway
        return told


def with_query(address: str, asked: Mapping[str, str]) -> str:
    """An address that asks as well what it asked already. Raises SignOnAway where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise SignOnAway from error
    query = "&".join(filter(None, (parts.query, urlencode(asked))))
    return urlunsplit(parts._replace(query=query, fragment=""))


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
