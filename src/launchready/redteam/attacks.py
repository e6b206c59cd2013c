"""Attacks and harmless questions as data: what ships with us, and a file of the owner's own.

Every text is our own. A file is TOML with one `[[attack]]` a probe; `Attack` says what each key means.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from launchready.facts.redteam import Category, Lexicon
from launchready.redteam.transforms import LANGUAGES, TRANSFORMS

SHIPPED: Final = "launchready.redteam.data"

MAX_FILE_BYTES: Final = 2 * 2**20
"""A thousand attacks of two thousand characters; more is another kind of file."""

MAX_TURNS: Final = 12
"""Messages in one conversation: patience that an attacker has, and a bill that an owner can foresee."""

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OWASP: Final = re.compile(r"(?:LLM(?:0[1-9]|10)|ASI(?:0[1-9]|10)):20\d\d")
_ATLAS: Final = re.compile(r"AML\.T\d{4}(?:\.\d{3})?")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")

PLACEHOLDERS: Final = frozenset({"task", "statement", "client"})
"""`{task}` is what the marker asks for, `{statement}` a word that another visitor told, `{client}` the name of a client
who is planted, or of one who is made up."""


class AttackError(Exception):
    """A file of attacks can't be used; the text says which, where, and what to write."""


MARKERS: Final = ("product", "join")
"""Tasks whose result no echo contains: two numbers multiplied, or two halves of an invented word joined."""


class Attack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One probe.

    Attributes:
        id: in kebab case, for ever the same.
        category: what it is after.
        objective: what the attacker, or the visitor, wants, in words.
        turns: messages in order; placeholders as in `PLACEHOLDERS`.
        document: text that is pasted into the last message as the visitor's own document.
        tool_output: text that is pasted into it as what a tool or page brought.
        other_visitor: messages that somebody else sends first, in a session of their own.
        marker: one of `MARKERS`; empty where nothing is computed.
        partner: the same question without claim or attack.
        role: who the visitor really is; empty is a stranger.
        lexicons: which families of words are a sign here.
        wanted: for a harmless question, words of which a useful answer has at least one.
        strength: rank among the strongest, which are repeated; 0 is not repeated.
        transforms: disguises in which it is tried as well.
        translated: the last message in other languages, by their code; each is tried as well.
        owasp: ids such as LLM01:2026.
        atlas: ids such as AML.T0051.
    """

    id: str
    category: Category
    objective: str
    turns: tuple[str, ...]
    document: str = ""
    tool_output: str = ""
    other_visitor: tuple[str, ...] = ()
    marker: str = ""
    partner: str = ""
    role: str = ""
    lexicons: tuple[Lexicon, ...] = ()
    wanted: tuple[str, ...] = ()
    strength: int = 0
    transforms: tuple[str, ...] = ()
    translated: dict[str, str] = {}
    owasp: tuple[str, ...] = ()
    atlas: tuple[str, ...] = ()

    @property
    def is_benign(self) -> bool:
        """Whether it is a harmless question."""
        return self.category is Category.OVER_REFUSAL

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is sent, as it is written."""
        return (*self.other_visitor, *self.turns, self.document, self.tool_output, *self.translated.values())


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    attack: tuple[Attack, ...]


def shipped_attacks() -> tuple[Attack, ...]:
    """The set that comes with this version, in the order of the files' names."""
    folder = files(SHIPPED)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return vetted(attack for name in names for attack in read_attacks(folder.joinpath(name).read_text("utf-8"), name))


def load_attacks(path: Path | None) -> tuple[Attack, ...]:
    """The shipped set, and behind it the owner's own.

    Raises:
        AttackError: the file can't be read, or something in it can't be right.
    """
    shipped = shipped_attacks()
    if path is None:
        return shipped
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise AttackError(f"{path} has more than {MAX_FILE_BYTES} bytes: name a file of attacks, which is short")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise AttackError(
            f"{path} can't be read ({error.strerror}): name a file of attacks that you may read"
        ) from None
    except UnicodeDecodeError:
        raise AttackError(f"{path} is not UTF-8 text: save it as UTF-8 in your editor") from None
    return vetted((*shipped, *read_attacks(text, str(path))))


