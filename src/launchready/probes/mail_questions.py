"""Ask the DNS what an evaluator wants to know."""

from typing import Final, TypeVar

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.parse.inquiry import Answer, Inquiry, Question, Status
from launchready.parse.rfc7505 import MailExchanges, MxError, read_mx

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


async def exchanges_of(domain: str, dns: DnsClient) -> MailExchanges:
    """Where a domain takes its mail, as its MX records say; raises NotSeen where they can't be looked up or read."""
    try:
        return read_mx((await dns.query(domain, "MX")).records)
    except MxError as error:
        raise NotSeen(Why.UNREADABLE, f"the MX records of {domain} can't be read: {error}") from None
