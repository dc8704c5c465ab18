"""Levels: a district and a school fill what the level above leaves open, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, cast

import pytest

from domain.calendar import local_day
from domain.envelope import Role
from domain.rulebook import Rulebook, fingerprint
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import (
    RulebookContradicts,
    RulebookNeedsSecondPerson,
    RulebookOutsideMargins,
)
from domain.rulebook_versions import Versions
from domain.supplement import Composed, RuleLevel, Supplement, read_rulebook, read_supplement
from tests.domain.given import CHEN, EVENING, FILE, LIN, RULES, by, changed
from tests.domain.refusing import refused
from tests.domain.test_rulebook_edition import rehearse

DISTRICT, SCHOOL = "440104", "4401040001"
CITY = Composed(RULES)


def supplement(figures: dict[str, Any], place: str = DISTRICT, **different: Any) -> Supplement:
    level = RuleLevel.SCHOOL if place == SCHOOL else RuleLevel.DISTRICT
    given: dict[str, Any] = {
        "rulebook_id": RULES.rulebook_id, "version": "1", "title": "示例规则", "level": level,
        "organisation": place, "effective_from": date(2027, 3, 1), "figures": figures,
        **different,
    }  # fmt: skip
    return Supplement(**given)


def reasons_of(refused: pytest.ExceptionInfo[RulebookContradicts]) -> list[tuple[str, str]]:
    return list(cast("tuple[tuple[str, str], ...]", refused.value.facts["reasons"]))


def test_a_district_fills_what_the_city_leaves_open_with_a_basis_of_its_own() -> None:
    new = supplement({"exam.pass_mark": 70}, basis_of={"exam.pass_mark": "PRACTICE: 示例"})

    rules = CITY.add(new).rulebook

    assert rules.version == "2026.1+440104:1"
    assert rules.figure("exam.pass_mark").value == 70
    assert rules.figure("exam.pass_mark").basis == "PRACTICE: 示例"
    assert rules.figure("exam.merit_mark").basis == RULES.figure("exam.merit_mark").basis
    assert RULES.exam.pass_mark == 60


def test_a_table_takes_a_new_line() -> None:
    rules = CITY.add(supplement({"course_families.must_include.life_education": 1})).rulebook

    assert rules.course_families.must_include == {"mental_health": 1, "life_education": 1}
    assert rules.figure("course_families.must_include.life_education").basis == "LOCAL"


@pytest.mark.parametrize(
    ("place", "ref"),
    [
        (DISTRICT, "completion.annual.min_hours"),
        (DISTRICT, "examination.pass_mark"),
        (SCHOOL, "exam.pass_mark"),
        (SCHOOL, "margins.school"),
    ],
)
def test_what_is_not_left_open_is_refused_by_name(place: str, ref: str) -> None:
    with pytest.raises(RulebookOutsideMargins) as refused:
        CITY.add(supplement({ref: 1}, place))
    assert refused.value.facts["refs"] == (ref,)


def test_what_the_district_sets_is_no_longer_open_to_the_school() -> None:
    district = CITY.add(supplement({"exam.questions": 30}))
    school = supplement({"exam.questions": 10}, SCHOOL)

    with pytest.raises(RulebookOutsideMargins):
        district.add(school)
    assert district.lay(school) == district
    assert CITY.add(school).rulebook.exam.questions == 10


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"exam.no_such_figure": 1}, ("rule_unknown", "exam.no_such_figure")),
        ({"exam.basis": "LOCAL"}, ("rule_unknown", "exam.basis")),
        ({"exam.deep.deeper": 1}, ("rule_unknown", "exam.deep.deeper")),
        ({"exam.pass_mark": "seventy"}, ("value_malformed", "exam.pass_mark")),
        ({"exam.pass_mark": 90}, ("marks_not_rising", "exam.merit_mark")),
        ({"course_families.required_for_completion": 99},
         ("unreachable", "course_families.required_for_completion")),
    ],
)  # fmt: skip
def test_what_contradicts_the_rules_above_is_refused_with_the_reason(
    figures: dict[str, Any], reason: tuple[str, str]
) -> None:
    with pytest.raises(RulebookContradicts) as refused:
        CITY.add(supplement(figures))
    assert reason in reasons_of(refused)


def test_a_figure_without_a_place_is_refused_whatever_the_margin() -> None:
    wide = Composed(changed("margins.district", ["*", "title", "modes.*"]))
    for ref in ("title", "modes.on_site", "modes.on_site.zh.too_deep"):
        with pytest.raises((RulebookContradicts, RulebookOutsideMargins)):
            wide.add(supplement({ref: "x"}))


def test_a_star_that_nobody_could_reach_is_refused() -> None:
    city = Composed(changed("margins.district", ["stars.*"]))
    with pytest.raises(RulebookContradicts) as refused:
        city.add(supplement({"stars.tracks.six_year.levels.5.hours": 99_900}))
    assert reasons_of(refused) == [("unreachable", "stars.tracks.six_year.levels.5.hours")]


def test_where_the_city_closes_a_margin_the_district_s_figure_falls_away() -> None:
    old = supplement({"exam.pass_mark": 70, "exam.questions": 30})
    closed = Composed(changed("margins.district", ["exam.questions"]))

    rules = closed.lay(old).rulebook

    assert (rules.exam.pass_mark, rules.exam.questions) == (60, 30)
    assert rules.version == "2026.1+440104:1"
    assert Composed(changed("margins.district", [])).lay(old).rulebook.version == "2026.1"


def test_a_published_supplement_that_contradicts_new_rules_yields_wholly() -> None:
    old = supplement({"exam.pass_mark": 80})
    newer = Composed(changed("exam.merit_mark", 75))
    assert newer.lay(old) == newer
    gone = Composed(changed("margins.district", ["exam.*"]))
    assert gone.lay(supplement({"exam.no_such_figure": 1})) == gone


def test_rules_that_were_in_force_are_recalled_unjudged() -> None:
    odd = supplement({"exam.pass_mark": 90})
    assert CITY.lay(odd) == CITY
    assert CITY.recall(odd).rulebook.exam.pass_mark == 90


def test_an_empty_supplement_gives_everything_back_to_the_level_above() -> None:
    assert CITY.add(supplement({})) == CITY


def test_composed_names_are_taken_apart() -> None:
    versions = Versions.named("2026.1+440104:2027.1+4401040001:1")
    assert versions.city == "2026.1"
    assert [versions.of(place) for place in ("", DISTRICT, SCHOOL, "440105")] == [
        "2026.1", "2027.1", "1", "",
    ]  # fmt: skip
    assert Versions.named("2026.1") == ("2026.1", ())


def test_a_supplement_is_drafted_under_the_rules_above() -> None:
    new = supplement({"exam.pass_mark": 70})
    edition = RulebookEdition.draft_supplement(new, CITY, by(CHEN))
    assert edition.supplement == new
    assert edition.id == RulebookEdition.create_id(RULES.rulebook_id, "1", DISTRICT)
    assert edition.sha256 == fingerprint(edition.rules)
    with pytest.raises(RulebookContradicts) as refusal:
        RulebookEdition.draft_supplement(supplement({}, version="1+1"), CITY, by(CHEN))
    assert reasons_of(refusal) == [("version_malformed", "version")]


def test_a_school_s_rules_are_published_by_coordinator_and_head() -> None:
    edition = RulebookEdition.draft_supplement(
        supplement({"exam.questions": 10}, SCHOOL), CITY, by(CHEN, role=Role.COORDINATOR)
    )
    rehearse(edition)
    with refused(RulebookNeedsSecondPerson, version="1"):
        edition.publish(by(LIN, EVENING, Role.COORDINATOR), 14)
    with refused(RulebookNeedsSecondPerson, version="1"):
        edition.publish(by(CHEN, EVENING, Role.HEAD), 14)
    edition.publish(by(LIN, EVENING, Role.HEAD), 14)
    assert edition.is_published


def test_a_file_is_read_strictly_and_every_error_names_its_path() -> None:
    rules = json.loads(FILE.read_bytes())
    assert read_rulebook(FILE.read_bytes()) == RULES
    rules["exam"]["pass_mark"] = "sixty"
    rules["exam"]["joke"] = 1
    del rules["stars"]["tracks"]["six_year"]["years"]
    with pytest.raises(RulebookContradicts) as refused:
        read_rulebook(json.dumps(rules))
    assert set(reasons_of(refused)) == {
        ("value_malformed", "exam.pass_mark"),
        ("rule_unknown", "exam.joke"),
        ("figure_missing", "stars.tracks.six_year.years"),
    }
    with pytest.raises(RulebookContradicts) as refused:
        read_rulebook("{")
    assert reasons_of(refused) == [("no_json", "")]


def test_a_supplement_is_read_the_same_way() -> None:
    new = supplement({"exam.pass_mark": 70})
    assert read_supplement(json.dumps(new.as_data())) == new
    with pytest.raises(RulebookContradicts) as refused:
        read_supplement("{}")
    assert new.as_data().keys().isdisjoint({"basis", "basis_of"})  # what is not said is not stored
    assert ("figure_missing", "figures") in reasons_of(refused)


def test_what_is_stored_of_rules_reads_strictly_too() -> None:
    assert read_rulebook(json.dumps(Rulebook.model_validate(RULES.as_data()).as_data())) == RULES


def test_a_day_is_written_as_a_day() -> None:
    seconds = supplement({}).as_data() | {"effective_from": 1_798_761_600}
    with pytest.raises(RulebookContradicts) as wrong:
        read_supplement(json.dumps(seconds))
    assert reasons_of(wrong) == [("value_malformed", "effective_from")]


def test_a_margin_of_a_group_opens_its_figures_and_not_its_neighbours() -> None:
    wide = Composed(changed("margins.district", ["exam.*"]))
    assert wide.is_open("exam.pass_mark", RuleLevel.DISTRICT)
    assert not wide.is_open("exam.pass_mark", RuleLevel.SCHOOL)
    assert not wide.is_open("examination.pass_mark", RuleLevel.DISTRICT)
    assert not wide.is_open("exam", RuleLevel.DISTRICT)


def test_a_supplement_may_bind_from_the_day_on_which_it_is_published() -> None:
    today = local_day(EVENING, RULES.time_zone)
    new = supplement({"exam.pass_mark": 70}, effective_from=today)
    edition = RulebookEdition.draft_supplement(new, CITY, by(CHEN))
    rehearse(edition)
    edition.publish(by(LIN, EVENING))
    assert edition.is_published


def test_a_line_of_a_table_has_the_basis_that_the_supplement_names() -> None:
    ref = "course_families.must_include.life_education"
    rules = CITY.add(supplement({ref: 1}, basis_of={ref: "PRACTICE: 示例"})).rulebook
    assert rules.figure(ref).basis == "PRACTICE: 示例"
    assert rules.figure("course_families.required_for_completion").basis == "LOCAL"


def test_a_figure_in_quotes_is_no_figure() -> None:
    rules = json.loads(FILE.read_bytes())
    rules["exam"]["pass_mark"] = "60"
    with pytest.raises(RulebookContradicts) as wrong:
        read_rulebook(json.dumps(rules))
    assert reasons_of(wrong) == [("value_malformed", "exam.pass_mark")]
