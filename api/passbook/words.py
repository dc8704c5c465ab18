"""The words of a recomputed passbook: a terminal is told in both languages at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from api.access.record_codes import learner_code
from api.passbook.file import Passbook
from api.rendering import local
from domain.hours import as_text
from ledger.recomputing.figures import Because, Figure, Value, Verdict, What

PURPOSE = "passbook"  # of a look into the vault
OF = {
    What.FACT: "记录 facts",
    What.RULES: "规则 rules",
    What.SESSION: "活动确认 attested sessions",
    What.ATTENDANCE: "到场认定 attendances",
    What.LINE: "学时 lines",
    What.EXAM: "考试 exams",
    What.COMPLETION: "结业 completions",
    What.STAR: "星级 stars",
    What.UPKEEP: "续学 upkeep",
    What.HOURS: "页面所示 what the pages show",
    What.PROOF: "存证 proofs",
}
SAID = {
    Verdict.SAME: "一致 same",
    Verdict.DIFFERS: "不一致 differs",
    Verdict.UNDERIVED: "无法推算 cannot be derived",
    Verdict.DUE: "应记而未记 follows, not recorded yet",
}
ANSWERS = {
    Verdict.SAME: "全部一致：记录都在存证里，重算结果与所载相同。 Everything comes out the same.",
    Verdict.DIFFERS: "不一致：文件或账本有不对的地方，见上。 Something differs: see above.",
    Verdict.UNDERIVED: "没有不一致，但有的无法推算，见上。 Nothing differs; not all is derived.",
    Verdict.DUE: "没有不一致，但有的尚未入账，见上。 Nothing differs; not all is recorded.",
}
WHY = {
    Because.GAP: "缺一条记录 an event is missing",
    Because.CONTRADICTS: "记录自相矛盾 the facts contradict each other",
    Because.SOURCE_MISSING: "文件里没有所依据的记录 the facts under it are not in the file",
    Because.RULES_MISSING: "文件里没有所依据的规则 the rules under it are not in the file",
    Because.ATTESTED_ALONE: "不是两个人确认的 not attested by two persons",
    Because.OTHER_RULES: "规则版本不对 other rules hold for it",
    Because.OTHER_CLAIM: "学时相同，依据不同 the same hours on other grounds",
    Because.OTHER_CONDITIONS: "条件不同 other conditions",
    Because.NOT_RECORDED_YET: "尚未入账 not recorded yet",
    Because.NO_LOG: "文件里没有存证 no log in the file: nothing is proved",
    Because.CHECKPOINT: "存证签名不对 the checkpoint is not that of the log",
    Because.NOT_INCLUDED: "不在存证里 not in the log",
    Because.NOT_COSIGNED: "没有这个见证人的签名 that witness has not cosigned",
    Because.NOT_LOGGED_YET: "已记录，等下一次存证 recorded, waits for the next checkpoint",
}
KEY_FROM_FILE = (
    "注意：存证公钥取自文件本身，没有与别处核对（--log-key）。 "
    "Mind: the log's key is that of the file, compared with none from elsewhere (--log-key)."
)
_IN_HOURS = {What.LINE, What.COMPLETION}


def lines_of(book: Passbook, figures: Sequence[Figure], verdict: Verdict) -> Iterator[str]:
    """A heading, a line for each kind of figure, one for each that is not the same, the answer."""
    moment = local(book.as_of, "%Y-%m-%d %H:%M")
    yield f"学时存折 passbook {learner_code(book.learner_id)}\t{moment}\t#{book.position}"
    yield f"{OF[What.FACT]}\t{len(book.facts)}"
    if book.log is not None:
        yield from checkpoint_lines(book.log.checkpoint)
    counted = Counter((figure.what, figure.verdict) for figure in figures)
    for (what, found), number in counted.items():
        yield f"{OF[what]}\t{number}\t{SAID[found]}"
    for figure in figures:
        if figure.verdict is not Verdict.SAME:
            yield line_of(figure)
    yield ANSWERS[verdict]


def checkpoint_lines(note: str) -> Iterator[str]:
    """Origin and size of the tree, and the names of all that signed it."""
    text, _, signatures = note.partition("\n\n")
    names = [line.split(" ")[1] for line in signatures.splitlines() if line.count(" ") > 1]
    yield "\t".join(["存证 log", *text.split()[1:2], *names])


def line_of(figure: Figure) -> str:
    recorded, derived = (value_of(figure.what, v) for v in (figure.recorded, figure.derived))
    parts = [f"≠ {OF[figure.what]} {figure.of}", f"所载 recorded {recorded}"]
    if figure.verdict is not Verdict.UNDERIVED:
        parts.append(f"算得 derived {derived}")
    if figure.because:
        parts.append(WHY[figure.because])
    return "\t".join(parts)


def value_of(what: What, value: Value) -> str:
    if value is None:
        return "—"
    return as_text(value) if isinstance(value, int) and what in _IN_HOURS else str(value)
