"""A provider of single sign-on over real HTTP: discovery, keys, authorisation with PKCE, tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "parent:credits 示例", "示例-secret%2B+:&"
MOST_SECONDS = 10.0
Token = Callable[[dict[str, Any]], str]


@cache
def first_key() -> RSAKey:
    """Of every provider until it takes another: to make one costs a tenth of a second."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class SignOnServer:
    """Whoever comes is `subject`. `make` may make another token of the claims than a true one."""

    now: Callable[[], datetime]
    subject: str = "teacher-7"
    make: Token | None = None
    key: RSAKey = field(default_factory=first_key)
    asked: list[str] = field(default_factory=list[str])
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    issuer: str = ""
    session: str = ""  # what it calls the session of whoever comes next, if it tells
    calls_itself: str = ""
    own_query: str = ""  # of its endpoints
    more_keys: list[Any] = field(default_factory=list[Any])  # that stand before its own
    drips: str = ""  # the path whose answer comes byte by byte, and has no end
    was_cut: threading.Event = field(default_factory=threading.Event)  # while it dripped
    held: threading.Event = field(default_factory=threading.Event)  # no keys before it is set

    def __post_init__(self) -> None:
        self.held.set()

    def document(self) -> dict[str, Any]:
        here = self.issuer
        return {
            "issuer": self.calls_itself or here,
            "authorization_endpoint": f"{here}/authorize{self.own_query}",
            "token_endpoint": f"{here}/token{self.own_query}",
            "jwks_uri": f"{here}/keys",
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [*self.more_keys, {**self.key.as_dict(private=False), "use": "sig"}]}

    def authorise(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to; the person has typed their password meanwhile."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        pair = ":".join(quote_plus(each) for each in (CLIENT, SECRET))
        own = base64.b64encode(pair.encode()).decode()
        if authorization != f"Basic {own}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = (self.make or self.signed)(self.claims(asked["nonce"]))
        return 200, {"access_token": "none", "token_type": "Bearer", "id_token": token}

    def claims(self, nonce: str) -> dict[str, Any]:
        at = int(self.now().timestamp())
        return {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": nonce,
            "iat": at, "exp": at + 300, "email": "desk@example.cn",
            **({"sid": self.session} if self.session else {}),
        }  # fmt: skip

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one", **header}, claims, self.key)


class Handler(BaseHTTPRequestHandler):
    provider: SignOnServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._note(parts)
        match parts.path:
            case "/.well-known/openid-configuration":
                self._answer(200, self.provider.document())
            case "/keys":
                self.provider.held.wait(MOST_SECONDS)
                self._answer(200, self.provider.keys())
            case "/authorize":
                asked = {key: value for key, [value] in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", self.provider.authorise(asked))
                self.end_headers()
            case _:
                self._answer(404, {})

    def do_POST(self) -> None:
        self._note(urlsplit(self.path))
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: value for key, [value] in parse_qs(body).items()}
        self._answer(*self.provider.exchange(sent, self.headers.get("Authorization", "")))

    def _note(self, parts: SplitResult) -> None:
        self.provider.asked.append(parts.path)
        own = self.provider.own_query.removeprefix("?")
        if parts.path in {"/authorize", "/token"}:
            assert parts.query == own or parts.query.startswith(f"{own}&") or not own

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        if self.provider.drips and urlsplit(self.path).path == self.provider.drips:
            self._drip()
            return
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self) -> None:
        """Each byte is well within any time-out of one read."""
        self.close_connection = True
        until = time.monotonic() + MOST_SECONDS
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Header: ")
            while time.monotonic() < until and self.provider.drips:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.provider.was_cut.set()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def signing_on(now: Callable[[], datetime]) -> Iterator[SignOnServer]:
    """The provider at a port of its own."""
    server = SignOnServer(now)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"provider": server}))
    server.issuer = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.drips = ""
        server.held.set()
        listening.shutdown()
        listening.server_close()
        thread.join(10)
