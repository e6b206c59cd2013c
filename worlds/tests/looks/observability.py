"""What the product says about its own health."""

from looking import CHAT_HOST, state

LOOKS = {
    "health-broken": lambda w: w.get(f"{CHAT_HOST}/healthz").status == 500,
    "health-gone": lambda w: w.get(f"{CHAT_HOST}/healthz").status == 404,
    "mail-relay-down": lambda w: state(w, "mail") == "failing",
    "ready-silent-about-mail": lambda w: state(w, "mail") is None and state(w, "database") == "ok",
    "health-says-error-in-words": lambda w: "last_error" in w.get(f"{CHAT_HOST}/healthz").text,
    "undeclared-dependency-down": lambda w: state(w, "newsletter") == "failing",
    "mail-down-and-said-so": lambda w: state(w, "mail") == "failing" and w.get(f"{CHAT_HOST}/readyz").status == 503,
    "mail-swallowed": lambda w: state(w, "mail") == "ok" and w.mail_after_sign_up("lost", 0.5) == "",
    "chat-broken-ready-ok": lambda w: (
        w.post(f"{CHAT_HOST}/api/chat", {}).status == 500 and w.get(f"{CHAT_HOST}/readyz").status == 200
    ),
}
