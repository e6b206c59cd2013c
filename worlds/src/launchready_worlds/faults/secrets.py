"""Keys where they don't belong."""

from launchready_worlds.declaration import attest
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.repository import History
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import PRODUCT, REPOSITORY

LEAK = {"leaked-key-in-history": (REPOSITORY,)}
TREE = dict.fromkeys(
    ("uncommitted-key-in-code", "key-in-build-output", "key-behind-public-name", "env-file-tracked"), (REPOSITORY,)
)
POSSIBLE = {"possible-key-in-history": (REPOSITORY,)}


@fault(
    LEAK,
)
def key_deleted_later(scene: Scene) -> None:
    """The payment key was committed once and deleted later: everybody with the repository still has it."""
    scene.history = History.KEY_DELETED_LATER


@fault(LEAK)
def key_on_a_branch(scene: Scene) -> None:
    """The payment key is on a branch that was never merged."""
    scene.history = History.KEY_ON_A_BRANCH


@fault(LEAK)
def key_under_a_tag(scene: Scene) -> None:
    """The payment key is only in a release that was tagged once."""
    scene.history = History.KEY_UNDER_A_TAG


@fault(POSSIBLE)
def signing_secret_in_code(scene: Scene) -> None:
    """The secret that signs sessions stands in the settings; its form says nothing, its name does."""
    scene.history = History.SIGNING_SECRET


@fault({"env-file-tracked": (REPOSITORY,)})
def settings_kept_by_git(scene: Scene) -> None:
    """The settings of production, with the session's secret, are a file in the repository."""
    scene.history = History.SETTINGS_KEPT


@fault({"uncommitted-key-in-code": (REPOSITORY,)})
def key_not_committed_yet(scene: Scene) -> None:
    """A script with the payment key lies in the folder, and the next commit takes it."""
    scene.history = History.KEY_NOT_COMMITTED


@fault({"key-in-build-output": (REPOSITORY,)})
def key_in_build(scene: Scene) -> None:
    """The build has put the payment key into a script for browsers."""
    scene.history = History.KEY_IN_BUILD


@fault({"key-behind-public-name": (REPOSITORY,)})
def key_behind_public_name(scene: Scene) -> None:
    """The payment key is given to a VITE_ variable, so that the next build shows it to everybody."""
    scene.history = History.KEY_BEHIND_PUBLIC_NAME


@blind(
    {**LEAK, **POSSIBLE, **TREE, "deployed-commit-differs": (PRODUCT,)},
)
def repository_missing(scene: Scene) -> None:
    """The repository is not where the configuration says."""
    scene.declaration["repository"]["path"] = "nowhere"


@decoy({"secrets-outside-vault": (PRODUCT,)}, Outcome.NOT_MEASURED)
def vault_attestation_expired(scene: Scene) -> None:
    """The word that keys are kept in a vault was given for a time that is over."""
    attest(scene.declaration, scene.now, days=-2)


@decoy({**LEAK, **POSSIBLE, **TREE})
def keys_kept_aside(scene: Scene) -> None:
    """A live key is in `.env`, which git ignores, and the page that was built holds the publishable one."""
    scene.history = History.KEYS_KEPT_ASIDE


@decoy({**LEAK, **POSSIBLE}, implies={"env-example-outdated": (REPOSITORY,)})
def only_lookalike_keys(scene: Scene) -> None:
    """The repository holds a publishable key, placeholders, and a page about keys: none of them opens anything."""
    scene.history = History.ONLY_DECOYS


@good({"secrets-outside-vault": (PRODUCT,)}, Outcome.ATTESTED)
def vault_attested(scene: Scene) -> None:
    """Maya gives her word that keys are kept in a vault, with proof and an end."""
    attest(scene.declaration, scene.now)
