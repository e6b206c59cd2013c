"""What a page's own Content-Security-Policy does to it. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from launchready.facts.web import BlockedLoad
from launchready.net.http_message import HttpResponse
from launchready.parse.csp import Load, Policy, blocks, read_meta_policies, read_policies
from launchready.parse.html_page import AssetKind, Page
from launchready.probes.plain_loads import base_of
from launchready.probes.walking import absolute_url

DIRECTIVES: Final = {
    AssetKind.SCRIPT: "script-src-elem",
    AssetKind.STYLE: "style-src-elem",
    AssetKind.FRAME: "frame-src",
}
"""What decides on the parts that a page does not work without."""


def policies_of(answer: HttpResponse, page: Page) -> tuple[Policy, ...]:
    """All policies that a browser enforces on a page: those of its headers, then those it names itself."""
    return (*read_policies(answer.values("content-security-policy")), *read_meta_policies(page.policies))


def upgrades(policies: Iterable[Policy]) -> bool:
    """Whether browsers ask for everything over https instead (Upgrade Insecure Requests, section 3)."""
    return any(policy.get("upgrade-insecure-requests") is not None for policy in policies)


def blocked_loads(answer: HttpResponse, page: Page) -> tuple[BlockedLoad, ...]:
    """What the policies of the headers keep out, each once; one in the page counts only from where it stands on."""
    policies = read_policies(answer.values("content-security-policy"))
    found = (
        BlockedLoad(load.url, kind.value, DIRECTIVES[kind])
        for kind, load in _loads(page, answer.url, is_upgraded=upgrades(policies_of(answer, page)))
        if any(blocks(policy, DIRECTIVES[kind], load, answer.url) for policy in policies)
    )
    return tuple(dict.fromkeys(found))


def _loads(page: Page, url: str, *, is_upgraded: bool) -> Iterator[tuple[AssetKind, Load]]:
    """What the page names, as it is asked for."""
    base = base_of(page, url)
    for asset in page.assets:
        target = absolute_url(base, asset.url) if asset.kind in DIRECTIVES else None
        if target is not None:
            secure = f"https://{target.removeprefix('http://')}" if target.startswith("http://") else target
            yield asset.kind, Load(secure if is_upgraded else target, asset.nonce, asset.has_integrity)
