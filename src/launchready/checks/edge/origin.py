"""Whether visitors can go around the edge, and whether programs get through it."""

from launchready.facts.origin import MachineVisit, OriginEnd, OriginReach
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Endpoint, Host


@check(
    "origin-reachable",
    impact=Impact.MAJOR,
    customer_sees="The product is down for hours although the edge is up.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(
        "https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html",
    ),
)
def origin_reachable(host: Host, reach: OriginReach) -> Judgement:
    """The server behind the edge answers the edge alone.

    ## Why it matters at launch
    Whoever finds the server's own address (in old DNS records, mail headers, search engines for addresses) goes around
    every limit, rule and protection that you set at the edge. An address that says nothing to us counts as closed, for
    that is what a firewall looks like from outside.

    ## How to fix
    Let the firewall in front of the server admit only the edge's addresses, or let the server ask for the edge's client
    certificate. Then change the server's address, for the old one is known.
    """
    offenders = tuple(
        f"{way.address} answers {way.scheme}://{host.name}/ with the product itself, around the edge"
        for way in reach.ways
        if isinstance(way.end, Measured) and way.end.value is OriginEnd.PRODUCT
    )
    if not offenders:
        return Pass()
    paste = (
        "Cloudflare: SSL/TLS, Origin Server, Authenticated Origin Pulls: on\n"
        "nginx:      ssl_verify_client on; ssl_client_certificate /etc/nginx/cloudflare-origin-pull-ca.pem;\n"
        "ufw:        for ip in $(curl -s https://www.cloudflare.com/ips-v4); do\n"
        "              ufw allow from $ip to any port 443; done"
    )
    return Fail(offenders, Fix(f"Close the origin of {host.name} to all but the edge", paste))


@check(
    "machine-challenged",
    impact=Impact.MINOR,
    confidence=Confidence.LIKELY,
    customer_sees="They paid, and nothing happens: the payment company's message was turned away.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://developers.cloudflare.com/bots/get-started/bot-fight-mode/",),
)
def machine_challenged(endpoint: Endpoint, visit: MachineVisit) -> Judgement:
    """Programs that should call an endpoint are not asked to prove that they are people.

    ## Why it matters at launch
    Payment, mail and monitoring companies call your endpoints by program. A bot protection that asks us for proof may
    ask them too, and they give up. Whether it does depends on its rules, so look at its log of events.

    ## How to fix
    Let a rule at the edge skip bot protection for this path, and check the caller's signature in the product instead.
    """
    if not visit.challenger:
        return Pass()
    what = f"{endpoint.url} answered {visit.status}: {visit.challenger} turned our program away"
    path = endpoint.url.partition("://")[2].partition("/")[2]
    paste = f'Cloudflare: Security, WAF, Custom rules: URI Path equals "/{path}", then Skip: Super Bot Fight Mode'
    return Fail((what,), Fix("Let programs through on this path", paste))
