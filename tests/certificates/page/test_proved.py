"""A key that was given up vouches only for what the log proves older than its theft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from certificates import cbor, cose, public_keys, qr
from certificates.keys import FileKeyStore
from certificates.public_keys import KeyState

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
SHARDS = 4
Link = Callable[..., str]
Visit = Callable[[str], str]


def signed_bytes(link: str) -> bytes:
    data = qr.data_of(link)
    assert data is not None
    return data


class Proofs:
    """The site of an issuer whose last year's key was stolen."""

    def __init__(self, site: Any, stolen: FileKeyStore, folder: Path) -> None:
        self.site = site
        self.new = FileKeyStore(folder / "keys.json", bytes(32))
        self.new.create("k-new", datetime(NOW.year - 1, 1, 1, tzinfo=UTC), NOW + timedelta(days=99))
        given_up = {"state": KeyState.COMPROMISED, "changed_at": NOW + timedelta(minutes=1)}
        old = [key.model_copy(update=given_up) for key in stolen.public_keys()]
        listed = json.loads(public_keys.page_list([*old, *self.new.public_keys()], "示例教育局"))
        self.kid = old[0].kid.hex()
        listed["keys"][self.kid]["proved"] = {"shards": SHARDS}
        site.files["/c/keys.json"] = json.dumps(listed).encode()

    def publish(
        self,
        links: Iterable[str],
        at: datetime = NOW,
        signer: cose.Signer | None = None,
        path: str | None = None,
    ) -> None:
        digests = [hashlib.sha256(signed_bytes(link)).digest() for link in links]
        for shard in range(SHARDS):
            url = f"/c/proved/{self.kid}/{shard}"
            mine = sorted(each[:16] for each in digests if each[0] * SHARDS >> 8 == shard)
            issued = int(at.timestamp())
            said = {2: f"{self.site.url}{path or url}", 4: issued + 7 * 86400, 6: issued}
            said[-65538] = b"".join(mine)
            signing = signer or self.new.signer(NOW)
            self.site.files[url] = cose.sign(cbor.encode(said), signing)


@pytest.fixture
def proofs(
    site: Any, this_years: FileKeyStore, tmp_path: Path, sign_list: Callable[..., bytes]
) -> Proofs:
    made = Proofs(site, this_years, tmp_path)
    site.files["/status/1"] = sign_list(made.new.signer(NOW))
    return made


@pytest.mark.parametrize("script", ["", "Object.defineProperty(crypto, 'subtle', { value: null })"])
def test_what_the_log_proves_older_is_good_and_the_rest_is_forged(
    page: Page, link: Link, visit: Visit, proofs: Proofs, script: str
) -> None:
    page.add_init_script(script)
    older = [link(index=20 + each) for each in range(8)]
    proofs.publish(older)
    assert visit(older[3]) == "valid"
    page.locator("#trust summary").click()
    assert "公开日志证明" in page.locator("#checks").inner_text()
    assert visit(link(index=99)) == "forged"
    assert "失密" in page.locator("#reason").inner_text()


@pytest.mark.parametrize("broken", ["missing", "nonsense", "old", "by the thief", "another shard"])
def test_without_the_proof_it_says_that_it_cannot_check(
    page: Page,
    site: Any,
    link: Link,
    visit: Visit,
    proofs: Proofs,
    this_years: FileKeyStore,
    broken: str,
) -> None:
    one = link()
    if broken == "old":
        proofs.publish([one], at=NOW - timedelta(days=8))
    elif broken == "by the thief":
        proofs.publish([one], signer=this_years.signer(NOW))
    elif broken == "another shard":
        proofs.publish([one], path=f"/c/proved/{proofs.kid}/9")
    elif broken == "nonsense":
        site.files |= {f"/c/proved/{proofs.kid}/{shard}": b"nonsense" for shard in range(SHARDS)}
    assert visit(one) == "cannot_check"
    assert "失密" in page.locator("#reason").inner_text()
