"""A witness over HTTP as C2SP describes one, honest or not."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import WrongProof, check_consistency
from ledger.log.note import COSIGNATURE, Key, Note, Signature, cosigned

Answer = tuple[int, str, bytes]


@dataclass
class TestWitness:
    """Cosigns what continues the history it saw; `says` makes it answer something else."""

    __test__: ClassVar[bool] = False

    name: str
    at: int = 1_790_000_000
    seen: Checkpoint | None = None
    says: Answer | None = None
    asked: int = 0
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    url: str = ""

    @property
    def key(self) -> Key:
        return Key(self.name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    def answer(self, body: bytes) -> Answer:
        self.asked += 1
        if self.says is not None:
            return self.says
        head, _, content = body.partition(b"\n\n")
        old, *hashes = head.decode().split("\n")
        note = Note.parsed(content)
        checkpoint = Checkpoint.parsed(note.text)
        size, root = (self.seen.size, self.seen.root) if self.seen else (0, b"")
        if old != f"old {size}":
            return 409, "text/x.tlog.size", f"{size}\n".encode()
        try:
            if size:
                proof = [b64decode(each) for each in hashes]
                check_consistency(size, root, checkpoint.size, checkpoint.root, proof)
        except WrongProof:
            return 422, "text/plain", b""
        self.seen = checkpoint
        return 200, "text/plain", self.cosigned(note).line.encode()

    def cosigned(self, note: Note) -> Signature:
        signed = self.private.sign(cosigned(note.text, self.at))
        content = self.at.to_bytes(8) + signed
        return Signature(self.name, self.key.identity, content)


@contextmanager
def listening(witness: TestWitness) -> Generator[TestWitness]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, kind, content = witness.answer(body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    witness.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