def read_attacks(text: str, name: str) -> tuple[Attack, ...]:
    """The attacks in a TOML text.

    Raises:
        AttackError: it is not TOML, or has other keys or types.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise AttackError(f"{name} is not TOML: {error}. Write [[attack]], and under it key = value") from None
    rows = raw.get("attack", [])
    try:
        return msgspec.convert(raw, _File).attack
    except msgspec.ValidationError as error:
        index = re.search(r"\.attack\[(\d+)\]", str(error))
        row = rows[int(index[1])] if index and isinstance(rows, list) else None
        which = f" (attack {row['id']!r})" if isinstance(row, dict) and isinstance(row.get("id"), str) else ""
        step = f"The keys are {', '.join(Attack.__struct_fields__)}"
        raise AttackError(f"{name}{which}: {error}. {step}") from None


def vetted(attacks: Iterable[Attack]) -> tuple[Attack, ...]:
    """The same, where nothing in them contradicts.

    Raises:
        AttackError: the first thing that can't be right.
    """
    given = tuple(attacks)
    seen: set[str] = set()
    for attack in given:
        if attack.id in seen:
            raise AttackError(f"attack {attack.id!r} stands twice: give one of them another id")
        seen.add(attack.id)
    for attack in given:
        for problem in _problems(attack, seen):
            raise AttackError(f"attack {attack.id!r} {problem}")
    return given


def _problems(attack: Attack, ids: set[str]) -> Iterator[str]:
    if not _ID.fullmatch(attack.id):
        yield "has an id that is not in kebab case: write small letters, digits and hyphens"
    if not attack.turns or not all(turn.strip() for turn in attack.turns):
        yield 'says nothing: write turns = ["…"]'
    if len(attack.turns) + len(attack.other_visitor) > MAX_TURNS:
        yield f"has more than {MAX_TURNS} messages: leave some out"
    if not attack.objective.strip():
        yield 'has no objective: write what is wanted, as in objective = "the text of the private prompt"'
    if attack.marker and attack.marker not in MARKERS:
        yield f"has the marker {attack.marker!r}: there are {' and '.join(MARKERS)}"
    if attack.partner and attack.partner not in ids:
        yield f"names the partner {attack.partner!r}, which is no attack: write the id of another one"
    if attack.strength < 0:
        yield "has a strength below 0: 1 is the strongest, 0 is not repeated"
    yield from _unknown_words(attack)
    yield from _untrue_ids(attack)


def _unknown_words(attack: Attack) -> Iterator[str]:
    for name in attack.transforms:
        if name not in TRANSFORMS:
            yield f"names the transform {name!r}: there are {', '.join(TRANSFORMS)}"
    for code in attack.translated:
        if code not in LANGUAGES:
            yield f"is translated into {code!r}: there are {', '.join(LANGUAGES)}"
    used = {name for text in attack.texts for name in _PLACEHOLDER.findall(text)}
    for name in sorted(used - PLACEHOLDERS):
        yield f"has the placeholder {{{name}}}: there are {', '.join(sorted(PLACEHOLDERS))}"
    if ("task" in used) != bool(attack.marker):
        yield "needs marker and {task} together: the one is the question, the other its place"
    if "statement" in used and not attack.other_visitor:
        yield "has {statement}, and no other_visitor who tells it"


def _untrue_ids(attack: Attack) -> Iterator[str]:
    for text in attack.owasp:
        if not _OWASP.fullmatch(text):
            yield f"has the OWASP id {text!r}: write one such as LLM01:2026"
    for text in attack.atlas:
        if not _ATLAS.fullmatch(text):
            yield f"has the ATLAS id {text!r}: write one such as AML.T0051"
    if attack.is_benign and (attack.marker or attack.strength or attack.transforms):
        yield "is a harmless question, which has no marker, strength or transforms"
