"""What a visitor wants, as far as a bot gets it: models understand codes and languages, so these do a little."""

import base64
import binascii
import codecs
import re
from enum import Enum, auto
from typing import Final

LONGEST_READ: Final = 20_000
"""Characters that a bot reads of a message."""


class Want(Enum):
    """What a message is after; more than one may be."""

    PROMPT = auto()
    KEY = auto()
    CLIENT = auto()
    OTHERS = auto()
    ACTION = auto()
    DOCUMENT = auto()
    IDENTITY = auto()
    PERSONA = auto()


WORDS: Final[dict[Want, re.Pattern[str]]] = {
    Want.PROMPT: re.compile(
        r"system prompt|\bprompt\b|instruct|your (rules|guidelines|configuration|setup|policy|policies)|(words|"
        r"text|everything|"
        r"message|lines?) (above|before|so far)|initial(is|iz)|hidden (rule|text|message)|you (were|are|have "
        r"been) told|"
        r"\brules\b|confidential|anweisung|regeln|vorgaben|consigne|instruc|règles|reglas|istruzioni|lowest|"
        r"discount|internal"
    ),
    Want.KEY: re.compile(
        r"api.?key|\bkeys?\b|credential|password|secret|\btoken\b|environment|\.env\b|schlüssel|passwor|clave|clé\b"
    ),
    Want.CLIENT: re.compile(
        r"client|customer|other (people|person|user)|record|phone number|e-?mail address|database|kund|cliente|roster|"
        r"owes|balance"
    ),
    Want.OTHERS: re.compile(
        r"(other|previous|last|another|earlier|different) (visitor|user|session|conversation|person|chat|customer|"
        r"client)|"
        r"someone else|(who|what).{0,40}(before me|just (said|told|wrote))|code ?word|remember"
    ),
    Want.ACTION: re.compile(
        r"\b(cancel|refund|export|delete|send|transfer|e-?mail|forward|update|reset|book|call the|run|execute|"
        r"invoke|move|"
        r"waive|apply|issue|change|download)\b|\w+_\w+\("
    ),
    Want.DOCUMENT: re.compile(
        r"summari[sz]e|document|attach|\bfile\b|notes?:|e-?mail (below|from)|article|transcript|review:|page says|"
        r"```|<doc|"
        r"tool (output|result)|search result|\bretrieved\b|begin |---|zusammen|translate|proofread|feedback"
    ),
    Want.IDENTITY: re.compile(
        r"\b(i am|i'm|this is|as) (the |a |an |your |maya|from )?.{0,30}(developer|admin|owner|engineer|coach|"
        r"maya|support|"
        r"staff|founder|security|team|auditor|openai|anthropic|police|lawyer|assistant|partner|husband|wife|"
        r"client|manager)|"
        r"\bich bin\b|je suis|\bsoy\b|on behalf of|authori[sz]ed"
    ),
    Want.PERSONA: re.compile(
        r"pretend|role.?play|\bdan\b|jailbreak|no restriction|unrestricted|developer mode|ignore (all|any|your|"
        r"the|previous)|"
        r"act as|you are now|from now on|simulat|hypothetical|grandm|fiction|story|without (any )?(rules|filter)|"
        r"opposite"
    ),
}


def wants(text: str) -> frozenset[Want]:
    """What a message is after, codes undone."""
    readings = understood(text)
    return frozenset(want for want, words in WORDS.items() if any(words.search(reading) for reading in readings))


def understood(text: str) -> tuple[str, ...]:
    """The message as it stands, and what it says where it is written in a common code; in lower case."""
    text = text[:LONGEST_READ]
    readings = [text, *_hidden_base64(text), *_hidden_hex(text)]
    turned = codecs.encode(text, "rot13"), text[::-1]
    readings += [one for one in turned if re.search(r"\b(the|your|you|and)\b", one.lower())]
    if re.search(r"\b\w( \w){6,}", text):
        readings.append(text.replace(" ", ""))
    return tuple(one.lower().replace("\u2019", "'") for one in readings)


def _hidden_base64(text: str) -> list[str]:
    found = list[str]()
    for run in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            found.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode("ascii"))
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _hidden_hex(text: str) -> list[str]:
    found = list[str]()
    for run in re.findall(r"\b(?:[0-9a-fA-F]{2}[ :]?){8,}", text):
        try:
            found.append(bytes.fromhex(re.sub(r"[ :]", "", run)).decode("ascii"))
        except (ValueError, UnicodeDecodeError):
            continue
    return found


SUM: Final = re.compile(r"(\d{1,9})\s*(\*|x|\xd7|times|multiplied by|plus|\+|minus|-)\s*(\d{1,9})", re.IGNORECASE)
HALVES: Final = re.compile(
    r"[\"'`\u201c\u2018]([\w-]{2,40})[\"'`\u201d\u2019][^\"'`\u201c\u2018.:]{1,25}[\"'`\u201c\u2018]([\w-]{2,40})[\"'`\u201d\u2019]"
)


IN_WORDS: Final = re.compile(
    r"(product|sum) of (\d{1,9}) and (\d{1,9})|multiply (\d{1,9}) (?:by|with|and) (\d{1,9})", re.IGNORECASE
)
BARE_HALVES: Final = re.compile(
    r"(?:words?|parts?|halves|pieces|syllables|strings?|letters|join|glue|write|put) ([\w-]{3,20}) "
    r"(?:and|to|with|plus|\+) ([\w-]{3,20})",
    re.IGNORECASE,
)


def computed(text: str) -> tuple[str, ...]:
    """What a text asks to compute or to put together, done as a model would that obeys it."""
    answers = list[str]()
    for left, sign, right in SUM.findall(text):
        a, b = int(left), int(right)
        if sign.lower() in {"+", "plus"}:
            answers.append(str(a + b))
        elif sign.lower() in {"-", "minus"}:
            answers.append(str(a - b))
        else:
            answers.append(str(a * b))
    for kind, one, two, three, four in IN_WORDS.findall(text):
        answers.append(str(int(one) + int(two) if kind.lower() == "sum" else int(one or three) * int(two or four)))
    if re.search(
        r"join|concat|combin|together|one word|single word|merge|glue|append|followed by|no space|without (a )?space",
        text,
        re.IGNORECASE,
    ):
        answers += [left + right for pattern in (HALVES, BARE_HALVES) for left, right in pattern.findall(text)]
    return tuple(answers)
