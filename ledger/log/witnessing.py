"""Asking witnesses (C2SP tlog-witness): they cosign what continues the history they have seen."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from http import HTTPStatus
from typing import ClassVar

import httpx

from domain.refusals import Refused
from ledger.log.note import BadNote, Note, NotSigned, Signature, WrongSignature
from ledger.log.policy import Witness

PATIENCE = 5.0  # seconds
MOST_BYTES = 16 * 1024
SIZE = "text/x.tlog.size"


class WitnessSilent(Refused):
    """The witness cannot be reached; it is asked again."""

    code: ClassVar[str] = "log_witness_silent"


class WitnessRefused(Refused):
    """The witness does not know this log, or does not believe it."""

    code: ClassVar[str] = "log_witness_refused"


class WitnessNonsense(Refused):
    """The witness answered nothing that is a cosignature of the checkpoint."""

    code: ClassVar[str] = "log_witness_nonsense"


class SeenAnother(Exception):
    """The witness cosigned a checkpoint of another size last."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Asking:
    """One client for all witnesses: connections are kept."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=PATIENCE)

    def close(self) -> None:
        self._client.close()

    def cosignature(
        self, witness: Witness, note: Note, old_size: int, proof: Sequence[bytes]
    ) -> Signature:
        """Raises WitnessSilent, WitnessRefused, WitnessNonsense, SeenAnother."""
        lines = [f"old {old_size}", *(b64encode(each).decode() for each in proof)]
        body = "".join(f"{line}\n" for line in lines) + f"\n{note}"
        status, kind, content = self._post(witness, body.encode())
        if status == HTTPStatus.CONFLICT:
            raise SeenAnother(read_size(witness, kind, content))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise WitnessSilent(witness=witness.name, status=status)
        if status != HTTPStatus.OK:
            raise WitnessRefused(witness=witness.name, status=status)
        return cosignature_in(witness, note, content)

    def _post(self, witness: Witness, body: bytes) -> tuple[int, str, bytes]:
        """No more of an answer is read than one that makes sense may have."""
        try:
            with self._client.stream(
                "POST", f"{witness.url}/add-checkpoint", content=body
            ) as answer:
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise WitnessNonsense(witness=witness.name)
                kind = answer.headers.get("content-type", "").partition(";")[0].strip()
                return answer.status_code, kind, content
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WitnessSilent(witness=witness.name) from error


def read_size(witness: Witness, kind: str, content: bytes) -> int:
    """Raises WitnessNonsense."""
    text = content.decode("ascii", errors="replace").removesuffix("\n")
    if kind != SIZE or not text.isdecimal() or len(text) > len(str(2**63)):
        raise WitnessNonsense(witness=witness.name)
    return int(text)


def cosignature_in(witness: Witness, note: Note, content: bytes) -> Signature:
    """The witness's own among the lines it sent; foreign ones are left. Raises WitnessNonsense."""
    try:
        answered = Note.parsed(f"{note.text}\n".encode() + content)
        return answered.signed_by([witness.key])[witness.key]
    except (BadNote, NotSigned, WrongSignature) as error:
        raise WitnessNonsense(witness=witness.name) from error
