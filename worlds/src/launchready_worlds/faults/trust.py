"""Links that a visitor follows before paying."""

from starlette.responses import PlainTextResponse

from launchready_worlds.addresses import BOOKING, BOOKING_EDGE, HTTPS_PORT, NS_FARM
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import LINK
from launchready_worlds.wrapping import answer

OLDER_URL = f"https://{BOOKING}/maya"
BROKEN = {"link-broken": (LINK,)}


@fault(BROKEN)
def booking_link_gone(scene: Scene) -> None:
    """The page where a call is booked does not exist any more."""
    scene.wrap(BOOKING, answer(lambda: PlainTextResponse("This event type is gone.", 404)))


@fault(BROKEN)
def booking_page_broken(scene: Scene) -> None:
    """The page where a call is booked shows an error."""
    scene.wrap(BOOKING, answer(lambda: PlainTextResponse("Internal Server Error", 500)))


@fault(BROKEN)
def booking_host_unknown(scene: Scene) -> None:
    """The booking link's host does not exist."""
    scene.servers[NS_FARM].zones["calendar.example"].drop("book", "A")


@fault(BROKEN)
def booking_certificate_expired(scene: Scene) -> None:
    """Browsers refuse the booking page: its certificate ran out."""
    scene.certificates[BOOKING] = Certificate.EXPIRED


@blind(BROKEN)
def booking_challenge(scene: Scene) -> None:
    """The booking company's bot protection stops our visit."""
    scene.wrap(BOOKING, answer(challenge))


@blind(BROKEN)
def booking_silent(scene: Scene) -> None:
    """The booking company's server takes connections and says nothing."""
    scene.doors[BOOKING_EDGE, HTTPS_PORT] = Door.SILENT


@decoy(
    {"link-broken": (f"link:{OLDER_URL}",)},
)
def booking_link_moved(scene: Scene) -> None:
    """The declared booking link is an older one that leads to the new page."""
    scene.declaration["links"][0]["url"] = OLDER_URL


@decoy(BROKEN)
def booking_refuses_head(scene: Scene) -> None:
    """The booking page answers GET only; other questions get an error."""
    scene.wrap(
        BOOKING, answer(lambda: PlainTextResponse("Method Not Allowed", 405), lambda asked: asked["method"] != "GET")
    )
