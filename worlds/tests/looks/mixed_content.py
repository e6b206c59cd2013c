"""What pages under https ask for over plain http."""

from looking import CHAT_HOST, SITE

from launchready_worlds.addresses import APEX

LOOKS = {
    "font-over-http-in-an-imported-style": lambda w: 'url("http://' in w.get(f"{SITE}/base.css").text,
    "image-over-http": lambda w: '<img src="http://' in w.get(f"{SITE}/").text,
    "login-posts-over-http": lambda w: 'action="http://' in w.get(f"{CHAT_HOST}/login").text,
    "chat-socket-open": lambda w: "ws://" in w.get(f"{CHAT_HOST}/widget.js").text,
    "http-upgraded-by-policy": lambda w: (
        f'src="http://{APEX}/static/' in w.get(f"{SITE}/").text
        and "upgrade-insecure-requests" in w.get(f"{SITE}/").headers["content-security-policy"]
    ),
    "http-only-in-names": lambda w: "http://schema.org" in w.get(f"{SITE}/").text,
}
