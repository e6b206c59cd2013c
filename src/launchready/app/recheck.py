"""Look at one finding again: only what its check needs of the one subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from launchready.app.registry import Registry
from launchready.engine.judge import asked_of
from launchready.engine.plan import Look, subjects_of
from launchready.model.check import Check
from launchready.model.fact import FACTS
from launchready.model.product import Product, Subject
from launchready.model.signature import Role

ALL_SHOWN = 6
"""Subjects that are named where none is like the one that was typed: as many as fit on two lines."""


class UnknownSubjectError(LookupError):
    """The check is not asked of such a subject; the message offers the nearest."""


@dataclass(frozen=True, slots=True)
class Question:
    """A check, and the subjects that it is asked of again."""

    check: Check
    subjects: tuple[Subject, ...]


def read_finding(text: str, product: Product, registry: Registry) -> Question:
    """What `CHECK` or `CHECK@SUBJECT` names.

    Args:
        text: as a report prints it; without a subject, all of the check's.
        product: what is declared.
        registry: the checks there are.

    Raises:
        UnknownCheckError: there is no such check.
        UnknownSubjectError: the check is not asked of that subject.
    """
    name, _, subject = text.partition("@")
    (check,) = registry.chosen((name,))
    asked = asked_of(check, product)
    if not subject:
        return Question(check, asked)
    chosen = tuple(one for one in asked if one.id == subject)
    if not chosen and (asked or subject != product.id):
        raise UnknownSubjectError(f"{name} is not asked of {subject!r}. {_hint(subject, [one.id for one in asked])}")
    return Question(check, chosen)


def looks_of(question: Question, product: Product) -> tuple[Look, ...]:
    """The looks that a question reads; what these need in turn is planned with them."""
    return tuple(look for subject in question.subjects for look in _looks(question.check, subject, product))


def _looks(check: Check, subject: Subject, product: Product) -> Iterable[Look]:
    for parameter in check.parameters:
        if parameter.role is Role.FACT:
            ancestor = product.ancestor(subject, FACTS[parameter.type].about)
            assert ancestor is not None, "subject_kind puts every fact on the subject's own line"
            yield Look(parameter.type, ancestor)
        elif parameter.role is Role.EACH:
            for below in subjects_of(product, parameter.type):
                if product.ancestor(below, type(subject)) == subject:
                    yield Look(parameter.type, below)


def _hint(typed: str, known: list[str]) -> str:
    near = get_close_matches(typed, known, n=1) or [one for one in known if typed in one][:1]
    if near:
        return f"Did you mean {near[0]!r}?"
    if not known:
        return "Nothing that it could be asked of is declared."
    more = f" and {len(known) - ALL_SHOWN} more" if len(known) > ALL_SHOWN else ""
    return f"It is asked of {', '.join(known[:ALL_SHOWN])}{more}."
