"""Pictures of every page of a running pilot: `make screenshots`, or with a folder and an address.

Phone and desktop, both languages, and the phone in large letters. What axe, the width of a screen
or a script's error says of a page is printed, and then the command fails.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from api.language.catalogue import Language
from api.settings import Settings
from tools.looking import View, chromium, looked_at, picture
from tools.walking import Found, Pilot

VIEWS: Final = (
    View(Language.CHINESE),
    View(Language.CHINESE, large=True),
    View(Language.ENGLISH),
    View(Language.CHINESE, width=1280),
    View(Language.ENGLISH, width=1280),
)


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path("var/screenshots")
    settings = Settings.read()
    told = json.loads((settings.var / "demo.json").read_text(encoding="utf-8"))
    pilot = Pilot(told["base_url"], told)
    try:
        faults = [*shown(pilot, folder)]
    finally:
        pilot.close()
    print(*faults, sep="\n")
    return 1 if faults else 0


def shown(pilot: Pilot, folder: Path) -> list[str]:
    """The sentences about what is wrong; each page's picture lies in the folder of its view."""
    faults: list[str] = []
    pages = pilot.pages()
    with chromium() as browser:
        for view in VIEWS:
            for found, page, said in looked_at(browser, pilot, pages, view, (view.width,)):
                faults += [f"{view} {found.who} {found.path}: {fault}" for fault in said]
                picture(page, folder / str(view) / name_of(found))
    return faults


def name_of(found: Found) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in found.shape.strip("/"))
    return f"{found.who}-{kept or 'front'}.png"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
