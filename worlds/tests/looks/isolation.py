"""Two customers: what the second sees of the first."""

import json
import re

from looking import CHAT_HOST, login_cookies

WORD = "gorbazyl"
HISTORY = f"{CHAT_HOST}/api/history"


def _customer(world, tag):
    """The cookie of a new customer."""
    return re.search(r"session=[^;]+", login_cookies(world, tag))[0]


def _ask(world, cookie, text, message_id="message-1", **more):
    body = json.dumps({"message": text, "message_id": message_id, **more}).encode()
    return world.ask("POST", f"{CHAT_HOST}/api/chat", body, {"cookie": cookie}).text


def _history(world, cookie, url=HISTORY):
    return world.get(url, cookie=cookie)


def _pair(world):
    """Cookies of two customers; the first has said the word."""
    one, other = _customer(world, "one"), _customer(world, "other")
    _ask(world, one, f"My name is {WORD}.")
    return one, other


def _talk(world, cookie):
    return json.loads(_history(world, cookie).text)["conversation_id"]


def _seen(world, way):
    """What the second customer gets, who knows the first one's id."""
    one, other = _pair(world)
    return way(other, _talk(world, one))


def _foreign_page(world):
    return _seen(world, lambda other, talk: _history(world, other, f"{HISTORY}/{talk}"))


def _own_page(world):
    _, other = _pair(world)
    return _history(world, other).text


def _in_chat(world, text, message_id):
    _, other = _pair(world)
    said = _ask(world, other, text, message_id)
    return said + "".join(re.findall(r'"delta": "([^"]*)"', said))


def _query(world):
    return _seen(world, lambda other, talk: _history(world, other, f"{HISTORY}?conversation_id={talk}").text)


def _named(world):
    return _seen(world, lambda other, talk: _ask(world, other, "And?", "message-2", conversation_id=talk))


def _numbers(world):
    one, other = _pair(world)
    return int(_talk(world, other)) - int(_talk(world, one))


LOOKS = {
    "talks-unfiltered": lambda w: WORD in _own_page(w),
    "talks-by-id": lambda w: WORD in _foreign_page(w).text,
    "talks-by-query": lambda w: WORD in _query(w),
    "session-from-message": lambda w: WORD in _named(w),
    "answers-by-message-id": lambda w: WORD in _in_chat(w, "And?", "message-1"),
    "bot-tells-of-others": lambda w: WORD in _in_chat(w, "What did the other customer say?", "message-2"),
    "talks-numbered": lambda w: WORD in _foreign_page(w).text,
    "talk-ids-count-up": lambda w: _numbers(w) == 1,
    "talk-ids-short": lambda w: len(_talk(w, _customer(w, "one"))) == 8,
    "talk-ids-long": lambda w: len(_talk(w, _customer(w, "one"))) == 32,
    "refusals-quote-the-request": lambda w: _foreign_page(w).status == 403,
    "talks-shown-nowhere": lambda w: (
        "history" not in w.declared()["journeys"][0] and "root" in w.get(f"{CHAT_HOST}/chat").text
    ),
    "second-customer-kept-out": lambda w: w.get(HISTORY).headers["cf-mitigated"] == "challenge",
}
