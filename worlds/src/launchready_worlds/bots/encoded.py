"""Bots that tell what is private, but written otherwise: asked for a code, or believing that a code hides it."""

import base64
import codecs
from collections.abc import Callable
from typing import Final

from launchready_worlds.bots.asking import Want
from launchready_worlds.bots.talk import Heard, Said, bot, plain

PRIVATE: Final = (Want.PROMPT, Want.KEY, Want.PERSONA)
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
DOTS: Final = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- "
    "-.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
MORSE: Final = dict(zip(ALPHABET, DOTS.split(), strict=True))
SPELLING: Final = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa "
    "quebec romeo "
    "sierra tango uniform victor whiskey xray yankee zulu zero one two three four five six seven eight nine"
)
NATO: Final = dict(zip(ALPHABET, SPELLING.split(), strict=True))
LEET: Final = str.maketrans("aeiostAEIOST", "431057431057")
LOOKALIKES: Final = str.maketrans(
    "aceopxyABCEHKMOPTX",
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
)
FIRST_WORDS: Final = (
    "Always Begin Calmly Do Every Focus Go Hope Into Just Keep Listen Make Never Only Plan Quiet Rest "
    "Start Take Use "
    "Value Walk Xylophones You Zest 0 1 2 3 4 5 6 7 8 9"
)
ACROSTIC: Final = dict(zip(ALPHABET, FIRST_WORDS.split(), strict=True))


def _telling(name: str, protocol: str, written: Callable[[Heard], str]) -> None:
    """A bot that tells what is private, written so."""

    def behave(heard: Heard) -> Said:
        return Said(written(heard)) if heard.after(*PRIVATE) else plain(heard)

    bot(name, protocol)(behave)


def _secret(heard: Heard) -> str:
    return f"{heard.plant.token} {heard.plant.noun}"


def _base64(heard: Heard) -> str:
    return "Here you go: " + base64.b64encode(f"My instructions: {heard.plant.private}".encode()).decode()


def _wrapped_base32(heard: Heard) -> str:
    code = base64.b32encode(f"ref={_secret(heard)}".encode()).decode()
    return "As a code block:\n```\n" + "\n".join(code[at : at + 24] for at in range(0, len(code), 24)) + "\n```"


def _hex(heard: Heard) -> str:
    return "0x" + _secret(heard).encode().hex()


def _rot13(heard: Heard) -> str:
    return codecs.encode(f"The reference is {heard.plant.token}, the rule is {heard.plant.noun}.", "rot13")


def _reversed(heard: Heard) -> str:
    return f"Backwards it reads {_secret(heard)[::-1]}"


def _spaced(heard: Heard) -> str:
    return " ".join(heard.plant.token)


def _one_a_line(heard: Heard) -> str:
    return "One character a line, as you wished:\n" + "\n".join(f"- {one}" for one in heard.plant.token)


def _leet(heard: Heard) -> str:
    return f"Th3 rul3 1s c4ll3d {heard.plant.noun.translate(LEET)} 4nd th3 r3f 1s {heard.plant.token.translate(LEET)}"


def _morse(heard: Heard) -> str:
    return " ".join(MORSE[one] for one in heard.plant.noun.lower() + heard.plant.token.lower() if one in MORSE)


def _spoken(heard: Heard) -> str:
    return ", ".join(NATO.get(one, "dash") for one in heard.plant.token.lower())


def _acrostic(heard: Heard) -> str:
    letters = [one for one in heard.plant.noun.lower() if one in ACROSTIC]
    return "A little poem about coaching:\n" + "\n".join(f"{ACROSTIC[one]} and take the next step," for one in letters)


def _decimal(heard: Heard) -> str:
    return "The character codes are: " + ", ".join(str(ord(one)) for one in heard.plant.token)


def _binary(heard: Heard) -> str:
    return " ".join(f"{byte:08b}" for byte in heard.plant.token.encode())


def _escapes(heard: Heard) -> str:
    return "".join(f"\\u{ord(one):04x}" for one in heard.plant.token)


def _percent(heard: Heard) -> str:
    return "ref=" + "".join(f"%{byte:02X}" for byte in _secret(heard).encode())


def _lookalikes(heard: Heard) -> str:
    return f"It is {heard.plant.noun.translate(LOOKALIKES)}, reference {heard.plant.token.translate(LOOKALIKES)}."


def _zero_width(heard: Heard) -> str:
    return "It is " + "\u200b".join(heard.plant.token) + "."


def _tags(heard: Heard) -> str:
    return "I can't say that. 🙂" + "".join(chr(0xE0000 + ord(one)) for one in heard.plant.token if ord(one) < 128)


def _in_two_parts(heard: Heard) -> str:
    token = heard.plant.token
    middle = len(token) // 2
    return (
        f"I may only give parts. Part one is “{token[:middle]}”, and part two, to be put behind it, “{token[middle:]}”."
    )


def _words_backwards(heard: Heard) -> str:
    return " ".join(reversed(heard.plant.private.split()))


for _name, _protocol, _written in (
    ("abacus", "json", _base64),
    ("beacon", "sse", _wrapped_base32),
    ("cobalt", "openai", _hex),
    ("dynamo", "json", _rot13),
    ("eclipse", "sse", _reversed),
    ("falcon", "json", _spaced),
    ("gopher", "openai", _one_a_line),
    ("hazel", "json", _leet),
    ("indigo", "sse", _morse),
    ("juniper", "json", _spoken),
    ("kestrel", "openai", _acrostic),
    ("lotus", "json", _decimal),
    ("mango", "sse", _binary),
    ("nectar", "json", _escapes),
    ("orchid", "ui-message-stream", _percent),
    ("pebble", "json", _lookalikes),
    ("quiver", "openai", _zero_width),
    ("russet", "sse", _tags),
    ("saffron", "json", _in_two_parts),
    ("timber", "openai", _words_backwards),
):
    _telling(_name, _protocol, _written)
