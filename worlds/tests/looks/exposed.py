"""Files that the web server gives to anybody."""

from looking import CHAT_HOST, SITE


def _found(world, url, begin):
    answer = world.get(url)
    return answer.status == 200 and answer.body.startswith(begin)


LOOKS = {
    "settings-published": lambda w: _found(w, f"{CHAT_HOST}/.env", b"MODEL_KEY="),
    "repository-published": lambda w: _found(w, f"{SITE}/.git/HEAD", b"ref: refs/heads/"),
    "backup-published": lambda w: _found(w, f"{CHAT_HOST}/backup.tar.gz", b"\x1f\x8b"),
    "uploads-listed": lambda w: _found(w, f"{CHAT_HOST}/uploads/", b"<html><head><title>Index of"),
    "macos-left-names": lambda w: _found(w, f"{SITE}/.DS_Store", b"\x00\x00\x00\x01Bud1"),
    "endpoints-described": lambda w: _found(w, f"{CHAT_HOST}/openapi.json", b'{"openapi"'),
    "scripts-with-their-source": lambda w: _found(w, f"{CHAT_HOST}/app.js.map", b'{"version": 3'),
    "front-page-for-every-path": lambda w: _found(w, f"{SITE}/no-such-page", b"<!doctype html>"),
    "settings-for-browsers-published": lambda w: _found(w, f"{CHAT_HOST}/.env", b"VITE_API_URL="),
    "trap-for-scanners": lambda w: _found(w, f"{CHAT_HOST}/no-such-page", b"API_KEY=made-up"),
}
