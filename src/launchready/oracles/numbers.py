"""Numbers and amounts in whatever way they are written: 1317, 1 317, 1,317.00, 1.317,- or in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from launchready.oracles.fold import squashed_value

MIN_DIGITS: Final = 3
"""Significant digits from which a number is odd enough: two of them stand in any text."""

_AMOUNT: Final = re.compile(r"^\D{0,6}(\d[\d .,'\u00a0\u202f_]*)\D{0,6}$")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_UNITS: Final = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GERMAN: Final = _listed(
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_GERMAN_TENS: Final = ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_SPANISH: Final = _listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_SPANISH_TENS: Final = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_SPANISH_HUNDREDS: Final = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_FRENCH: Final = _listed(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_FRENCH_TENS: Final = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "")
_ITALIAN: Final = _listed(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
)
_ITALIAN_TENS: Final = (
    "",
    "",
    "venti",
    "trenta",
    "quaranta",
    "cinquanta",
    "sessanta",
    "settanta",
    "ottanta",
    "novanta",
)
_DUTCH: Final = _listed(
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien"
)
_DUTCH_TENS: Final = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
MAX_IN_WORDS: Final = 999_999
"""Larger numbers are told in digits."""


@dataclass(frozen=True, slots=True)
class NumberForms:
    """How a number is found: a pattern over ASCII text, and words without spaces."""

    digits: re.Pattern[str]
    words: tuple[str, ...]
    significant: int


def as_number(value: str) -> tuple[str, str] | None:
    """Whole part and fraction of a text that is one number, with or without a currency; else None."""
    found = _AMOUNT.match(value.strip())
    if found is None:
        return None
    text = re.sub(r"[\s'_\u00a0\u202f]", "", found[1]).rstrip(".,")
    fraction = re.search(r"[.,](\d{1,2})$", text)
    whole = text[: fraction.start()] if fraction else text
    return re.sub(r"\D", "", whole).lstrip("0") or "0", fraction[1] if fraction else ""


@lru_cache(maxsize=1024)
def forms_of(whole: str, fraction: str) -> NumberForms:
    """Every usual way of writing a number."""
    gap = r"[ .,'_\-]?"
    short = len(whole) < MIN_DIGITS
    grouped = _grouped(whole, gap)
    spaced = "" if short else "|" + r"[ \-]{1,2}".join(whole)
    tail = rf"[.,]{re.escape(fraction)}0?" if fraction and short else _any_fraction(fraction)
    pattern = rf"(?<![\d])(?<!\d[.,])(?:{grouped}{tail}{spaced})(?!\d)(?![.,]\d)"
    words = () if short and fraction else tuple(dict.fromkeys(squashed_value(w) for w in _in_words(whole)))
    return NumberForms(re.compile(pattern), words, len((whole + fraction).strip("0")) or 1)


def _any_fraction(fraction: str) -> str:
    same = rf"|[.,]{re.escape(fraction)}" if fraction else ""
    return rf"(?:[.,](?:0{{1,2}}|-){same})?"


def _grouped(whole: str, gap: str) -> str:
    first = len(whole) % 3
    groups = ([whole[:first]] if first else []) + [whole[i : i + 3] for i in range(first, len(whole), 3)]
    return gap.join(groups)


def _in_words(whole: str) -> list[str]:
    number = int(whole) if len(whole) < 10 else MAX_IN_WORDS + 1
    digit_by_digit = "".join(_UNITS[int(d)] for d in whole)
    if number > MAX_IN_WORDS:
        return [digit_by_digit]
    told = [_english(number, "and"), _english(number, ""), digit_by_digit, _german(number), _spanish(number)]
    if 1000 < number < 10_000 and number % 1000 >= 100:
        hundreds, rest = divmod(number, 100)
        tail = _english(rest, "") if rest else ""
        told += [f"{_english(hundreds, '')}hundred{joint}{tail}" for joint in ("", "and")]
        told += [_german(hundreds) + "hundert" + (_german(rest) if rest else "")]
        told += [_dutch(hundreds) + "honderd" + (_dutch(rest) if rest else "")]
    italian = _italian(number)
    told += [word.replace("ö", "oe").replace("ü", "ue") for word in told]
    return [*told, _french(number), italian, italian.replace("centoott", "centott"), _dutch(number)]


def _english(number: int, joint: str) -> str:
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return _TENS[number // 10] + (_UNITS[number % 10] if number % 10 else "")
    unit, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, unit)
    link = joint if rest and (unit == 100 or rest < 100) else ""
    return _english(head, joint) + word + link + (_english(rest, joint) if rest else "")


def _over(number: int, unit: int, tell: Callable[[int], str], words: tuple[str, str]) -> str:
    """Hundreds or thousands and what is over them; the words are those for one and for several of the unit."""
    several, rest = divmod(number, unit)
    one, many = words
    return (one if several == 1 else tell(several) + many) + (tell(rest) if rest else "")


def _german(number: int) -> str:
    if number < 20:
        return "eins" if number == 1 else _GERMAN[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return (f"{_GERMAN[rest]}und" if rest else "") + _GERMAN_TENS[tens]
    if number < 1000:
        return _over(number, 100, _german, ("einhundert", "hundert"))
    return _over(number, 1000, _german, ("eintausend", "tausend"))


def _spanish(number: int) -> str:
    if number < 30:
        return _SPANISH[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _SPANISH_TENS[tens] + (f"y{_SPANISH[rest]}" if rest else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return ("cien" if number == 100 else _SPANISH_HUNDREDS[hundreds]) + (_spanish(rest) if rest else "")
    return _over(number, 1000, _spanish, ("mil", "mil"))


def _french(number: int) -> str:
    if number < 20:
        return _FRENCH[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        rest += 10 if tens in {7, 9} else 0
        joint = "et" if rest in {1, 11} and tens < 8 else ""
        return _FRENCH_TENS[8 if tens == 9 else tens] + (joint + _FRENCH[rest] if rest else "")
    if number < 1000:
        return _over(number, 100, _french, ("cent", "cent"))
    return _over(number, 1000, _french, ("mille", "mille"))


def _italian(number: int) -> str:
    if number < 20:
        return _ITALIAN[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        begin = _ITALIAN_TENS[tens][:-1] if rest in {1, 8} else _ITALIAN_TENS[tens]
        return begin + (_ITALIAN[rest] if rest else "")
    if number < 1000:
        return _over(number, 100, _italian, ("cento", "cento"))
    return _over(number, 1000, _italian, ("mille", "mila"))


def _dutch(number: int) -> str:
    if number < 20:
        return _DUTCH[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return (f"{_DUTCH[rest]}en" if rest else "") + _DUTCH_TENS[tens]
    if number < 1000:
        return _over(number, 100, _dutch, ("honderd", "honderd"))
    return _over(number, 1000, _dutch, ("duizend", "duizend"))
