"""That a certificate stands in the log: a proof that travels with it and needs no server."""

from __future__ import annotations

import json

from api.bootstrap import Runtime
from certificates.encodings import Document
from ledger.log.checkpoint import Proof
from ledger.log.leaf import LoggedEvent
from ledger.log.logs import Log, NoLogYet, NotLoggedYet
from projections.certificate_register import RegisteredCertificate

ABOUT = (
    "证书的存证证明：签发这张证书的记录在公开日志里；记录写有签名文件的指纹（SHA-256）。",
    "Proof that this certificate stands in the public log; its record holds the files' SHA-256.",
)


def log_proof(
    runtime: Runtime, certificate: RegisteredCertificate, *, cosigned: bool = True
) -> Document:
    """The event of issuing, and its proof under the first checkpoint that covers it.

    Without cosignatures the same bytes each time. Refuses NotLoggedYet, NoLogYet.
    """
    found = runtime.logs.beginnings([certificate.certificate_id])[certificate.certificate_id]
    log, index = placed(runtime, found)
    under = runtime.logs.at_least(log, index + 1)
    proof = runtime.logs.prove(log, index, under)
    if not cosigned:
        proof = Proof(proof.index, proof.hashes, under.note)
    return {
        "about": list(ABOUT),
        "version": 1,
        "event": {**found._asdict(), "state": found.state.decode()},
        "leaf": found.leaf.decode(),
        "proof": str(proof),
        "key": str(log.key),
    }


def placed(runtime: Runtime, event: LoggedEvent) -> tuple[Log, int]:
    """The log that has the event, and its leaf there. Raises NotLoggedYet, NoLogYet."""
    for log in reversed(runtime.logs.all()):
        found = runtime.logs.places(log, [event.position])
        if event.position in found:
            return log, found[event.position][0]
    raise NotLoggedYet(position=event.position)


def attached_proof(runtime: Runtime, certificate: RegisteredCertificate) -> str | None:
    """The text that a PDF carries; None for the second before the log has the event."""
    try:
        proof = log_proof(runtime, certificate, cosigned=False)
    except (NotLoggedYet, NoLogYet):
        return None
    return json.dumps(proof, ensure_ascii=False, indent=1)
