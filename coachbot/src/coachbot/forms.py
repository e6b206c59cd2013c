"""What people typed: cleaned, checked, and kept when something is wrong."""

from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile

from coachbot.accounts import canonical_email
from coachbot.mail import EMAIL_ADDRESS
from coachbot.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from coachbot.schema import EMAIL_CHARS, NAME_CHARS

MAX_MESSAGE_CHARS = 2_000
"""Longest message to the coach or to the assistant: a page of text."""


@dataclass(slots=True)
class Form:
    """A form's fields and what is wrong with them.

    Attributes:
        values: What was typed, by field, cleaned.
        errors: By field, what to do about it.
    """

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


def lead_form(data: FormData) -> Form:
    """Read the form to the coach."""
    form = _read(data, "name", "email", "message")
    _check_name(form)
    _check_email(form)
    message = form.values["message"]
    if not message:
        form.errors["message"] = "Please write a few words about what brings you."
    elif len(message) > MAX_MESSAGE_CHARS:
        form.errors["message"] = f"Please shorten your message to {MAX_MESSAGE_CHARS:,} characters."
    return form


def signup_form(data: FormData) -> Form:
    """Read the sign-up."""
    form = _read(data, "name", "email", "password")
    _check_name(form)
    _check_email(form)
    password = form.values["password"]
    if len(password) < MIN_PASSWORD_CHARS:
        form.errors["password"] = f"Please choose a password of at least {MIN_PASSWORD_CHARS} characters."
    elif len(password) > MAX_PASSWORD_CHARS:
        form.errors["password"] = f"Please choose a password of at most {MAX_PASSWORD_CHARS} characters."
    return form


def login_form(data: FormData) -> Form:
    """Read the log-in."""
    form = _read(data, "email", "password")
    form.values["email"] = canonical_email(form.values["email"])[:EMAIL_CHARS]
    form.values["password"] = form.values["password"][:MAX_PASSWORD_CHARS]
    return form


def _read(data: FormData, *names: str) -> Form:
    return Form({name: _text(data.get(name), strip=name != "password") for name in names})


def _text(value: UploadFile | str | None, *, strip: bool) -> str:
    if not isinstance(value, str):
        return ""
    # Line ends as on Unix; NUL is no text and PostgreSQL refuses it.
    text = value.replace("\r\n", "\n").replace("\0", "")
    return text.strip() if strip else text


def _check_name(form: Form) -> None:
    name = " ".join(form.values["name"].split())
    form.values["name"] = name
    if not name:
        form.errors["name"] = "Please tell us your name."
    elif len(name) > NAME_CHARS:
        form.errors["name"] = f"Please shorten your name to {NAME_CHARS} characters."


def _check_email(form: Form) -> None:
    email = canonical_email(form.values["email"])
    form.values["email"] = email
    if not EMAIL_ADDRESS.fullmatch(email) or len(email) > EMAIL_CHARS:
        form.errors["email"] = "Please check your e-mail address; it should look like name@example.org."
