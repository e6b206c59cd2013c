"""Ask the DNS what an evaluator wants to know."""

from typing import Final, TypeVar

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.parse.inquiry import Answer, Inquiry, Question, Status

Result = TypeVar("Result")

_STATUS: Final = {
    DnsStatus.ANSWER: Status.ANSWER,
    DnsStatus.NODATA: Status.NODATA,
    DnsStatus.NXDOMAIN: Status.NXDOMAIN,
}


async def inquire(inquiry: Inquiry[Result], dns: DnsClient) -> Result:
    """Drive an evaluator to its end. A question that fails is answered with TEMPFAIL, as a receiver would have it."""
    try:
        question = next(inquiry)
        while True:
            question = inquiry.send(await answer_to(question, dns))
    except StopIteration as end:
        result: Result = end.value
        return result


async def answer_to(question: Question, dns: DnsClient) -> Answer:
    """One answer; a question that fails is answered with TEMPFAIL."""
    try:
        found = await dns.query(question.name, question.rtype)
    except NotSeen as unseen:
        if unseen.why is Why.NO_NAME:  # nobody can have registered what is no name
            return Answer(Status.NXDOMAIN)
        return Answer(Status.TEMPFAIL)
    return Answer(_STATUS[found.status], found.records)
