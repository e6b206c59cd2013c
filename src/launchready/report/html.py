"""The verdict as one page that needs nothing else: no script, no request, readable on a phone and on paper.

Jinja escapes every value; the policy in the head forbids all but the one style sheet, by its hash, should that fail.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from launchready.model.evidence import Evidence
from launchready.model.verdict import Verdict
from launchready.report.page import head, page
from launchready.report.words import spans

# What may become a link: a plain web address without anything that a browser or a reader could take for more.
WEB_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/#?&=%+:,-]*)?")


def render_html(verdict: Verdict, evidence: Evidence) -> str:
    """The report as a self-contained page."""
    return fill("report.html.j2", head=head(verdict), page=page(verdict, evidence))


def fill(template: str, **values: object) -> str:
    """Fill one of our templates; all of them share the frame and the style sheet."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # The style sheet is ours and goes in as it is: the browser compares its bytes with the hash.
    return _environment().get_template(template).render(style=Markup(style), style_hash=f"sha256-{digest}", **values)  # noqa: S704


def is_web_link(address: str) -> bool:
    """Whether an address may become a link."""
    return WEB_LINK.fullmatch(address) is not None


def ticks(text: str) -> Markup:
    """A sentence whose `code` is marked as code; everything is escaped."""
    frames = {True: Markup("<code>{}</code>"), False: Markup("{}")}
    return Markup("").join(frames[code].format(part) for code, part in spans(text))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("launchready.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["ticks"] = ticks
    environment.tests["web_link"] = is_web_link
    return environment


@cache
def _style() -> str:
    return files("launchready.report").joinpath("templates/style.css").read_text("utf-8")
