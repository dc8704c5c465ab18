"""Write the generated documents, or with --check say which of them no longer fit the code."""

from __future__ import annotations

import sys

from tools import ROOT, event_docs, glossary, page_hashes, reference_docs, rule_docs, vectors

_SOURCES = (event_docs, glossary, page_hashes, reference_docs, rule_docs, vectors)
_FOLDERS = ("docs/events", "docs/vectors")  # nothing else is in these


def documents() -> dict[str, str]:
    return {path: text for source in _SOURCES for path, text in source.documents().items()}


def outdated(made: dict[str, str]) -> list[str]:
    """Name the files that are missing, differ, or belong to what is gone."""
    differing = [path for path, text in made.items() if _read(path) != text]
    there = {
        str(path.relative_to(ROOT)) for name in _FOLDERS for path in (ROOT / name).glob("*.json")
    }
    return sorted({*differing, *(there - made.keys())})


def write(made: dict[str, str]) -> None:
    for path in outdated(made):
        target = ROOT / path
        if path in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(made[path], encoding="utf-8", newline="\n")
            print("wrote", path)
        else:
            target.unlink()
            print("removed", path)


def _read(path: str) -> str | None:
    target = ROOT / path
    return target.read_text(encoding="utf-8") if target.exists() else None


def main() -> int:
    made, wrong = documents(), event_docs.problems()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if "--check" not in sys.argv:
        write(made)
    elif stale := outdated(made):
        print("No longer fits the code (make schemas writes them anew):", *stale, sep="\n  ")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
