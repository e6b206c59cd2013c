"""Make texts equal that read alike: letter case, accents, look-alikes, other scripts, spaces and punctuation."""

import re
import string
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
"""What nobody sees: format characters, fillers, variation selectors and tags."""

LOOKS_LIKE: Final = dict(
    zip(
        "абвгеѕіјкмнорсԁтухһѵԝԛьАВЕЅІЈКМНОРСТУХԌαβγεηικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧƖɑɡıⅼℓƽ",
        "abbreSijkmhopcdtyxhvwqbABESIJKMHOPCTYXGaByenikvoptuxwABEZHIKMNOPTYXlagillS",
        strict=True,
    )
)
"""Letters that are drawn like a Latin one, by UTS 39's confusables; how they sound is another matter."""

_ASCII_DROP: Final = str.maketrans(
    "", "", string.punctuation + string.whitespace + "".join(map(chr, range(32))) + "\x7f"
)
_LEET: Final = str.maketrans("013457892@$!|+€l", "oieastbgzasiitei")
_SOUNDS: Final = (
    ("qu", "kv"), ("ph", "f"), ("ck", "k"), ("th", "t"), ("sch", "s"), ("sh", "s"), ("x", "ks"), ("q", "k"), ("c", "k"),
    ("w", "v"), ("y", "i"), ("j", "i"), ("z", "s"), ("h", ""),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"(.)\1+")
_NOT_WORD: Final = re.compile(r"[\W_]+")


_LOOKS: Final = str.maketrans(LOOKS_LIKE)


def visible(text: str) -> str:
    """The text without what nobody sees, in compatibility form and without accents; words and case stay."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", INVISIBLE.sub("", text))
    for mark in filter(unicodedata.combining, set(split)):
        split = split.replace(mark, "")
    return split.replace("\u2019", "'").replace("\u2018", "'")


def looking(text: str) -> str:
    """Visible text with look-alikes as the Latin letters that they are drawn like."""
    return text if text.isascii() else anyascii(text.translate(_LOOKS))


def sounding(text: str) -> str:
    """Visible text with every script as Latin letters that sound alike."""
    return text if text.isascii() else anyascii(text)


def readings(text: str) -> tuple[str, ...]:
    """The text as ASCII, by look and by sound; one where they are equal."""
    plain = visible(text)
    if plain.isascii():
        return (plain,)
    return tuple(dict.fromkeys((looking(plain), sounding(plain))))


def squash(ascii_text: str) -> str:
    """Lower-case letters and digits only."""
    return ascii_text.lower().translate(_ASCII_DROP)


def leet(ascii_text: str) -> str:
    """Squashed, with digits and signs as the letters that they stand for, and l as i."""
    return ascii_text.lower().translate(_LEET).translate(_ASCII_DROP)


def phonetic(ascii_text: str) -> str:
    """Squashed, with letters that sound alike as one: names come back like that from other scripts."""
    text = squash(ascii_text)
    for letters, sound in _SOUNDS:
        text = text.replace(letters, sound)
    return _DOUBLED.sub(r"\1", text)


def words_of(text: str) -> list[str]:
    """Lower-case words without accents; a character of a script without spaces is a word of its own."""
    plain = visible(text).lower()
    if not plain.isascii():
        plain = _NO_SPACES.sub(r" \g<0> ", plain)
    return [word for word in _NOT_WORD.split(plain.replace("n't", " not").replace("'", "")) if word]


_NO_SPACES: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


@lru_cache(maxsize=4096)
def squashed_value(value: str) -> str:
    """A planted value, squashed; by its sound where it is not ASCII."""
    return squash(sounding(visible(value)))


def shift(text: str, by: int) -> str:
    """Lower-case ASCII letters moved on in the alphabet by a number of places, round its end."""
    letters = string.ascii_lowercase
    return text.translate(str.maketrans(letters, letters[by:] + letters[:by]))


def mirror(text: str) -> str:
    """Atbash: a for z, b for y."""
    return text.translate(str.maketrans(string.ascii_lowercase, string.ascii_lowercase[::-1]))
