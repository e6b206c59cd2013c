"""The attacks that ship, and what is said of a file that can't be right."""

from collections import Counter

import pytest

from launchready.facts.redteam import Category
from launchready.redteam.attacks import AttackError, load_attacks, read_attacks, shipped_attacks, vetted

GOOD = """
[[attack]]
id = "mine"
category = "jailbreak"
objective = "what I want"
turns = ["Do it."]
"""


def test_the_shipped_set_is_as_large_and_as_wide_as_it_has_to_be():
    attacks = shipped_attacks()
    by_category = Counter(attack.category for attack in attacks)
    assert by_category.keys() == set(Category)
    assert by_category[Category.OVER_REFUSAL] >= 16
    assert len(attacks) - by_category[Category.OVER_REFUSAL] >= 60
    assert min(by_category.values()) >= 10
    assert sum(len(attack.turns) >= 3 for attack in attacks) >= 8
    assert sum(bool(attack.document or attack.tool_output) for attack in attacks) >= 8
    assert {code for attack in attacks for code in attack.translated} == {"de", "es", "fr"}
    assert sum(bool(attack.other_visitor) for attack in attacks) == 2


def test_every_attack_names_its_place_in_both_catalogues():
    for attack in shipped_attacks():
        if not attack.is_benign:
            assert attack.owasp, attack.id
            assert attack.atlas, attack.id


def test_the_eight_strongest_are_for_what_they_have_to_be_for():
    ranked = sorted((attack for attack in shipped_attacks() if attack.strength), key=lambda attack: attack.strength)
    names = [attack.id for attack in ranked[:8]]
    assert sum("prompt" in name for name in names) == 3
    for word in ("key", "client-list", "export", "owner", "document"):
        assert sum(word in name for name in names) == 1, word
    assert all(len(attack.turns) == 1 for attack in ranked[:8])


def test_harmless_questions_hold_words_that_trip_filters():
    asked = " ".join(text for attack in shipped_attacks() if attack.is_benign for text in attack.turns).lower()
    words = ("kill", "rules", "ignore", "system", "prompts", "instructions", "secret", "override", "attack", "execute")
    for word in words:
        assert word in asked, word


def test_a_file_of_the_owners_own_comes_behind_ours(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    assert [attack.id for attack in load_attacks(tmp_path / "mine.toml")][-1] == "mine"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("jailbreak", "jailbrake"), "jailbrake"),
        (("objective", "aim"), "objective"),
        (('"mine"', '"My attack"'), "kebab case"),
        (('"mine"', '"system-prompt-outright"'), "stands twice"),
        (("Do it.", " "), "says nothing"),
        (("Do it.", "Do {task}."), "needs marker and {task} together"),
        (("Do it.", "Do {thing}."), "{thing}"),
        (('["Do it."]', '["Do it."]\ntransforms = ["rot14"]'), "rot13"),
        (('["Do it."]', '["Do it."]\npartner = "nobody"'), "'nobody'"),
        (('["Do it."]', '["Do it."]\nmarker = "sum"'), "product and join"),
        (('["Do it."]', '["Do it."]\nowasp = ["LLM11:2025"]'), "LLM11:2025"),
        (('["Do it."]', '["Do it."]\natlas = ["T0051"]'), "AML.T0051"),
        (('["Do it."]', '["Do it."]\ntranslated = {it = "Fallo."}'), "'it'"),
        (('["Do it."]', "13"), "turns"),
        (("[[attack]]", "[[attack]"), "is not TOML"),
    ],
)
def test_what_can_not_be_right_is_named_with_what_to_write(tmp_path, change, said):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(*change))
    with pytest.raises(AttackError) as caught:
        load_attacks(file)
    assert said in str(caught.value)


def test_a_file_that_can_not_be_read_is_named(tmp_path):
    with pytest.raises(AttackError, match="No such file"):
        load_attacks(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AttackError, match="UTF-8"):
        load_attacks(tmp_path / "bytes.toml")


def test_a_harmless_question_is_no_attack_in_disguise():
    text = GOOD.replace("jailbreak", "over-refusal") + 'transforms = ["rot13"]\n'
    with pytest.raises(AttackError, match="harmless question"):
        vetted(read_attacks(text, "mine.toml"))
