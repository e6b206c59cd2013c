"""Which versions of TLS a host takes."""

from launchready.facts.tls import Certificates, OldVersions
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Host

PASTE = (
    "nginx:      ssl_protocols TLSv1.2 TLSv1.3;\n"
    "Apache:     SSLProtocol -all +TLSv1.2 +TLSv1.3\n"
    "Cloudflare: SSL/TLS, Edge Certificates, Minimum TLS Version: 1.2"
)


@check(
    "tls-version-old",
    impact=Impact.MINOR,
    customer_sees="Nothing; but a company's security questionnaire or a card provider's scan fails the site.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc8996",),
)
def tls_version_old(host: Host, seen: Certificates, old: OldVersions) -> Judgement:
    """Servers decline TLS 1.0 and 1.1.

    ## Why it matters at launch
    These versions of the encryption behind https are broken by today's standards and have been forbidden since 2021.
    No browser of the last years needs them, and scans that business customers run report them.

    ## How to fix
    Allow TLS 1.2 and 1.3 alone, at the edge where there is one, and at the server.
    """
    del seen  # where no handshake came about at all, an old one says nothing either: that gap keeps this from passing
    taken = tuple(f"{host.name} on {asked.address} takes {asked.version}" for asked in old.taken)
    return Fail(taken, Fix(f"Let {host.name} take TLS 1.2 and 1.3 alone", PASTE)) if taken else Pass()
