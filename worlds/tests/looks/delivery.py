"""Which commit runs, beside what the repository holds."""

import json

from looking import CHAT_HOST, git


def _log(world):
    """Hashes on main, newest first."""
    return git(world, "log", "--format=%H").split()


def _commit(world):
    return json.loads(world.get(f"{CHAT_HOST}/version").body)["commit"]


LOOKS = {
    "deployed-commit-old": lambda w: _commit(w) == _log(w)[1],
    "deployed-commit-foreign": lambda w: _commit(w) not in _log(w) and len(_commit(w)) == 40,
    "deployed-commit-abbreviated": lambda w: _commit(w) == _log(w)[0][:12],
}
