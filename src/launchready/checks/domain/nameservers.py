"""Whether all who answer for a domain say the same."""

from launchready.facts.domain import Nameserver, Nameservers, NameserverView
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Domain


@check(
    "nameservers-disagree",
    impact=Impact.BLOCKER,
    customer_sees="The site works for some visitors and not for others, and changes from hour to hour.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc1912#section-2.8", "https://www.rfc-editor.org/rfc/rfc2182#section-3"),
)
def nameservers_disagree(domain: Domain, seen: Nameservers) -> Judgement:
    """Every name server of the domain knows it, and all give the same answers.

    ## Why it matters at launch
    Resolvers pick any of your name servers. One that lags behind, or does not know your domain any more, sends a
    share of your visitors to the old server or to nothing, and you will not see it from your own desk.

    ## How to fix
    Make the server transfer the zone again, or take it out of the NS records here and at the registrar.
    """
    if not seen.servers:
        return NotApplicable(f"{domain.name} has no name servers of its own")
    measured = [(s, s.views.value) for s in seen.servers if isinstance(s.views, Measured)]
    lame = [(s, v) for s, views in measured for v in views if v.refusal or not (v.authoritative or v.alias)]
    if lame:
        names = {server.name: f" ({view.refusal.rstrip('.')})" if view.refusal else "" for server, view in lame}
        return Fail(
            tuple(f"{name} does not answer for {domain.name} with authority{said}" for name, said in names.items()),
            Fix(
                f"Serve {domain.name} on {', '.join(names)}, or take it out of the NS records here and at the registrar"
            ),
        )
    different = _different(measured)
    if different:
        return Fail(different, Fix(f"Transfer the zone {domain.name} again to the name server that lags behind"))
    return Pass()


def _different(measured: list[tuple[Nameserver, tuple[NameserverView, ...]]]) -> tuple[str, ...]:
    """The hosts that servers answer differently, with what each says."""
    says: dict[str, dict[str, str]] = {}
    for server, views in measured:
        for view in views:
            answer = view.alias or ", ".join(view.addresses) or "nothing"
            says.setdefault(view.host, {})[server.name] = answer
    return tuple(
        f"{host}: " + "; ".join(f"{server} says {answer}" for server, answer in sorted(answers.items()))
        for host, answers in sorted(says.items())
        if len(set(answers.values())) > 1
    )
