"""Which commit runs, beside what the repository holds."""

from looking import commit, git


def _log(world):
    """Hashes on main, newest first."""
    return git(world, "log", "--format=%H").split()


LOOKS = {
    "deployed-commit-old": lambda w: commit(w) == _log(w)[1],
    "deployed-commit-foreign": lambda w: commit(w) not in _log(w) and len(commit(w)) == 40,
    "deployed-commit-abbreviated": lambda w: commit(w) == _log(w)[0][:12],
}
