"""What the repository and its folder hold."""

from looking import git

from launchready_worlds.repository import live_key, random_value


def _history(world):
    """Every object in the repository, as text."""
    return git(world, "cat-file", "--batch", "--batch-all-objects")


def _refs(world):
    return git(world, "for-each-ref", "--format=%(refname)")


def _untracked(world, *options):
    """What lies in the folder and in no commit, by path: what git would take next, or what it ignores."""
    names = git(world, "ls-files", "--others", "--exclude-standard", *options).split()
    return {name: (world.world.folder / "repository" / name).read_text() for name in names}


def _ignored(world):
    return _untracked(world, "--ignored")


LOOKS = {
    "key-deleted-later": lambda w: live_key() in _history(w) and _refs(w).split() == ["refs/heads/main"],
    "key-on-a-branch": lambda w: live_key() in _history(w) and "refs/heads/try-payments" in _refs(w),
    "key-under-a-tag": lambda w: live_key() in _history(w) and "refs/tags/v0.1-rc1" in _refs(w),
    "repository-missing": lambda w: not (w.world.folder / w.declared()["repository"]["path"]).exists(),
    "only-lookalike-keys": lambda w: "sk_live_xxxx" in _history(w) and live_key() not in _history(w),
    "vault-attestation-expired": lambda w: w.declared()["attestations"][0]["until"] < w.world.scene.now.date(),
    "vault-attested": lambda w: w.declared()["attestations"][0]["until"] > w.world.scene.now.date(),
    "signing-secret-in-code": lambda w: f'SESSION_SECRET = "{random_value()}"' in _history(w),
    "settings-kept-by-git": lambda w: ".env.production" in git(w, "ls-files").split(),
    "key-not-committed-yet": lambda w: live_key() in "".join(_untracked(w).values()) and live_key() not in _history(w),
    "key-in-build": lambda w: any(name.endswith(".js") and live_key() in text for name, text in _ignored(w).items()),
    "key-behind-public-name": lambda w: _ignored(w) == {".env": f"VITE_STRIPE_KEY={live_key()}\n"},
    "keys-kept-aside": lambda w: _ignored(w)[".env"] == f"STRIPE_API_KEY={live_key()}\n" and len(_ignored(w)) == 2,
}
