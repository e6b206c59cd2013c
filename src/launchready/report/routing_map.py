"""The routing map: name, record, edge, server, purpose, owner and status of each host, from what was seen."""

import json
from dataclasses import asdict, dataclass
from typing import Final, TypeVar

from rich.console import Console
from rich.text import Text

from launchready.facts.domain import HostAddresses
from launchready.facts.redirects import Hop, RedirectMatrix, Walk, WalkEnd, origin_of
from launchready.model.evidence import Evidence
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.report.hostile import printable
from launchready.report.markdown import code, prose
from launchready.report.redirect_rules import Rule, Unseen, rules_of, sentence
from launchready.report.terminal import Pen

SCHEMA_VERSION: Final = 1
"""Of the JSON; raised when a key changes its meaning."""

F = TypeVar("F")
Mark = str
"""How a state looks: "good", "bad" or "open" (nobody knows)."""

MARK_STYLE: Final = {"good": "green", "bad": "red", "open": "yellow"}
MARK_SIGN: Final = {"good": "✓", "bad": "✗", "open": "?"}


@dataclass(frozen=True, slots=True)
class Route:
    """One name from left to right. `records` and all else are ready to be shown; `mark` goes with `status`."""

    name: str
    records: tuple[str, ...]
    edge: str
    server: str
    purpose: str
    owner: str
    status: str
    mark: Mark
    leads_to: str


@dataclass(frozen=True, slots=True)
class RoutingMap:
    """The whole map. `rules` are sentences that `launchready map --check` reads; `unseen` says what could not be."""

    product: str
    at: str
    routes: tuple[Route, ...]
    rules: tuple[str, ...]
    unseen: tuple[str, ...]


def routing_map(evidence: Evidence) -> RoutingMap:
    """The map of what evidence holds."""
    rules = observed_rules(evidence)
    return RoutingMap(
        product=printable(evidence.product.name),
        at=evidence.at.strftime("%d %B %Y, %H:%M UTC"),
        routes=tuple(_route(host, evidence) for host in evidence.product.hosts),
        rules=tuple(sentence(rule) for rule in rules if not isinstance(rule, Unseen)),
        unseen=tuple(printable(f"{rule.start}: {rule.why}") for rule in rules if isinstance(rule, Unseen)),
    )


def observed_rules(evidence: Evidence) -> tuple[Rule | Unseen, ...]:
    """The rules of every declared host; where its redirects were not looked at, both its beginnings are unseen."""
    rules: list[Rule | Unseen] = []
    for host in evidence.product.hosts:
        seen = _seen(RedirectMatrix, host, evidence)
        if isinstance(seen, RedirectMatrix):
            rules += rules_of(seen)
        else:
            rules += [Unseen(f"{scheme}://{host.name}", seen) for scheme in ("http", "https")]
    return tuple(rules)


def _seen(fact: type[F], host: Host, evidence: Evidence) -> F | str:
    """A fact of a host, or why it is missing."""
    name = FACTS[fact].name
    reading = next((e.reading for e in evidence.entries if e.kind == name and e.subject == host.id), None)
    if isinstance(reading, Measured) and isinstance(reading.value, fact):
        return reading.value
    return reading.detail if isinstance(reading, Unmeasured) else "it was not looked at"


def _route(host: Host, evidence: Evidence) -> Route:
    matrix = _seen(RedirectMatrix, host, evidence)
    status, mark, leads_to = _status(host, matrix, evidence.product)
    return Route(
        name=printable(host.name),
        records=tuple(map(printable, _records(_seen(HostAddresses, host, evidence)))),
        edge=printable(_edge(host, matrix)),
        server=printable(_server(host, matrix)),
        purpose=printable(host.purpose) or "purpose not said",
        owner=printable(host.owner) or "nobody named",
        status=printable(status),
        mark=mark,
        leads_to=printable(leads_to),
    )


def _records(addresses: HostAddresses | str) -> list[str]:
    if isinstance(addresses, str):
        return [f"not seen: {addresses}"]
    if not addresses.exists:
        return ["the name does not exist"]
    aliases = [f"CNAME {alias}" for alias in addresses.cname_chain]
    found = [f"{'AAAA' if ':' in address else 'A'} {address}" for address in addresses.addresses]
    return aliases + found or ["the name exists and has no address"]


def _edge(host: Host, matrix: RedirectMatrix | str) -> str:
    """Who passed on what the host answered itself, by the marks that they left."""
    if isinstance(matrix, str) or not (hops := _own_hops(host, matrix)):
        return "not seen"
    names = dict.fromkeys(hop.edge for hop in hops if hop.edge)
    return ", ".join(names) or "none seen"


def _own_hops(host: Host, matrix: RedirectMatrix) -> list[Hop]:
    own = {f"https://{host.name}", f"http://{host.name}"}
    return [hop for walk in matrix.walks for hop in walk.hops if origin_of(hop.url) in own]


