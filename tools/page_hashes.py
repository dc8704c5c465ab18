"""The published hashes of the verify page: one of each file, one over all, by sha256sum alone."""

from __future__ import annotations

import re
from hashlib import sha256

from tools import ROOT

FOLDER = "certificates/page"
DOCUMENT = """# The verify page: its hashes, and how to host it yourself

<!-- Made by `make schemas` (tools/page_hashes.py). -->

The page `/c` judges a certificate in the reader's browser. It is these files and nothing else; no
step builds them, and `ed25519.js` (used where a browser has no Ed25519 of its own) is bundled
from npm by `python -m tools.noble`.

```
{lines}
```

Over all, the SHA-256 of those lines: **`{over_all}`**. `/c/hashes.txt` says the same. To compare
an address with this page, with nothing but curl and sha256sum:

```sh
curl -sO https://HOST/c/hashes.txt
for name in $(grep -v '^#' hashes.txt | cut -c67- | grep -v c.html); do
  curl -sO https://HOST/c/$name
done
curl -s https://HOST/c -o c.html
sha256sum -c hashes.txt && grep -v '^#' hashes.txt | sha256sum
```

## In another city, without trusting the issuer's server

Serve the files from your own address: `c.html` at `/c`, the others under `/c/`, with the headers
`Content-Security-Policy` (as in `c.html`, with `frame-ancestors 'none'`), `Referrer-Policy:
no-referrer` and, for `offline.js`, `Service-Worker-Allowed: /c`. Beside them:

- `/c/keys.json`: a copy of the issuer's, taken once and compared with what the issuer has
  published elsewhere. It is the list of the keys that you believe; change it only when you have
  checked the change. One issuer for each page.
- `/status/…` and `/c/proved/…`: passed on from the issuer. They are signed, and the page believes
  no other.

A reader then opens your address, with the part of the scanned link that begins with `#` behind
it. Your page tells valid from forged by your keys, whatever the issuer's server says.
"""


def documents() -> dict[str, str]:
    folder = ROOT / FOLDER
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "hashes.txt"}
    worker = files.pop("offline.js").decode()
    version = sha256(listed(files).encode()).hexdigest()[:16]
    named = r"(const PAGE = 'verify-page-)[0-9a-f]*'"
    worker = re.sub(named, rf"\g<1>{version}'", worker)
    lines = listed({**files, "offline.js": worker.encode()})
    over_all = sha256(lines.encode()).hexdigest()
    return {
        f"{FOLDER}/offline.js": worker,
        f"{FOLDER}/hashes.txt": f"{lines}# over all: {over_all}\n",
        "docs/verify-page.md": DOCUMENT.format(lines=lines.rstrip(), over_all=over_all),
    }


def listed(files: dict[str, bytes]) -> str:
    """As sha256sum prints it."""
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
