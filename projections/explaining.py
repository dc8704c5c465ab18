"""Explaining: the tree behind a line, a completion, a star or a certificate. It judges nothing.

What is said stands in the events: conditions with value and threshold, rules by reference and
version, caps that bit. The words belong to whoever shows the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from domain.certificate import Certificate, CertificateKind
from domain.completing import Condition
from domain.crediting import Credit
from domain.evaluation import CompletionKind, Evaluation
from domain.star_proposal import StarProposal
from domain.totals import PARENT_LECTURER, THEME_ACTIVITY
from projections.database import Views
from projections.evidence import Evidence
from projections.explaining_lines import line_node, shallow_line
from projections.explanation import Node, RulesOf, Value, plain, rule_named, source_of, told
from projections.feed import Fact, Feed

Among = Callable[[Credit], bool]


class Explaining:
    def __init__(self, views: Views) -> None:
        self._feed = Feed(views)

    def line(self, learner_id: UUID, entry_id: UUID, rules: RulesOf) -> Node | None:
        """Why a line of the account is what it is; None where there is no such entry."""
        return line_node(Evidence.of(self._feed, learner_id), rules, entry_id)

    def completion(self, learner_id: UUID, stage: str, period: str, rules: RulesOf) -> Node | None:
        """Why a school year (2026) or the stage itself was completed; None where it never was."""
        return self._telling(learner_id, rules).completion(stage, period)

    def star(self, learner_id: UUID, stage: str, level: int, rules: RulesOf) -> Node | None:
        """Why a star was awarded; None where it never was."""
        return self._telling(learner_id, rules).star(stage, level)

    def certificate(self, certificate_id: UUID, rules: RulesOf) -> Node | None:
        """What a certificate stands on, and what became of it."""
        facts = self._feed.of([certificate_id])
        first = facts[0] if facts else None
        if first is None or not isinstance(first.event, Certificate.Issued):
            return None
        learner_id = first.event.award.learner_id
        return self._telling(learner_id, rules).certificate(first, first.event, facts[1:])

    def _telling(self, learner_id: UUID, rules: RulesOf) -> Telling:
        evidence = Evidence.of(self._feed, learner_id)
        return Telling(evidence, rules, lambda record: self._telling(record, rules))


class Telling:
    """One learner's evidence, told as trees."""

    def __init__(
        self, evidence: Evidence, rules: RulesOf, telling_of: Callable[[UUID], Telling]
    ) -> None:
        self._evidence = evidence
        self._rules = rules
        self._telling_of = telling_of

    def completion(self, stage: str, period: str) -> Node | None:
        kind = CompletionKind.ANNUAL if period.isdigit() else CompletionKind.STAGE
        reached, withdrawn = self._reached(stage, kind, period)
        if reached is None:
            return None
        event = reached.event
        assert isinstance(event, Evaluation.CompletionReached)
        return Node(
            "completion",
            {
                "stage": stage, "kind": kind.value, "period": period, "hours": event.hours,
                "stands": not withdrawn,
            },
            source=source_of(reached),
            children=(
                *self._conditions(reached, event.conditions, stage, period), *told(withdrawn),
            ),
        )  # fmt: skip

    def _reached(
        self, stage: str, kind: CompletionKind, period: str
    ) -> tuple[Fact | None, list[Fact]]:
        """When a completion was reached last, and the withdrawal that followed, if one did."""
        reached: Fact | None = None
        withdrawn: list[Fact] = []
        for fact in self._evidence.evaluation(stage):
            match fact.event:
                case Evaluation.CompletionReached(kind=k, period=p) if (k, p) == (kind, period):
                    reached, withdrawn = fact, []
                case Evaluation.CompletionWithdrawn(kind=k, period=p) if (k, p) == (kind, period):
                    withdrawn = [fact]
                case _:
                    pass
        return reached, withdrawn

    def star(self, stage: str, level: int) -> Node | None:
        judged: tuple[Fact, Evaluation.StarEvaluated] | None = None
        for fact in self._evidence.evaluation(stage):
            match fact.event:
                case Evaluation.StarEvaluated() as event:
                    judged = (fact, event)
                case Evaluation.StarAwarded(level=awarded) as event if awarded >= level:
                    return self._star(fact, event, judged)
                case _:
                    pass
        return None

    def _star(
        self,
        fact: Fact,
        event: Evaluation.StarAwarded,
        judged: tuple[Fact, Evaluation.StarEvaluated] | None,
    ) -> Node:
        """A star with what it was judged by; one that was taken over, with its first award."""
        stage, level, other = event.stage, event.level, event.taken_over_from
        values: dict[str, Value] = {
            "stage": stage, "level": level, "from_day": event.from_day.isoformat(),
        }  # fmt: skip
        if other is not None:
            first = self._telling_of(other).star(stage, level)
            children = (first,) if first else ()
            return Node("star_taken_over", values, source=source_of(fact), children=children)
        conditions = self._star_conditions(judged, stage, level) if judged else ()
        return Node(
            "star", values, source=source_of(fact), children=(*conditions, *self._proposal(fact))
        )

    def certificate(self, first: Fact, issued: Certificate.Issued, after: Sequence[Fact]) -> Node:
        award, issue = issued.award, issued.issue
        signed = Node(
            "signature",
            {"key_id": issue.key_id, "sha256": issue.signed_sha256,
             "status_list": issue.status_list, "status_index": issue.status_index},
            source=source_of(first),
        )  # fmt: skip
        achievement = self._achievement(first, issued)
        return Node(
            "certificate",
            {"number": issue.number, "kind": award.kind.value, "hours": award.hours},
            source=source_of(first),
            children=(*([achievement] if achievement else []), signed, *told(after)),
        )

    def _achievement(self, first: Fact, issued: Certificate.Issued) -> Node | None:
        award = issued.award
        match award.kind:
            case CertificateKind.ANNUAL_COMPLETION:
                return self.completion(award.stage, str(award.school_year))
            case CertificateKind.STAGE_COMPLETION:
                return self.completion(award.stage, award.stage)
            case CertificateKind.STAR_LEVEL:
                return self.star(award.stage, award.level or 0)
            case CertificateKind.STATEMENT_OF_HOURS:
                lines = self._lines(first.position, lambda _: True)
                return Node("account", {"hours": award.hours}, children=tuple(lines))

    def _star_conditions(
        self, judged: tuple[Fact, Evaluation.StarEvaluated], stage: str, level: int
    ) -> tuple[Node, ...]:
        """The conditions of the level, and of those below it, as they were judged."""
        fact, event = judged
        asked = [c for c in event.conditions if level_of(c.ref) <= level]
        return tuple(self._conditions(fact, asked, stage, ""))

    def _conditions(
        self, fact: Fact, conditions: Sequence[Condition], stage: str, period: str
    ) -> Iterator[Node]:
        """Each condition with what counted for it; what several rest on is told once, in full."""
        version = fact.event.envelope.rulebook_version
        told_in_full: set[str] = set()
        for condition in sorted(conditions, key=lambda c: -level_of(c.ref)):
            what = condition.ref.rpartition(".")[2]
            repeats = what in told_in_full
            told_in_full.add(what)
            yield Node(
                "condition",
                {"value": condition.value, "threshold": condition.threshold, "met": condition.met},
                rule_named(self._rules, condition.ref, version),
                source_of(fact),
                () if repeats else tuple(self._counted(fact, condition.ref, stage, period)),
            )

    def _counted(self, fact: Fact, ref: str, stage: str, period: str) -> Iterator[Node]:
        """What a condition counted: lines, exams, or completions of other years."""
        group, _, what = ref.rpartition(".")
        within: Among = (lambda c: str(c.school_year) == period) if period.isdigit() else (
            lambda c: c.stage == stage
        )  # fmt: skip
        match what:
            case "min_hours" | "hours":
                yield from self._lines_in_full(fact.position, within)
            case "exams_passed":
                yield from self._exams(fact.position, period)
            case "annual_completions" | "years_numerator":
                yield from self._completed_years(fact, stage)
            case "in_last_year":
                pass
            case "no_star_terms_after_fraud":
                yield from told(self._evidence.frauds(fact.position))
            case _:
                among = picked(group, what)
                yield from self._lines(fact.position, lambda c: within(c) and among(c))

    def _lines(self, before: int, among: Among) -> Iterator[Node]:
        for credit in self._evidence.standing(before):
            if among(credit):
                yield shallow_line(self._evidence, credit)

    def _lines_in_full(self, before: int, among: Among) -> Iterator[Node]:
        for credit in self._evidence.standing(before):
            if among(credit):
                node = line_node(self._evidence, self._rules, credit.entry_id)
                assert node is not None
                yield node

    def _exams(self, before: int, period: str) -> Iterator[Node]:
        """The exams that were passed by then, each with the attempt that counts."""
        for fact, result in self._evidence.passed_exams(before):
            if period in {"", str(result.school_year)}:
                streams = (result.exam_id, result.attempt_id)
                facts = [f for key in streams for f in self._evidence.of_stream(key)]
                values: dict[str, Value] = {
                    "score": result.score, "school_year": result.school_year,
                }  # fmt: skip
                yield Node("exam", values, source=source_of(fact), children=told(facts))

    def _completed_years(self, before: Fact, stage: str) -> Iterator[Node]:
        years: dict[str, bool] = {}
        for fact in self._evidence.evaluation(stage):
            match fact.event:
                case Evaluation.CompletionReached(kind=CompletionKind.ANNUAL, period=period):
                    if fact.position < before.position:
                        years[period] = True
                case Evaluation.CompletionWithdrawn(kind=CompletionKind.ANNUAL, period=period):
                    if fact.position < before.position:
                        years.pop(period, None)
                case _:
                    pass
        for period in years:
            if (node := self.completion(stage, period)) is not None:
                yield node

    def _proposal(self, awarded: Fact) -> Iterator[Node]:
        """How a star by proposal was proposed, published, objected to and granted."""
        event = awarded.event
        assert isinstance(event, Evaluation.StarAwarded)
        records = self._evidence.records(awarded.position)
        for facts in self._evidence.streams.values():
            made = facts[0].event
            if (
                isinstance(made, StarProposal.Made)
                and facts[0].position < awarded.position
                and made.learner_id in records
                and (made.stage, made.level) == (event.stage, event.level)
            ):
                until = made.published_until.isoformat()
                yield Node(
                    "proposal",
                    {"published_until": until},
                    source=source_of(facts[0]),
                    children=tuple(plain(fact) for fact in facts[1:]),
                )


def level_of(ref: str) -> int:
    """The level that a star's condition belongs to; 0 for those of completions."""
    parts = ref.split(".")
    return int(parts[4]) if len(parts) == 6 and parts[3] == "levels" else 0  # noqa: PLR2004 - stars.tracks.X.levels.N.what


def picked(group: str, what: str) -> Among:
    """Which lines a condition looks at, by its name."""
    if group == "course_families.must_include":
        return lambda credit: credit.family == what
    match what:
        case "min_face_to_face_hours":
            return lambda credit: credit.face_to_face
        case "theme_activities":
            return lambda credit: credit.mode == THEME_ACTIVITY
        case "shares":
            return lambda credit: credit.mode == PARENT_LECTURER
        case _:
            return lambda _: True
