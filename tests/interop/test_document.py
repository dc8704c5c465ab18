"""Whoever follows docs/verify-a-certificate.md alone comes to the same answers."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from certificates.commitment import fold, same_name
from tests.architecture.source import ROOT
from tests.interop import stranger, stranger_credential

FOLDER = ROOT / "docs" / "vectors"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_a_strangers_verifier_judges_every_code_as_it_says() -> None:
    told, keys = read("codes.json"), read("keys.json")["keys"]
    lists, proofs = read("status-lists.json"), read("proofs.json")
    wrong = {}
    for code in told["codes"]:
        files = {}
        if code["list"]:
            files["/status/1"] = bytes.fromhex(lists[code["list"]]["cose"])
        if code["proof"]:
            content = bytes.fromhex(proofs[code["proof"]]["cose"])
            files |= {f"/c/proved/{kid}/{shard}": content for kid in keys for shard in (0, 1)}
        now = int(datetime.fromisoformat(code["at"]).timestamp())
        said = stranger.judge(code["text"], keys, files, now)
        if said != (code["state"], code["reason"], code["claims"]):
            wrong[code["name"]] = said
    assert wrong == {}
    assert len(told["codes"]) > 90


def test_a_strangers_verifier_judges_every_credential_as_it_says() -> None:
    told = read("credentials.json")
    did, bits = told["files"].values()
    windows = {key["id"]: key for key in read("keys.json")["keys"].values()}
    judged = {
        each["name"]: stranger_credential.judge(
            each["content"], did, bits if each["list"] else None, windows,
            datetime.fromisoformat(each["at"]),
        )
        for each in told["credentials"]
    }  # fmt: skip
    assert judged == {each["name"]: each["state"] for each in told["credentials"]}
    assert len(judged) > 40


def test_the_document_takes_the_first_code_apart() -> None:
    text = (ROOT / "docs" / "verify-a-certificate.md").read_text(encoding="utf-8")
    first = read("codes.json")["codes"][0]["text"].partition("#")[2]
    whole = int(first).to_bytes(191, "big").hex()
    for line in re.findall(r"```\nd2 .*?```|```\n84 .*?```", text, re.DOTALL):
        shown = re.findall(r"\b[0-9a-f]{8,}\b", line)
        assert len(shown) > 1
        assert [each for each in shown if each not in whole + b"Signature1".hex()] == []


def test_names_are_the_same_or_not_as_the_vectors_say() -> None:
    for name in read("codes.json")["names"]:
        salt, commitment = bytes.fromhex(name["salt"]), bytes.fromhex(name["commitment"])
        assert same_name(name["typed"], salt, commitment) is name["same"], name
        assert fold(name["typed"]) == name["folded"]
