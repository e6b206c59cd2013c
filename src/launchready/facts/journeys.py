"""A customer's way, walked for real."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.facts.received_mail import MailSeen
from launchready.facts.web import CookieSeen
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Journey


class StepName(StrEnum):
    """The steps of the way, in order."""

    SIGN_UP = "sign up"
    MAIL = "receive the mail"
    CONFIRM = "follow the link"
    LOG_IN = "log in"
    ASK = "ask and get an answer"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step: whether it worked, what came back in a sentence, and how long it took."""

    name: StepName
    worked: bool
    detail: str
    took_s: float


@dataclass(frozen=True, slots=True)
class LoginCookie:
    """A cookie that a host set when the visitor logged in, without its value."""

    host: str
    cookie: CookieSeen


@dataclass(frozen=True, slots=True)
class PrivatePage:
    """The page that a visitor sees once they are logged in, and what it lets caches do.

    `names_visitor` is whether it shows their name or address, so that it is theirs alone. `shared_for_s` is for how
    many seconds a cache that serves many may hand it on without asking (0: it may not), `cache_control` why.
    """

    url: str
    names_visitor: bool
    shared_for_s: int
    cache_control: str


@fact(about=Journey)
class SignupWalk:
    """One visitor's way. It ends with the first step that does not work, so the last step says where.

    `mail_links` are the links in the mail that look like a confirmation, without their query, the likeliest first: that
    one is followed. `answer_chars` is the length of the first answer. `mail` is what the mail's receiver makes of it;
    None where none came, or nobody looked. `login_cookies` are those that logging in set, or following the link where
    that logs in; none where the way ended before. `private_page` is what they saw then; None where they got no such.
    """

    steps: tuple[StepTaken, ...]
    mail_links: tuple[str, ...]
    answer_chars: int
    mail: MailSeen | None = None
    login_cookies: tuple[LoginCookie, ...] = ()
    private_page: PrivatePage | None = None

    @property
    def broken_at(self) -> StepTaken | None:
        """The step that did not work; None where the whole way was walked."""
        return next((step for step in self.steps if not step.worked), None)


@dataclass(frozen=True, slots=True)
class VisitorWalk:
    """How one of several visitors fared: the step that failed and why. Both are empty where all went well."""

    failed_step: str
    detail: str


@fact(about=Journey)
class VisitorsTogether:
    """Several visitors who walk the way at the same time; as many as the journey declares."""

    visitors: tuple[Measured[VisitorWalk] | Unmeasured, ...]
