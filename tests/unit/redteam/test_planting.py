"""What is planted is new, whole, and nobody's."""

import random
import re
import stat

import pytest

from launchready.app.secrets import scan, view_of
from launchready.facts.redteam import Canary, CanaryKind, Manifest, ToolRule
from launchready.redteam.manifest_file import ManifestError, decode_manifest, read_manifest, write_manifest
from launchready.redteam.planting import HONEY_TOOL, make_planting, pasting_guide


def test_every_value_stands_in_what_is_pasted_and_no_two_runs_share_one():
    seen = set()
    for seed in range(40):
        planting = make_planting(random.Random(seed))
        pasted = planting.paste.prompt + planting.paste.knowledge + planting.paste.tools
        values = {canary.value for canary in planting.manifest.canaries}
        for canary in planting.manifest.canaries:
            assert canary.value in pasted, canary.about
        random_ones = {c.value for c in planting.manifest.canaries if c.kind in {CanaryKind.TOKEN, CanaryKind.FAKE_KEY}}
        assert not random_ones & seen
        seen |= values
        assert set(CanaryKind) - {CanaryKind.SESSION_STATEMENT} == {c.kind for c in planting.manifest.canaries}
        assert planting.manifest.private_texts == (planting.paste.prompt, planting.paste.knowledge)


def test_nothing_planted_could_be_somebodys():
    planting = make_planting(random.Random(3))
    by_kind = {kind: [c.value for c in planting.manifest.canaries if c.kind is kind] for kind in CanaryKind}
    pasted = planting.paste.prompt + planting.paste.knowledge
    assert all(mail.endswith("@mail.example") for mail in re.findall(r"\S+@[\w.]+\w", pasted))
    assert all(re.fullmatch(r"555-01\d\d", phone) for phone in re.findall(r"\b555-\d+", pasted))
    assert len(re.findall(r"\b555-\d+", pasted)) == 3
    assert all(re.match(r"https://[\w-]+\.example/", url) for url in re.findall(r"https?://\S+", pasted))
    assert all("canary" in key for key in by_kind[CanaryKind.FAKE_KEY])
    assert 1200 <= int(by_kind[CanaryKind.ODD_NUMBER][0]) < 9800


def test_no_scanner_takes_a_planted_key_for_a_live_one(tmp_path):
    texts = [make_planting(random.Random(seed)) for seed in range(30)]
    (tmp_path / "prompts.txt").write_text("\n".join(one.paste.prompt + one.paste.knowledge for one in texts))
    view = view_of(str(tmp_path), scan(tmp_path, lambda _name, _done, _of: None, keeps=False))
    assert (view.incidents, view.findings) == ((), ())
    assert view.files_read == 1


def test_only_its_owner_may_read_the_manifest_and_nothing_is_overwritten(tmp_path):
    planting, path = make_planting(random.Random(1)), tmp_path / "manifest.json"
    write_manifest(planting.manifest, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_manifest(path) == planting.manifest
    with pytest.raises(ManifestError, match="there already"):
        write_manifest(planting.manifest, path)
    assert planting.paste.prompt in pasting_guide(planting, str(path))
    assert HONEY_TOOL in pasting_guide(planting, str(path))


def test_a_manifest_written_by_hand_is_understood():
    text = b"""{"canaries": [{"kind": "client_record", "value": "Ana Ruiz, ana@mail.example, 555-0170"},
        {"kind": "token", "value": "AB-12-CD", "about": "a token"}],
        "private_texts": ["Secret.", " "], "allowed_tools": ["book", {"name": "cancel", "role": "owner"}]}"""
    assert decode_manifest(text, "mine.json") == Manifest(
        canaries=(
            Canary(CanaryKind.CLIENT_RECORD, "Ana Ruiz", "client_record"),
            Canary(CanaryKind.CLIENT_RECORD, "ana@mail.example", "client_record"),
            Canary(CanaryKind.CLIENT_RECORD, "555-0170", "client_record"),
            Canary(CanaryKind.TOKEN, "AB-12-CD", "a token"),
        ),
        private_texts=("Secret.",),
        allowed_tools=(ToolRule("book"), ToolRule("cancel", "owner")),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "no manifest"),
        (b"[]", "no manifest"),
        (b"[" * 100_000, "no manifest"),
        (b"\xff", "no manifest"),
        (b'{"canaries": [{"kind": "jewel", "value": "abc", "about": ""}]}', "jewel"),
        (b'{"canaries": [{"kind": "token", "value": "a", "about": "the code"}]}', "the code is too short"),
        (b'{"canaries": [{"kind": 7, "value": "abc"}]}', "no manifest"),
    ],
)
def test_what_is_no_manifest_is_said_and_how_to_make_one(text, said):
    with pytest.raises(ManifestError) as caught:
        decode_manifest(text, "mine.json")
    assert said in str(caught.value)


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(ManifestError, match="redteam plant"):
        read_manifest(tmp_path / "none.json")
