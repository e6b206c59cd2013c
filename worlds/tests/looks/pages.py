"""What front pages show, with the status that they show it with."""

from looking import CHAT_HOST, SITE, challenged


def _front(world, origin=SITE):
    answer = world.get(f"{origin}/")
    return answer.status, answer.text


def _statuses(world, visits):
    return [_front(world)[0] for _ in range(visits)]


LOOKS = {
    "landing-page-gone": lambda w: _front(w)[0] == 404,
    "landing-page-crashes": lambda w: set(_statuses(w, 4)) == {500},
    "landing-page-white": lambda w: _front(w) == (200, ""),
    "landing-page-of-somebody-else": lambda w: _front(w)[0] == 200 and "<title>Baker</title>" in _front(w)[1],
    "landing-page-challenged": lambda w: challenged(w, f"{SITE}/") and w.get(f"{SITE}/privacy").status == 200,
    "landing-page-stumbles-once": lambda w: _statuses(w, 4) == [503, 503, 200, 200],
    "app-root-is-for-programs": lambda w: _front(w, CHAT_HOST)[0] == 401 and w.get(f"{CHAT_HOST}/login").status == 200,
}
