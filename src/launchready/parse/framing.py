"""Whether browsers let other sites show a page inside of theirs: frame-ancestors, else X-Frame-Options.

CSP Level 3 section 6.4.2 and the HTML standard, section 7.7 (https://html.spec.whatwg.org/#the-x-frame-options-header).
"""

from collections.abc import Iterable

from launchready.parse.csp import HostSource, Policy, Scheme, read_sources


def may_be_framed_by_anybody(policies: Iterable[Policy], x_frame_options: Iterable[str]) -> bool:
    """Whether any site may frame a page.

    Args:
        policies: of the page's headers; a `meta` can't say this.
        x_frame_options: the values of all X-Frame-Options fields. They count where no policy has frame-ancestors.
    """
    ancestors = [found for policy in policies if (found := policy.get("frame-ancestors")) is not None]
    if ancestors:
        return all(_names_everybody(directive.words) for directive in ancestors)
    words = {word.strip(" \t").lower() for value in x_frame_options for word in value.split(",")}
    known = words & {"deny", "sameorigin", "allowall"}
    # Of several different words browsers take the strictest where one is known, and an unknown one alone is nothing.
    return not known if len(words) > 1 else not known - {"allowall"}


def _names_everybody(words: tuple[str, ...]) -> bool:
    return any(
        source in {Scheme("http"), Scheme("https")} or (isinstance(source, HostSource) and source.host == "*")
        for source in read_sources(words)
    )
