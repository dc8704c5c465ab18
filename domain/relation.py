"""Relations of a learner to a child: codes of GB/T 4761-2008 (家庭关系代码) that schools use.

The flags are local defaults: a father or a mother is a guardian (Civil Code, art. 27); a
grandparent may be one, then the roster says so; a younger sibling is never a learner.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """What somebody is to the child."""

    code: str
    zh: str
    en: str
    identifier: str
    may_be_learner: bool = True
    counts_as_guardian: bool = False
    also: tuple[str, ...] = ()

    @property
    def is_father_or_mother(self) -> bool:
        """A guardian by law: nobody has to say so, and a roster cannot say otherwise."""
        return self.code in {"51", "52"}

    @property
    def may_be_guardian(self) -> bool:
        """Kin may be. Entrusted care makes nobody a guardian (未成年人保护法, art. 22)."""
        return self.may_be_learner and self.code != "99"


def _parent(code: str, zh: str, en: str, identifier: str, *also: str) -> Relation:
    return Relation(code, zh, en, identifier, counts_as_guardian=True, also=also)


def _kin(code: str, zh: str, en: str, identifier: str, *also: str) -> Relation:
    return Relation(code, zh, en, identifier, also=also)


def _never(code: str, zh: str, en: str, identifier: str, *also: str) -> Relation:
    return Relation(code, zh, en, identifier, may_be_learner=False, also=also)


RELATIONS: tuple[Relation, ...] = (
    _parent("51", "父亲", "father", "father", "父", "爸爸", "爸"),
    _parent("52", "母亲", "mother", "mother", "母", "妈妈", "妈"),
    _parent("57", "继父或养父", "step/adoptive father", "step_or_adoptive_father", "继父", "养父"),
    _parent("58", "继母或养母", "step/adoptive mother", "step_or_adoptive_mother", "继母", "养母"),
    _parent("59", "其他父母关系", "other parental relation", "other_parental"),
    _kin("61", "祖父", "paternal grandfather", "paternal_grandfather", "爷爷", "阿爷"),
    _kin("62", "祖母", "paternal grandmother", "paternal_grandmother", "奶奶", "嫲嫲", "阿嫲"),
    _kin("63", "外祖父", "maternal grandfather", "maternal_grandfather", "外公", "姥爷"),
    _kin("64", "外祖母", "maternal grandmother", "maternal_grandmother", "外婆", "姥姥"),
    _kin("71", "兄", "elder brother", "elder_brother", "哥哥", "兄长"),
    _kin("75", "姐姐", "elder sister", "elder_sister", "姐"),
    _kin("81", "伯父", "father's elder brother", "uncle_father_elder", "伯伯"),
    _kin("82", "伯母", "wife of father's elder brother", "aunt_father_elder_in_law"),
    _kin("83", "叔父", "father's younger brother", "uncle_father_younger", "叔叔"),
    _kin(
        "84", "婶母", "wife of father's younger brother", "aunt_father_younger_in_law", "婶婶", "婶"
    ),
    _kin("85", "舅父", "mother's brother", "uncle_mother", "舅舅", "舅"),
    _kin("86", "舅母", "wife of mother's brother", "aunt_mother_in_law", "舅妈"),
    _kin("87", "姨父", "husband of mother's sister", "uncle_mother_in_law", "姨丈", "姨夫"),
    _kin("88", "姨母", "mother's sister", "aunt_mother", "姨妈", "小姨"),
    _kin("89", "姑父", "husband of father's sister", "uncle_father_in_law", "姑丈", "姑夫"),
    _kin("90", "姑母", "father's sister", "aunt_father", "姑姑", "姑妈"),
    _kin("97", "其他亲属", "other relative", "other_relative"),
    _kin(
        "99",
        "非亲属（委托照护人等）",
        "non-relative carer",
        "other_carer",
        "非亲属",
        "委托照护人",
        "委托照护人等",
    ),
    _never("73", "弟", "younger brother", "younger_brother", "弟弟"),
    _never("77", "妹妹", "younger sister", "younger_sister", "妹"),
)

_BY_CODE = {relation.code: relation for relation in RELATIONS}
_BY_WORD = {
    word: relation
    for relation in RELATIONS
    for word in (relation.code, relation.zh, relation.identifier, *relation.also)
}


def relation_of(code: str) -> Relation:
    """The relation with a code that was recorded. An unknown code is a bug: KeyError."""
    return _BY_CODE[code]


def relation_called(words: str) -> Relation | None:
    """The relation that a school means by a word (父亲, 爸爸, 51), or None."""
    return _BY_WORD.get(words.strip().replace("(", "（").replace(")", "）"))