def _server(host: Host, matrix: RedirectMatrix | str) -> str:
    """Where the pages are made, as far as the owner said; behind an edge nobody sees it from outside."""
    run_by = f", run by {host.provider}" if host.provider else ""
    if host.origin_addresses:
        return f"{', '.join(host.origin_addresses)}{run_by} (as declared)"
    if isinstance(matrix, str) or not (hops := _own_hops(host, matrix)):
        return f"not seen{run_by}"
    is_behind = any(hop.edge for hop in hops)
    return f"behind the edge{run_by}; its address is not declared" if is_behind else f"at that address{run_by}"


def _status(host: Host, matrix: RedirectMatrix | str, product: Product) -> tuple[str, Mark, str]:
    """What a visitor of the host's https front page meets, how good that is, and the origin that it leads to."""
    if isinstance(matrix, str):
        return f"not seen: {matrix}", "open", ""
    walk = next((entry.walk for entry in matrix.entries if entry.start_url == f"https://{host.name}/"), None)
    if not isinstance(walk, Measured):
        return f"not seen: {'it was not looked at' if walk is None else walk.detail}", "open", ""
    return _status_of(host, walk.value, product)


def _status_of(host: Host, walk: Walk, product: Product) -> tuple[str, Mark, str]:
    if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        return "goes round in a circle", "bad", ""
    end, wanted = origin_of(walk.end_url), host.origin if product.has_file else ""
    leaving = next(
        (origin_of(h.location) for h in walk.hops if h.location and origin_of(h.location) != origin_of(h.url)), ""
    )
    if leaving or end != f"https://{host.name}":
        mark = "good" if end == wanted else "bad" if wanted else "open"
        return f"sends visitors to {end}", mark, end
    status = walk.hops[-1].status
    if status >= 400:
        return f"answers with error {status}", "bad", ""
    is_wanted = not wanted or wanted == end
    return f"shows a page ({status})", "good" if is_wanted else "bad", ""


def render_map_json(seen: RoutingMap) -> str:
    """The map for programs; equal maps have equal bytes."""
    return json.dumps({"schema_version": SCHEMA_VERSION, **asdict(seen)}, indent=2, sort_keys=True) + "\n"


def render_map_markdown(seen: RoutingMap) -> str:
    """The map as a page that is read by people, and by `launchready map --check`."""
    lines = [f"# Where the names of {prose(seen.product)} lead", "", f"As seen on {seen.at}.", ""]
    lines += ["| Name | Points to | Edge | Server | For | Owner | Status |", "|---|---|---|---|---|---|---|"]
    lines += [_row(route) for route in seen.routes]
    lines += ["", "## What visitors experience", ""]
    lines += [f"- {rule}" for rule in seen.rules]
    if seen.unseen:
        lines += ["", "## What could not be seen", "", *(f"- {prose(one)}" for one in seen.unseen)]
    lines += ["", "Does it still hold? Type `launchready map --check THIS-FILE`: each sentence is tried again.", ""]
    return "\n".join(lines)


def _row(route: Route) -> str:
    cells = [
        code(_in_cell(route.name)),
        "<br>".join(prose(_in_cell(record)) for record in route.records),
        *(prose(_in_cell(text)) for text in (route.edge, route.server, route.purpose, route.owner)),
        f"{MARK_SIGN[route.mark]} {prose(_in_cell(route.status))}",
    ]
    return f"| {' | '.join(cells)} |"


def _in_cell(text: str) -> str:
    """Inside a table, a bar ends the cell even in code."""
    return text.replace("|", "¦")


def render_map_terminal(seen: RoutingMap, console: Console) -> None:
    """Print the map, name by name; all of it as `Text`, so that nothing in it is obeyed."""
    pen = Pen(console)
    pen.say(f"Where the names of {seen.product} lead, as seen on {seen.at}", style="bold")
    for route in seen.routes:
        pen.gap()
        state = f"{MARK_SIGN[route.mark]} {route.status}"
        pen.say(Text.assemble((route.name, "bold"), "  ", (state, MARK_STYLE[route.mark])))
        for label, text in _lines(route):
            pen.labelled(label, text)
    pen.heading("What visitors experience")
    for rule in seen.rules:
        pen.bullet(rule.replace("`", ""))
    if seen.unseen:
        pen.heading("What could not be seen")
    for unseen in seen.unseen:
        pen.bullet(unseen)


def _lines(route: Route) -> list[tuple[str, str]]:
    named = [("points to", record) for record in route.records[:1]] + [("", record) for record in route.records[1:]]
    return [
        *named,
        ("edge", route.edge),
        ("server", route.server),
        ("for", route.purpose),
        ("owner", route.owner),
    ]
