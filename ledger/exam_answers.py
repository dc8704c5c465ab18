"""What a parent answered: sealed under their key; the ledger holds a salted hash of it.

Every state that was saved is a document of its own, named by its hash: what an event names is
never replaced, and erasing the person erases them all.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

import orjson

from domain.exam_draw import Answers
from domain.identity import derived
from domain.learner import UnknownLearner
from ledger.vault import Vault

KIND = "exam_answers"


class ExamAnswers:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(self, attempt_id: UUID, learner_id: UUID, answers: Answers) -> str:
        """Seal answers; the same ones again have the same hash. Raises UnknownLearner."""
        subject = self._vault.open([learner_id]).get(learner_id)
        if subject is None:
            raise UnknownLearner(id=learner_id)
        content = as_bytes(answers)
        sha256 = commitment(subject.fields["salt"], attempt_id, content)
        self._vault.file(document_id(attempt_id, sha256), KIND, learner_id, content)
        return sha256

    def read(self, attempt_id: UUID, sha256: str | None) -> Answers:
        """What was saved under a hash; nothing where nothing was, or the person is erased."""
        content = self._vault.document(document_id(attempt_id, sha256), KIND) if sha256 else None
        known: dict[str, list[int]] = orjson.loads(content) if content else {}
        return {UUID(key): frozenset(choices) for key, choices in known.items()}


def document_id(attempt_id: UUID, sha256: str) -> UUID:
    return derived(KIND, attempt_id, sha256)


def as_bytes(answers: Answers) -> bytes:
    """One text for the same answers, whatever their order."""
    plain = {str(key): sorted(choices) for key, choices in answers.items()}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def commitment(salt: str, attempt_id: UUID, content: bytes) -> str:
    """SHA-256 over the person's salt, the attempt and the answers: nobody can try them out."""
    head = f"parent-credits/answers/1\n{salt}\n{attempt_id}\n".encode()
    return hashlib.sha256(head + content).hexdigest()
