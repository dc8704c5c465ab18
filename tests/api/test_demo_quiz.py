"""The quiz of the demo's micro-class: three questions, each in both languages."""

from __future__ import annotations

from api.demo.studying import QUIZ


def test_three_different_questions_are_asked_in_both_languages() -> None:
    assert len({question.text for question in QUIZ}) == 3
    for question in QUIZ:
        question.must_have_an_answer()
        for words in (question.text, *question.choices):
            chinese, english = words.split("/")
            assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
            assert english.strip().isascii() or "“" in english
