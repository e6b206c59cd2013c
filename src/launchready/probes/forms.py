"""Fill in a form as a person would, by the types and names of its fields. Pure: a page in, a request body out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from launchready.parse.html_page import Form, FormField, Page

PHONE: Final = "+12025550143"
"""A number of the range that belongs to nobody (555-0100 to 555-0199, North American Numbering Plan)."""

MIN_TOKEN_CHARS: Final = 16
"""A hidden value that is at least so long is a key; field names, ids and "1" are shorter."""

_EMAIL: Final = re.compile(r"e-?mail", re.IGNORECASE)
_HANDLE: Final = re.compile(r"user|login|handle|nick|identifier", re.IGNORECASE)
_NAME: Final = re.compile(r"name", re.IGNORECASE)
_AGREED: Final = re.compile(r"terms|agree|accept|consent|privacy|tos|gdpr", re.IGNORECASE)
_WHERE: Final = frozenset({"submit", "image"})
_NEVER_SENT: Final = frozenset({"button", "reset", "file"})
_KEPT: Final = frozenset({"hidden", "select"}) | _WHERE
_UNSEEN: Final = frozenset({"hidden"}) | _WHERE | _NEVER_SENT
_BY_TYPE: Final = {"tel": PHONE, "number": "1", "date": "1990-01-01", "url": "https://example.com/"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who fills in: an address, a password that nothing shows, a name."""

    email: str
    password: str = field(repr=False)
    name: str = "Launch Ready"

    @property
    def handle(self) -> str:
        """A user name, where a form wants one beside the address."""
        return re.sub(r"[^a-z0-9]", "", self.email.partition("@")[0].lower())


@dataclass(frozen=True, slots=True)
class Submission:
    """What the browser would send; the body holds the password, so nothing shows it."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


def signup_form(page: Page) -> Form | None:
    """The form with a password that asks for the most; a log-in in the page's header asks for less."""
    return max(_password_forms(page), key=_questions, default=None)


def login_form(page: Page) -> Form | None:
    """The form with a password that asks for the least."""
    return min(_password_forms(page), key=_questions, default=None)


def lead_form(page: Page) -> Form | None:
    """The form that asks for an address and no password, the one with room for a message first."""
    writing = [form for form in page.forms if form.method == "post" and _asks_for_address(form)]
    return max(writing, key=lambda form: any(item.type == "textarea" for item in form.fields), default=None)


def confirmation_form(page: Page) -> Form | None:
    """A form of one button and a hidden key, which keeps mail scanners from using up the link."""
    return next((form for form in page.forms if form.method == "post" and _is_one_button(form)), None)


def submission(form: Form, page: Page, page_url: str, person: Person) -> Submission:
    """The request that sends a filled-in form, with the headers by which servers know their own pages."""
    base = urljoin(page_url, page.base_href or "")
    parts = urlsplit(page_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", origin),
        ("Referer", f"{origin}{parts.path}"),
    )
    url = urljoin(base, form.action) if form.action else page_url
    return Submission(url, headers, urlencode(list(filled(form, person))).encode())


def filled(form: Form, person: Person) -> Iterator[tuple[str, str]]:
    """Names and values, as a person would leave them.

    A field that nobody must fill in stays as it is: it may be there to catch robots.
    """
    has_address = any(item.type == "email" for item in form.fields)
    chosen = {item.name for item in form.fields if item.type == "radio" and item.checked}
    pressed = False
    for item in form.fields:
        if item.type in _NEVER_SENT or (item.type in _WHERE and pressed):
            continue
        if item.type == "radio":
            if item.checked or (item.required and item.name not in chosen):
                chosen.add(item.name)
                yield item.name, item.value
        elif item.type == "checkbox":
            if item.checked or item.required or _AGREED.search(item.name):
                yield item.name, item.value
        else:
            pressed = pressed or item.type in _WHERE
            yield item.name, _value(item, person, has_address=has_address)


def _value(item: FormField, person: Person, *, has_address: bool) -> str:
    typed = {"password": person.password, "email": person.email}
    if item.type in typed:
        return typed[item.type]
    if item.value or item.type in _KEPT:
        return item.value
    if _EMAIL.search(item.name):
        return person.email
    if _HANDLE.search(item.name):
        return person.handle if has_address else person.email
    if _NAME.search(item.name):
        return person.name
    return _BY_TYPE.get(item.type, person.name) if item.required else ""


def _password_forms(page: Page) -> Iterable[Form]:
    return [form for form in page.forms if form.method == "post" and any(f.type == "password" for f in form.fields)]


def _asks_for_address(form: Form) -> bool:
    types = {item.type for item in form.fields}
    named = any(item.type == "text" and _EMAIL.search(item.name) for item in form.fields)
    return "password" not in types and ("email" in types or named)


def _questions(form: Form) -> int:
    return sum(item.type not in _UNSEEN for item in form.fields)


def _is_one_button(form: Form) -> bool:
    has_key = any(item.type == "hidden" and len(item.value) >= MIN_TOKEN_CHARS for item in form.fields)
    return has_key and all(item.type in _UNSEEN for item in form.fields)
