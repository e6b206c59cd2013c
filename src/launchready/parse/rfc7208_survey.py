"""What an SPF record costs whoever evaluates it, over all the records it reaches: RFC 7208 section 4.6.4."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

from launchready.parse.inquiry import Answer, Inquiry, Lookup, Question, Status, answered, is_name
from launchready.parse.rfc7208 import (
    LOOKUP_LIMIT,
    VOID_LOOKUP_LIMIT,
    Directive,
    Mechanism,
    Modifier,
    Spf,
    SpfError,
    is_spf,
    parse_spf,
)
from launchready.parse.rfc7208_macros import as_target

MAX_TERMS: Final = 50
"""Terms that are followed: five times what is allowed tells enough of how far beyond a record is."""


@dataclass(frozen=True, slots=True)
class TermCost:
    """What one term of the domain's own record costs: itself and all it leads to, in look-ups.

    `fault` says what receivers give up at there, or that it finds nothing; empty where they get through it.
    """

    term: str
    lookups: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SpfSurvey:
    """What was found from one domain on.

    Attributes:
        domain: The domain, in lower case.
        record: Its record; None where there is not exactly one valid one, as `broken` says.
        costs: Its terms that cost look-ups, in order of evaluation.
        lookups: Their sum: what a client that nothing matches early makes an evaluator ask. At most MAX_TERMS.
        void: Questions of `a`, `mx` and `exists` that find nothing whoever asks, one a term. Only A is asked for
            `exists`; `a` and `mx` are void where there is neither an A nor an AAAA record.
        broken: Names with no record, several or an invalid one, and why: a permanent error for all mail.
        by_macro: Targets with a macro, which depend on the message: counted, not followed.
        unanswered: Questions that the DNS gave no answer for: then what is above is a lower bound.
        is_complete: Whether all terms were followed.
        fetched: The valid record of each name that was reached.
    """

    domain: str
    record: Spf | None
    costs: tuple[TermCost, ...]
    lookups: int
    void: tuple[Question, ...]
    broken: tuple[tuple[str, str], ...]
    by_macro: tuple[str, ...]
    unanswered: tuple[Question, ...]
    is_complete: bool
    fetched: tuple[tuple[str, Spf], ...]

    @property
    def exceeds_limit(self) -> bool:
        """Whether who is not matched early gets a permerror: an eleventh look-up, or a third void one."""
        return self.lookups > LOOKUP_LIMIT or len(self.void) > VOID_LOOKUP_LIMIT


def survey_spf(domain: str, records: Sequence[Spf] | None = None, *, addresses: bool = True) -> Inquiry[SpfSurvey]:
    """Follow a domain's SPF record through all it includes and redirects to, without a client in mind.

    Args:
        domain: Where to begin.
        records: What to go through in place of the record that is published there, such as one of several.
        addresses: Whether to look what `a`, `mx` and `exists` find, too; without, `void` is empty.

    Raises:
        SpfError: no domain name.
    """
    name = domain.lower().removesuffix(".")
    if not is_name(name):
        raise SpfError("not a domain name")
    return (yield from _Survey(name, addresses=addresses).run(records))


def survey(domain: str, lookup: Lookup) -> SpfSurvey:
    """`survey_spf` with a look-up that answers at once."""
    return answered(survey_spf(domain), lookup)


class _Survey:
    """One walk; a record is asked for once and counted as often as it is reached."""

    def __init__(self, domain: str, *, addresses: bool) -> None:
        self._domain = domain
        self._addresses = addresses
        self._left = MAX_TERMS
        self._records: dict[str, Spf | None] = {}
        self._answers: dict[Question, Answer] = {}
        self._void: list[Question] = []
        self._broken: dict[str, str] = {}
        self._fault = ""
        self._by_macro: dict[str, None] = {}

    def run(self, given: Sequence[Spf] | None) -> Inquiry[SpfSurvey]:
        published = (yield from self._record(self._domain)) if given is None else None
        records = ((published,) if published else ()) if given is None else given
        costs: tuple[TermCost, ...] = ()
        for term in (term for record in records for term in record.lookups):
            if self._left:
                costs += ((yield from self._cost(term)),)
        return SpfSurvey(
            domain=self._domain,
            record=published,
            costs=costs,
            lookups=MAX_TERMS - self._left,
            void=tuple(self._void),
            broken=tuple(self._broken.items()),
            by_macro=tuple(self._by_macro),
            unanswered=tuple(q for q, answer in self._answers.items() if answer.status is Status.TEMPFAIL),
            is_complete=self._left > 0,
            fetched=tuple((name, found) for name, found in self._records.items() if found is not None),
        )

    def _cost(self, term: Directive | Modifier) -> Generator[Question, Answer, TermCost]:
        left, void, self._fault = self._left, len(self._void), ""
        yield from self._follow(term, self._domain)
        void = len(self._void) - void
        if not self._fault and void > VOID_LOOKUP_LIMIT:
            self._fault = f"{void} of its names are not there"
        elif not self._fault and void and _asks_itself(term):
            self._fault = "finds nothing"
        return TermCost(term_text(term), left - self._left, self._fault)

    def _follow(self, term: Directive | Modifier, domain: str) -> Generator[Question, Answer, None]:
        if not self._left:
            return
        self._left -= 1
        spec = term.value if isinstance(term, Modifier) else term.domain_spec
        if spec is not None and "%" in spec:
            self._by_macro[spec] = None
            return
        target = domain if spec is None else as_target(spec).lower()
        if isinstance(term, Directive) and _asks_itself(term):
            if self._addresses and is_name(target):
                yield from self._look(term.mechanism, target)
            return
        record = yield from self._reach(target)
        for inner in record.lookups if record else ():
            yield from self._follow(inner, target)

    def _record(self, name: str) -> Generator[Question, Answer, Spf | None]:
        if name not in self._records:
            self._records[name] = None
            answer = (yield from self._ask(name, "TXT")) if is_name(name) else Answer(Status.NXDOMAIN)
            texts = [text for text in answer.records if is_spf(text)]
            if answer.status is Status.TEMPFAIL:
                return None
            if len(texts) != 1:
                self._broken[name] = f"{len(texts)} SPF records" if texts else "no SPF record"
                return None
            try:
                self._records[name] = parse_spf(texts[0])
            except SpfError as error:
                self._broken[name] = str(error)
        return self._records[name]

    def _reach(self, name: str) -> Generator[Question, Answer, Spf | None]:
        """The record that a term leads to, and what is wrong with it."""
        record = yield from self._record(name)
        if name in self._broken:
            self._fault = self._fault or f"{name}: {self._broken[name]}"
        return record

    def _look(self, mechanism: Mechanism, target: str) -> Generator[Question, Answer, None]:
        """Note a term that finds nothing for any client."""
        if mechanism is Mechanism.EXISTS:
            yield from self._note_void(target, ("A",))
        elif mechanism is Mechanism.A:
            yield from self._note_void(target, ("A", "AAAA"))
        elif mechanism is Mechanism.MX:
            yield from self._note_void(target, ("MX",))

    def _note_void(self, name: str, rtypes: tuple[str, ...]) -> Generator[Question, Answer, None]:
        is_void = True
        for rtype in rtypes:
            answer = yield from self._ask(name, rtype)
            is_void = is_void and answer.status in {Status.NODATA, Status.NXDOMAIN}
        if is_void:
            self._void.append(Question(name, rtypes[0]))

    def _ask(self, name: str, rtype: str) -> Generator[Question, Answer, Answer]:
        question = Question(name, rtype)
        if question not in self._answers:
            self._answers[question] = yield question
        return self._answers[question]


def _asks_itself(term: Directive | Modifier) -> bool:
    """Whether a term looks for addresses, and leads to no other record."""
    return isinstance(term, Directive) and term.mechanism is not Mechanism.INCLUDE


def spf_text(record: Spf) -> str:
    """A record as it is published."""
    return " ".join(("v=spf1", *map(term_text, record.terms)))


def term_text(term: Directive | Modifier) -> str:
    """A term as it is written in a record, without a needless `+`."""
    if isinstance(term, Modifier):
        return f"{term.name}={term.value}"
    qualifier = "" if term.qualifier.value == "+" else term.qualifier.value
    argument = "".join(f":{part}" for part in (term.domain_spec, term.ip) if part is not None)
    is_ip6 = term.mechanism is Mechanism.IP6
    four = "" if term.cidr4 is None else f"/{term.cidr4}"
    six = "" if term.cidr6 is None else f"{'/' if is_ip6 else '//'}{term.cidr6}"
    return f"{qualifier}{term.mechanism.value}{argument}{four}{six}"
