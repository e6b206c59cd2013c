"""How many requests one visitor may send to the chat, the sign-up and the coach."""

from looking import CHAT_HOST, SITE

FORGED = {"x_forwarded_for": "198.51.100.7"}


def _chats(world, count, session="a", **headers):
    """Statuses of messages from a session that nobody has, which the product answers with 401."""
    asked = [world.post(f"{CHAT_HOST}/api/chat", {}, cookie=f"session={session}", **headers) for _ in range(count)]
    return [answer.status for answer in asked]


def _signups(world, count):
    return [world.post(f"{CHAT_HOST}/signup", {}).status for _ in range(count)]


def _refusal(world):
    """The answer to a message over the chat's limit."""
    _chats(world, 20, "c")
    refused = world.post(f"{CHAT_HOST}/api/chat", {}, cookie="session=c")
    assert refused.status == 429
    return refused


def _leads(world, count):
    return [world.post(f"{SITE}/leads", {}).status for _ in range(count)]


LOOKS = {
    "chat-limit-missing": lambda w: set(_chats(w, 25)) == {401},
    "signup-limit-missing": lambda w: set(_signups(w, 35)) == {422},
    "lead-limit-missing": lambda w: set(_leads(w, 35)) == {422},
    "chat-limit-counts-everybody": lambda w: _chats(w, 21)[-2:] == [401, 429] and _chats(w, 1, "b") == [429],
    "limits-trust-forwarded-for": lambda w: _chats(w, 21)[-1] == 429 and _chats(w, 1, **FORGED) == [401],
    "limits-trust-cf-connecting-ip": lambda w: (
        _chats(w, 21)[-1] == 429 and _chats(w, 1, cf_connecting_ip="198.51.100.7") == [401]
    ),
    "limits-say-no-time": lambda w: _refusal(w).headers.get("retry-after") is None,
    "limits-patient": lambda w: _chats(w, 37)[-2:] == [401, 429],
    "forwarded-address-ignored": lambda w: (
        _chats(w, 21)[-1] == 429 and _chats(w, 1, x_edge_visitor="198.51.100.7") == [401]
    ),
    "doors-challenge-robots": lambda w: w.post(f"{CHAT_HOST}/signup", {}).headers["cf-mitigated"] == "challenge",
}
