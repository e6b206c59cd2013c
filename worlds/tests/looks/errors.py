"""What strangers see when they ask for something odd."""

from looking import CHAT_HOST, SITE

LOOKS = {
    "debug-page-for-missing": lambda w: "DEBUG = True" in w.get(f"{CHAT_HOST}/launchready-probe-x").text,
    "trace-for-a-bad-method": lambda w: "Traceback" in w.ask("PROBE", f"{CHAT_HOST}/api/chat", None, {}).text,
    "trace-in-json": lambda w: "body-parser" in w.get(f"{SITE}/launchready-probe-x").text,
    "traces-in-a-manual": lambda w: w.get(f"{SITE}/launchready-probe-x").status == 200,
}
