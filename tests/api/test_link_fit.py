"""What a phone says of itself is laid over its class: who it may be, and one doubt, the gravest."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from api.link_fit import Adult, Doubt, Family, Said, fit_of

FATHER = Adult(uuid4(), "51", "（示例）陈建", "10000000001")
GRANDMOTHER = Adult(uuid4(), "62", "（示例）李梅", "")
CHILD = Family(uuid4(), "（示例）陈小", (FATHER, GRANDMOTHER))
OTHER = Family(uuid4(), "（示例）王小", ())
SAID = Said(phone=FATHER.phone, child_name=CHILD.child_name, name="", relation_code="")
UNKNOWN_PHONE = replace(SAID, phone="10000000009")


def doubt(said: Said, **different: bool | Doubt | None) -> Doubt | None:
    is_elsewhere = bool(different.get("is_elsewhere"))
    repeated = different.get("repeated")
    assert not isinstance(repeated, bool)
    return fit_of(said, [CHILD, OTHER], is_elsewhere, repeated).doubt


def test_phone_name_and_child_of_the_roster_leave_no_doubt() -> None:
    fit = fit_of(replace(SAID, name=FATHER.name), [CHILD, OTHER], False, None)
    assert (fit.child_id, fit.adult, fit.doubt) == (CHILD.child_id, FATHER, None)


def test_a_phone_number_alone_makes_nobody_the_parent() -> None:
    fit = fit_of(SAID, [CHILD, OTHER], False, Doubt.SAME_DEVICE)
    assert (fit.adult, fit.doubt) == (FATHER, Doubt.NAME_MISSING)


def test_whom_the_name_finds_may_have_another_phone() -> None:
    fit = fit_of(replace(UNKNOWN_PHONE, name=GRANDMOTHER.name), [CHILD], False, None)
    assert (fit.adult, fit.doubt) == (GRANDMOTHER, Doubt.PHONE_DIFFERS)


def test_a_phone_that_two_adults_share_is_told_apart_by_name() -> None:
    both = replace(GRANDMOTHER, phone=FATHER.phone)
    family = replace(CHILD, adults=(FATHER, both))
    fit = fit_of(replace(SAID, name=both.name), [family], False, None)
    assert (fit.adult, fit.doubt) == (both, None)
    assert fit_of(SAID, [family], False, None).adult is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (replace(SAID, child_name="（示例）没有"), Doubt.CHILD_NOT_IN_CLASS),
        (replace(SAID, name="（示例）别名"), Doubt.NAME_DIFFERS),
        (replace(UNKNOWN_PHONE, name="（示例）新", relation_code="51"), Doubt.RELATION_TAKEN),
        (replace(UNKNOWN_PHONE, name="（示例）新", relation_code="63"), Doubt.NOT_ON_ROSTER),
        (replace(UNKNOWN_PHONE, name="（示例）新"), Doubt.NAME_MISSING),
        (UNKNOWN_PHONE, Doubt.NAME_MISSING),
    ],
)
def test_a_line_shows_one_doubt(said: Said, expected: Doubt) -> None:
    assert doubt(said) == expected


def test_a_second_child_of_that_name_is_for_a_person_to_tell() -> None:
    fit = fit_of(SAID, [CHILD, replace(OTHER, child_name=CHILD.child_name)], False, None)
    assert (fit.child_id, fit.doubt) == (None, Doubt.CHILD_TWICE_IN_CLASS)


def test_the_gravest_doubt_is_shown() -> None:
    stranger = replace(UNKNOWN_PHONE, name="（示例）新", relation_code="51")
    assert doubt(stranger, is_elsewhere=True) is Doubt.PHONE_OF_ANOTHER_FAMILY
    itself = replace(SAID, name=FATHER.name)
    assert doubt(itself, repeated=Doubt.SAME_DEVICE) is Doubt.SAME_DEVICE
    assert (
        doubt(replace(SAID, name="（示例）别名"), repeated=Doubt.ASKED_TWICE) is Doubt.NAME_DIFFERS
    )
