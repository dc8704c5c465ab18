"""What is asked of the log, for pages, files and commands: how it stands, proofs, receipts."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from api.bootstrap import Runtime
from ledger.log.checkpoint import NotIncluded
from ledger.log.logs import Log, NoLogYet, NotLoggedYet, Published
from ledger.log.note import BadNote, Note, NotSigned, WrongSignature
from ledger.log.receipts import BadReceipt, Receipt
from ledger.log.tiles import BeyondTheTree


@dataclass(frozen=True)
class Standing:
    """How the log stands: the newest checkpoint, and the newest that enough others cosigned."""

    log: Log
    newest: Published
    witnessed: Published | None
    has_witnesses: bool


@dataclass(frozen=True)
class FoundReceipt:
    """A receipt that the log keeps: its leaf, and the first checkpoint that it is under."""

    receipt: Receipt
    recorded_at: datetime
    index: int
    under: Published


def standing(runtime: Runtime) -> Standing | None:
    """None before anything is published."""
    try:
        log = runtime.logs.current()
        newest = runtime.logs.newest(log)
    except NoLogYet:
        return None
    return Standing(log, newest, witnessed(runtime, log), bool(runtime.log_policy.witnesses))


def log_told(runtime: Runtime) -> dict[str, int] | None:
    """How far the log is; None before it began."""
    found = standing(runtime)
    if found is None:
        return None
    return {"size": found.newest.size, "overdue": runtime.logs.overdue(found.log)}


def witnessed(runtime: Runtime, log: Log) -> Published | None:
    """The newest checkpoint that meets the policy; every cosignature is verified again."""
    policy = runtime.log_policy
    keys = [each.key for each in policy.witnesses.values()]
    for found in runtime.logs.cosigned(log):
        try:
            if policy.is_met_by(found.whole.signed_by(keys).keys()):
                return found
        except (NotSigned, WrongSignature):
            continue
    return None


def published_at(runtime: Runtime, log: Log, size: int | None) -> Published:
    """The newest checkpoint, or the first of at least a size. Raises NoLogYet, BeyondTheTree."""
    newest = runtime.logs.newest(log)
    if size is None:
        return newest
    if size > newest.size:
        raise BeyondTheTree(index=size, size=newest.size)
    return runtime.logs.at_least(log, size)


def consistency_text(runtime: Runtime, log: Log, old: int, under: Published) -> str:
    """As a witness takes it. Raises BeyondTheTree."""
    hashes = runtime.logs.tree(log, under.size).consistency(old, under.size)
    lines = "".join(f"{b64encode(each).decode()}\n" for each in hashes)
    return f"old {old}\n{lines}\n{under.whole}"


def looked_up(runtime: Runtime, text: str) -> FoundReceipt:
    """Raises BadReceipt, NotSigned, WrongSignature, NotLoggedYet, NotIncluded."""
    try:
        note = Note.parsed(text.encode())
    except BadNote as error:
        raise BadReceipt from error
    receipt = Receipt.opened(note, runtime.receipts.key)
    logs, log = runtime.logs, runtime.logs.current()
    if receipt.origin != log.origin:
        raise BadReceipt
    index = logs.index_of(log, receipt.position)
    if index >= logs.newest(log).size:
        raise NotLoggedYet(position=receipt.position)
    under = logs.at_least(log, index + 1)
    if logs.tree(log, under.size).leaf(index) != receipt.leaf:
        raise NotIncluded(index=index)
    return FoundReceipt(receipt, datetime.fromisoformat(receipt.recorded_at), index, under)
