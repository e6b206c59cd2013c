"""What was said is kept only while somebody has approved it by name, and never as it was said."""

from datetime import UTC, datetime, timedelta

import pytest

from launchready_guard.content_store import KEPT, MAX_APPROVAL, ApprovalError, ContentStore
from launchready_guard.store import SqliteStore

KEY = b"k" * 32
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = "maya@brightpath.example"
WHY = "customers say that answers on prices are wrong"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path, clock):
    kept = SqliteStore(tmp_path / "content.sqlite3", clock)
    yield kept
    await kept.close()


@pytest.fixture
def content(store, clock) -> ContentStore:
    return ContentStore(store, product="coachbot", key=KEY, clock=clock)


async def test_nothing_is_kept_until_somebody_approves_it(content):
    assert not await content.keep(talk="ana", role="user", text="I feel stuck")
    assert list(await content.texts()) == []


async def test_an_approval_says_who_when_until_and_why_and_ends_by_itself(content, clock):
    entry = await content.approve(who=WHO, until=START + timedelta(days=2), reason=WHY)
    assert (entry.who, entry.at, entry.until, entry.reason) == (WHO, START, START + timedelta(days=2), WHY)
    assert await content.audit() == [entry]
    assert await content.keep(talk="ana", role="user", text="I feel stuck")
    clock.now += timedelta(days=2) - timedelta(seconds=1)
    assert await content.keep(talk="ana", role="user", text="still")
    clock.now += timedelta(seconds=1)
    assert not await content.keep(talk="ana", role="user", text="too late")
    assert [text.text for _number, text in await content.texts()] == ["I feel stuck", "still"]


async def test_an_approval_can_be_ended_and_that_is_an_entry_too(content):
    await content.approve(who=WHO, until=START + timedelta(days=2), reason=WHY)
    await content.revoke(who="ben@brightpath.example", reason="question answered")
    assert not await content.keep(talk="ana", role="user", text="x")
    assert [entry.who for entry in await content.audit()] == [WHO, "ben@brightpath.example"]


async def test_what_was_kept_is_masked_and_names_no_talk(content, tmp_path):
    await content.approve(who=WHO, until=START + timedelta(days=1), reason=WHY)
    await content.keep(talk="session-of-ana", role="user", text="I am ana@example.org, card 4111 1111 1111 1111 \ud800")
    [(_number, text)] = await content.texts()
    assert text.text.startswith("I am [email], card [card]")
    assert (text.role, text.at) == ("user", START)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for private in (b"ana@example.org", b"4111", b"session-of-ana"):
        assert private not in written


async def test_texts_expire_and_their_audit_stays(content, clock, store, tmp_path):
    await content.approve(who=WHO, until=START + timedelta(days=1), reason=WHY)
    await content.keep(talk="ana", role="user", text="I feel stuck")
    clock.now += KEPT
    assert list(await content.texts()) == []
    assert len(await content.audit()) == 1


async def test_an_approval_of_one_product_holds_for_no_other(content, store, clock):
    await content.approve(who=WHO, until=START + timedelta(days=1), reason=WHY)
    other = ContentStore(store, product="other", key=KEY, clock=clock)
    assert not await other.keep(talk="ana", role="user", text="x")


@pytest.mark.parametrize(
    ("differing", "sentence"),
    [
        ({"who": " "}, "say who"),
        ({"reason": "why"}, "in a sentence"),
        ({"until": START}, "at most 30 days"),
        ({"until": START + MAX_APPROVAL + timedelta(seconds=1)}, "at most 30 days"),
        ({"until": datetime(2026, 11, 25)}, "time zone"),  # noqa: DTZ001 - that is what is refused
    ],
)
async def test_an_approval_that_says_too_little_or_asks_too_much_is_refused(content, differing, sentence):
    said = {"who": WHO, "until": START + timedelta(days=1), "reason": WHY} | differing
    with pytest.raises(ApprovalError, match=sentence):
        await content.approve(**said)
    assert await content.audit() == []


async def test_the_longest_approval_is_taken(content):
    await content.approve(who=WHO, until=START + MAX_APPROVAL, reason=WHY)
    assert await content.approved()
