"""What a page says its own address is: `link rel=canonical` (RFC 6596) and Open Graph's `og:url` (https://ogp.me/)."""

import functools
from dataclasses import dataclass
from typing import Final

from launchready.parse.html_tokens import StartTag, tokenize


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """As written and in order, relative to `base_href` where that is not None."""

    canonicals: tuple[str, ...]
    og_urls: tuple[str, ...]
    base_href: str | None


PAGES_REMEMBERED: Final = 24
"""Pages whose reading is kept, by their text: a page is compared with its copies, which are often the same."""


@functools.lru_cache(maxsize=PAGES_REMEMBERED)
def read_own_address(text: str) -> OwnAddress:
    """Read any text as HTML; time is linear in its length. Empty values say nothing and are left out."""
    tags = [token for token in tokenize(text)[0] if isinstance(token, StartTag)]
    canonicals = [tag.attributes.get("href", "").strip() for tag in tags if _is_canonical(tag)]
    og_urls = [tag.attributes.get("content", "").strip() for tag in tags if _is_og_url(tag)]
    bases = (tag.attributes["href"] for tag in tags if tag.name == "base" and "href" in tag.attributes)
    return OwnAddress(tuple(filter(None, canonicals)), tuple(filter(None, og_urls)), next(bases, None))


def _is_canonical(tag: StartTag) -> bool:
    return tag.name == "link" and "canonical" in tag.attributes.get("rel", "").lower().split()


def _is_og_url(tag: StartTag) -> bool:
    """Open Graph says `property`; many pages write `name`, and readers take both."""
    named = {tag.attributes.get(key, "").strip().lower() for key in ("property", "name")}
    return tag.name == "meta" and "og:url" in named
