"""Editions of the rulebook: two persons, two weeks, and then the law from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rehearsal import Totals
from domain.rulebook import Rulebook, fingerprint
from domain.rulebook_choice import in_force, published
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import (
    NoRulebookInForce,
    RulebookAlreadyPublished,
    RulebookContradicts,
    RulebookInForce,
    RulebookNeedsSecondPerson,
    RulebookNoticeTooShort,
    RulebookNotRehearsed,
    RulebookNotTheFirst,
    RulebookWithdrawn,
    UnknownRulebook,
)
from tests.domain.given import CHEN, LIN, RULES, by, changed, history, news
from tests.domain.refusing import refused

FROM = date(2027, 3, 1)
MIDNIGHT = datetime(2027, 2, 28, 16, 0, tzinfo=UTC)  # 2027-03-01 00:00 in Guangzhou
RUN = uuid5(NAMESPACE_OID, "a dry run")
SINCE = date(2026, 9, 1)
IN_TIME = MIDNIGHT - timedelta(days=20)


def edition(version: str = "2026.2", effective_from: date = FROM) -> Rulebook:
    stricter = changed("exam.pass_mark", 70)
    return stricter.model_copy(update={"version": version, "effective_from": effective_from})


def draft(version: str = "2026.2", effective_from: date = FROM) -> RulebookEdition:
    drafted = RulebookEdition.draft(edition(version, effective_from), by(CHEN))
    rehearse(drafted)
    drafted.collect_events()
    return drafted


def rehearse(drafted: RulebookEdition, sha256: str = "") -> None:
    sha256 = sha256 or drafted.sha256
    drafted.finish_dry_run(RUN, sha256, "e" * 64, SINCE, Totals(learners=3), by(CHEN))


def first() -> RulebookEdition:
    begun = RulebookEdition.draft(RULES, by(CHEN))
    begun.publish_at_set_up([begun], by(CHEN))
    begun.collect_events()
    return begun


def test_a_draft_carries_the_rules_and_their_fingerprint() -> None:
    [drafted] = news(RulebookEdition.draft(RULES, by(CHEN)))

    assert isinstance(drafted, RulebookEdition.Drafted)
    assert drafted.originator_id == RulebookEdition.create_id("gz-parent-school", "2026.1")
    assert Rulebook.model_validate(drafted.rules) == RULES
    assert drafted.sha256 == fingerprint(drafted.rules)


def test_rules_that_contradict_each_other_are_not_drafted() -> None:
    with pytest.raises(RulebookContradicts) as refused:
        RulebookEdition.draft(changed("attendance.half_credit_min_percent", 80), by(CHEN))

    reasons = refused.value.facts["reasons"]
    assert reasons == (("half_not_below_full", "attendance.half_credit_min_percent"),)


def test_what_nobody_tried_out_is_not_published() -> None:
    drafted = RulebookEdition.draft(edition(), by(CHEN))
    with refused(RulebookNotRehearsed, version="2026.2"):
        rehearse(drafted, sha256=first().sha256)
    with refused(RulebookNotRehearsed, version="2026.2"):
        drafted.publish(by(LIN, IN_TIME))
    assert len(news(drafted)) == 1


def test_a_dry_run_is_recorded_once() -> None:
    drafted = RulebookEdition.draft(edition(), by(CHEN))
    rehearse(drafted)
    rehearse(drafted)
    _, finished = news(drafted)
    assert isinstance(finished, RulebookEdition.DryRunFinished)
    assert (finished.sha256, finished.totals.learners) == (drafted.sha256, 3)
    assert (finished.effects_sha256, finished.since) == ("e" * 64, SINCE)


def test_the_rules_in_force_may_ask_for_a_longer_notice_than_the_new_ones() -> None:
    drafted = draft()
    earliest = date(2027, 3, 11)  # 30 days after 9 February
    with refused(RulebookNoticeTooShort, effective_from=FROM, earliest=earliest):
        drafted.publish(by(LIN, IN_TIME), notice_days=30)
    drafted.publish(by(LIN, IN_TIME), notice_days=7)
    assert drafted.is_published


def test_a_version_is_short_and_plain() -> None:
    for version in ("2026.1+x", "", "a:b", "第二版", "1" * 25):
        with pytest.raises(RulebookContradicts) as refused:
            RulebookEdition.draft(edition(version), by(CHEN))
        assert refused.value.facts["reasons"] == (("version_malformed", "version"),)


def test_a_second_person_publishes() -> None:
    drafted = draft()

    drafted.publish(by(LIN, IN_TIME))

    [published] = news(drafted)
    assert isinstance(published, RulebookEdition.Published)
    assert (published.version, published.effective_from) == ("2026.2", FROM)
    assert published.sha256 == fingerprint(published.rules)
    assert drafted.binds


def test_whoever_drafted_does_not_publish() -> None:
    drafted = draft()
    with refused(RulebookNeedsSecondPerson, version="2026.2"):
        drafted.publish(by(CHEN, IN_TIME))
    assert news(drafted) == []


@given(seconds=st.integers(-2, 2))
def test_rules_are_published_fourteen_days_ahead(seconds: int) -> None:
    drafted = draft()
    fourteenth_day_ends = MIDNIGHT - timedelta(days=13)
    envelope = by(LIN, fourteenth_day_ends + timedelta(seconds=seconds))
    if seconds < 0:
        drafted.publish(envelope)
        assert drafted.is_published
    else:
        with pytest.raises(RulebookNoticeTooShort):
            drafted.publish(envelope)


def test_the_first_edition_binds_from_set_up_on() -> None:
    begun = RulebookEdition.draft(RULES, by(CHEN))
    begun.publish_at_set_up([begun], by(CHEN))
    assert in_force([begun], RULES.effective_from).rulebook == RULES


def test_a_second_edition_is_not_published_at_set_up() -> None:
    second = draft()
    with refused(RulebookNotTheFirst, version="2026.2"):
        second.publish_at_set_up([first(), second], by(LIN))
    assert news(second) == []


def test_what_is_published_is_not_published_again() -> None:
    begun = first()
    with refused(RulebookAlreadyPublished, version="2026.1"):
        begun.publish(by(LIN))
    with pytest.raises(RulebookAlreadyPublished):
        begun.publish_at_set_up([], by(LIN))


@given(seconds=st.integers(-2, 2))
def test_an_edition_is_withdrawn_only_before_it_takes_effect(seconds: int) -> None:
    published = draft()
    published.publish(by(LIN, IN_TIME))
    envelope = by(LIN, MIDNIGHT + timedelta(seconds=seconds))
    if seconds < 0:
        published.withdraw(envelope)
        assert not published.binds
    else:
        with refused(RulebookInForce, effective_from=FROM):
            published.withdraw(envelope)


def test_a_draft_may_be_withdrawn_at_any_time_and_does_not_come_back() -> None:
    drafted = draft()
    drafted.withdraw(by(CHEN, MIDNIGHT + timedelta(days=9)))

    [withdrawn] = news(drafted)
    assert isinstance(withdrawn, RulebookEdition.Withdrawn)
    with refused(RulebookWithdrawn, version="2026.2"):
        drafted.publish(by(LIN, IN_TIME))
    with refused(RulebookWithdrawn, version="2026.2"):
        drafted.withdraw(by(LIN, IN_TIME))


@given(days=st.integers(-2, 2))
def test_the_last_edition_to_take_effect_is_the_law(days: int) -> None:
    later = draft()
    later.publish(by(LIN, IN_TIME))
    version = in_force([later, first()], FROM + timedelta(days=days)).rulebook_version
    assert version == ("2026.1" if days < 0 else "2026.2")


def test_of_two_editions_for_one_day_the_later_announcement_is_the_law() -> None:
    earlier, later = draft("2026.9"), draft("2026.10")
    later.publish(by(LIN, IN_TIME + timedelta(seconds=1)))
    earlier.publish(by(LIN, IN_TIME))
    assert in_force([earlier, later], FROM).rulebook_version == "2026.10"
    assert in_force([later, earlier], FROM).rulebook_version == "2026.10"


def test_a_draft_and_a_withdrawn_edition_never_bind() -> None:
    withdrawn = draft("2026.3")
    withdrawn.publish(by(LIN, IN_TIME))
    withdrawn.withdraw(by(LIN, IN_TIME))
    assert in_force([draft(), withdrawn, first()], FROM).rulebook_version == "2026.1"


def test_before_the_first_edition_there_is_no_law() -> None:
    before = RULES.effective_from - timedelta(days=1)
    with refused(NoRulebookInForce, on=before):
        in_force([first()], before)


def test_rules_are_found_by_the_version_that_a_credit_names() -> None:
    assert published([draft(), first()], "2026.1").rulebook == RULES
    with refused(UnknownRulebook, version="2026.2"):
        published([draft(), first()], "2026.2")


def test_an_edition_comes_back_from_its_history() -> None:
    drafted = RulebookEdition.draft(edition(), by(CHEN))
    rehearse(drafted)
    drafted.publish(by(LIN, IN_TIME))
    drafted.withdraw(by(LIN, IN_TIME))

    again = history(news(drafted))

    assert isinstance(again, RulebookEdition)
    assert again.rulebook == edition()
    assert (again.is_published, again.is_withdrawn) == (True, True)


def test_the_day_of_an_edition_is_that_of_its_own_time_zone() -> None:
    """In Guangzhou it is the first of March; where the rules say UTC it is still February."""
    elsewhere = edition().model_copy(update={"time_zone": "UTC"})
    drafted = RulebookEdition.draft(elsewhere, by(CHEN))
    rehearse(drafted)
    drafted.publish(by(LIN, IN_TIME))
    drafted.withdraw(by(LIN, MIDNIGHT + timedelta(hours=7)))
    assert drafted.is_withdrawn
