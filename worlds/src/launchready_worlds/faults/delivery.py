"""What is deployed is not what was built."""

from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import PRODUCT

SHORT_HASH_CHARS = 12


@fault(
    {"deployed-commit-differs": (PRODUCT,)},
    implies={"deploy-records-missing": (PRODUCT,)},
)
def deployed_commit_old(scene: Scene) -> None:
    """The last deploy failed quietly: visitors still see the version before."""
    scene.commit_behind = 1


@fault(
    {"deployed-commit-differs": (PRODUCT,)},
    implies={"deploy-records-missing": (PRODUCT,)},
)
def deployed_commit_foreign(scene: Scene) -> None:
    """What runs was built from a commit that is not in the repository."""
    scene.product["commit"] = "0123456789abcdef0123456789abcdef01234567"


@decoy(
    {"deployed-commit-differs": (PRODUCT,)},
)
def deployed_commit_abbreviated(scene: Scene) -> None:
    """The product names its commit by the first twelve digits."""
    scene.commit_chars = SHORT_HASH_CHARS
