"""What the repository and its folder hold."""

from looking import git

from launchready_worlds.repository import live_key


def _history(world):
    """Every object in the repository, as text."""
    return git(world, "cat-file", "--batch", "--batch-all-objects")


def _refs(world):
    return git(world, "for-each-ref", "--format=%(refname)")


LOOKS = {
    "key-deleted-later": lambda w: live_key() in _history(w) and _refs(w).split() == ["refs/heads/main"],
    "key-on-a-branch": lambda w: live_key() in _history(w) and "refs/heads/try-payments" in _refs(w),
    "key-under-a-tag": lambda w: live_key() in _history(w) and "refs/tags/v0.1-rc1" in _refs(w),
    "repository-missing": lambda w: not (w.world.folder / w.declared()["repository"]["path"]).exists(),
    "only-lookalike-keys": lambda w: "sk_live_xxxx" in _history(w) and live_key() not in _history(w),
    "vault-attestation-expired": lambda w: w.declared()["attestations"][0]["until"] < w.world.scene.now.date(),
    "vault-attested": lambda w: w.declared()["attestations"][0]["until"] > w.world.scene.now.date(),
}
