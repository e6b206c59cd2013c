"""Links between the pages of a product."""

from launchready.facts.links import LinkedNames
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Host


@check(
    "page-links-dead-host",
    impact=Impact.MAJOR,
    customer_sees="They click on your page, and the browser says that it can't find the server.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc8020",),
)
def page_links_dead_host(host: Host, linked: LinkedNames) -> Judgement:
    """The front page links to no name under its own domain that does not exist.

    ## Why it matters at launch
    A link to `app.www.example.com` or to a name that was given up ends on an error page of the browser. It is often the
    log-in or the sign-up that is linked so.

    ## How to fix
    Write the right name into the link, or add the record where the name is meant to exist.
    """
    dead = [one for one in linked.names if isinstance(one.exists, Measured) and not one.exists.value]
    if not dead:
        return Pass()
    names = ", ".join(one.name for one in dead)
    fix = Fix(
        f"Replace each of these addresses on the page of {host.name}, or add a record for {names}",
        "\n".join(one.url for one in dead),
    )
    return Fail(tuple(f"https://{host.name}/ links to {one.url}, and {one.name} has no address" for one in dead), fix)
