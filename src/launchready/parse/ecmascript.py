"""The addresses that a script calls, where they stand as a whole text in the call itself.

The lexical grammar of ECMAScript (https://tc39.es/ecma262/ section 12) as far as it tells code from comments, texts
and regular expressions. A script is not run: what it puts together from pieces is not seen.
"""

import re
from dataclasses import dataclass
from typing import Final

# A slash begins a regular expression where an expression is wanted, else it divides (section 12, goal symbols). After
# a closing parenthesis it may be either; division is the usual one.
_SKIPPED: Final = re.compile(
    r"(?P<line>//|<!--)"
    r"|(?P<block>/\*)"
    r"|(?P<quote>[\"'`])"
    r"|(?P<slash>/)"
)
_ENDS: Final = {
    '"': re.compile(r"(?:[^\"\\\n\r]|\\(?:\r\n|[\s\S]))*"),
    "'": re.compile(r"(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*"),
    "`": re.compile(r"(?:[^`\\]|\\[\s\S])*"),
}
_REGEX: Final = re.compile(r"(?:[^\\/\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+/")
_LINE_END: Final = re.compile(r"[\n\r\u2028\u2029]")
_BEFORE_REGEX: Final = re.compile(
    r"(?:^|[(,=:\[!&|?{};+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|delete|void|throw|new|do|else))[ \t]*\Z"
)
_LOOK_BACK_CHARS: Final = 80

_CALL: Final = re.compile(
    r"(?:^|[^\w$.])(?:(?:window|self|globalThis)\s{0,9}\.\s{0,9})?"
    r"(?P<name>new\s{1,9}(?:WebSocket|EventSource|Worker|SharedWorker)|fetch|import|importScripts"
    r"|(?:navigator\.)sendBeacon|axios(?:\.(?:get|post|put|patch|delete))?|io"
    r"|\$\.(?:get|post|ajax|getJSON|getScript))"
    r"\s{0,9}\(\s{0,9}\Z"
)


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """A call whose first argument is a text: the name of what is called, and the text without its quotes."""

    name: str
    url: str


def read_calls(text: str) -> tuple[ScriptCall, ...]:
    """Calls that fetch or connect to an address given as a plain text, in order.

    Left out are texts with escapes or insertions, for which nobody can say what they become, and empty ones.
    """
    calls, at = list[ScriptCall](), 0
    while (found := _SKIPPED.search(text, at)) is not None:
        before, at = found.start(), found.end()
        match found.lastgroup:
            case "line":
                end = _LINE_END.search(text, at)
                at = len(text) if end is None else end.end()
            case "block":
                end_at = text.find("*/", at)
                at = len(text) if end_at < 0 else end_at + 2
            case "quote":
                said = _ENDS[found["quote"]].match(text, at)
                assert said is not None, "the pattern matches nothing at all, too"
                at = said.end() + 1
                if text[said.end() : at] == found["quote"]:
                    calls += _call(text[max(0, before - _LOOK_BACK_CHARS) : before], said[0])
            case _:
                at = _after_slash(text, before)
    return tuple(calls)


def _call(before: str, said: str) -> list[ScriptCall]:
    if not said or "\\" in said or "${" in said or not before.endswith(("(", " ", "\t", "\n", "\r")):
        return []
    called = _CALL.search(before)
    if called is None:
        return []
    return [ScriptCall(" ".join(called["name"].split()), said)]


def _after_slash(text: str, at: int) -> int:
    """Where to go on after a slash: behind the regular expression that it begins, or behind itself."""
    if _BEFORE_REGEX.search(text[max(0, at - _LOOK_BACK_CHARS) : at].rstrip(" \t") or "("):
        expression = _REGEX.match(text, at + 1)
        if expression is not None:
            return expression.end()
    return at + 1
