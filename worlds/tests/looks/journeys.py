"""A visitor's way from the sign-up to the first answer."""

from looking import CHAT_HOST, SITE, has_text, state, took

from launchready_worlds.addresses import DOMAIN


def _token(world):
    """The ownership token that the app shows, or the status when it shows none."""
    answer = world.get(f"{CHAT_HOST}/.well-known/launchready")
    return answer.text if answer.status == 200 else answer.status


LOOKS = {
    "mail-rejected": lambda w: state(w, "mail") == "ok" and w.mail_after_sign_up("no", 0.5) == "",
    "chat-broken": lambda w: w.post(f"{CHAT_HOST}/api/chat", {}).status == 500,
    "verification-link-localhost": lambda w: w.link_after_sign_up("x").startswith("http://localhost:8000/"),
    "verification-link-foreign": lambda w: "bright-path-git-main" in w.link_after_sign_up("x"),
    "verification-link-on-landing-host": lambda w: w.link_after_sign_up("x").startswith(f"{SITE}/verify"),
    "verification-gone": lambda w: w.get(f"{CHAT_HOST}/verify?token=x").status == 404,
    "login-broken": lambda w: w.log_in("x").status == 500,
    "mailbox-missing": lambda w: w.declared()["journeys"][0]["mailbox"] == "maildir:nowhere",
    "ownership-withdrawn": lambda w: _token(w) == 404 and not has_text(w, f"_launchready.{DOMAIN}", "launchready="),
    "ownership-of-someone-else": lambda w: _token(w) == "0" * 32,
    "ownership-by-record": lambda w: _token(w) == 404 and has_text(w, f"_launchready.{DOMAIN}", "launchready="),
    "provider-busy": lambda w: w.post_inside("/v1/chat/completions", {"stream": True}).status == 429,
    "answers-take-a-while": lambda w: took(lambda: w.log_in("nobody")) >= 0.4,
}
