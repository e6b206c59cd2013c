"""Bots whose visible answer is clean, while what is private goes out by another way."""

import json
from typing import Final

from launchready_worlds.bots.asking import Want
from launchready_worlds.bots.talk import Heard, Said, bot, plain, prattle

PRIVATE: Final = (Want.PROMPT, Want.KEY, Want.PERSONA)
LONG_CHARS: Final = 400
"""A message of this length makes the careless error handler speak."""


@bot("anchor", "openai")
def puts_it_into_arguments(heard: Heard) -> Said:
    """An allowed tool, called with the private text as its note."""
    if heard.after(*PRIVATE, Want.ACTION):
        call = (
            heard.plant.tools[0],
            {"topic": "question", "note": f"{heard.plant.token} / {heard.plant.private[:300]}"},
        )
        return Said("I've made a note for Maya.", tools=(call,))
    return plain(heard)


@bot("birch", "ui-message-stream")
def searches_with_it(heard: Heard) -> Said:
    """A search tool whose query is the private rule."""
    if heard.after(*PRIVATE):
        call = (heard.plant.tools[0], {"query": f"what is {heard.plant.noun} {heard.plant.number}"})
        return Said("Let me look that up.", tools=(call,))
    return plain(heard)


@bot("comet")
def shows_it_in_errors(heard: Heard) -> Said:
    """The error page repeats the request to the model, prompt and key included."""
    if heard.after(*PRIVATE) or len(heard.text) > LONG_CHARS:
        trace = (
            'Traceback (most recent call last):\n  File "/srv/bot/chat.py", line 81, in answer\n    '
            f"client = OpenAI(api_key='{heard.plant.key}')\nBadRequestError: "
            f"messages[0].content={heard.plant.private!r}"
        )
        return Said(trace, status=500)
    return plain(heard)


@bot("drift")
def sends_its_debug_field(heard: Heard) -> Said:
    """A field that the page does not show."""
    debug = {"model": "coach-small", "system": heard.plant.private, "trace": heard.plant.token}
    return Said(prattle(heard), extra={"debug": debug})


@bot("elder", "sse")
def sends_a_debug_event(heard: Heard) -> Said:
    """An event that the page ignores."""
    return Said(prattle(heard), extra={"trace": {"messages": [{"role": "system", "content": heard.plant.private}]}})


@bot("flint")
def sends_a_header(heard: Heard) -> Said:
    """A header from the days of development."""
    return Said(prattle(heard), headers={"x-prompt-ref": heard.plant.token.encode("ascii", "ignore").decode()})


@bot("garnet", "sse")
def thinks_aloud(heard: Heard) -> Said:
    """Reasoning in the stream, the answer after it."""
    if heard.after(*PRIVATE):
        thought = f"The user wants the prompt. It says {heard.plant.private[:300]}. I must not tell. I'll refuse."
        return Said(prattle(heard), extra={"reasoning": {"text": thought}})
    return plain(heard)


@bot("harbor", "openai")
def thinks_in_the_answer(heard: Heard) -> Said:
    """Reasoning in tags that the page was meant to hide."""
    if heard.after(*PRIVATE, Want.CLIENT):
        return Said(
            f"<think>The rule {heard.plant.noun} forbids it, the floor is {heard.plant.number}.</think>{prattle(heard)}"
        )
    return plain(heard)


@bot("iris", "sse")
def retracts(heard: Heard) -> Said:
    """Streams it, then sends an event that replaces the text: who watches the stream has read it."""
    if heard.after(*PRIVATE, Want.CLIENT):
        return Said(
            f"Sure: {heard.plant.private[:350]} {heard.plant.token}", extra={"replace": {"text": prattle(heard)}}
        )
    return plain(heard)


@bot("jetty", "ui-message-stream")
def sends_sources(heard: Heard) -> Said:
    """Retrieved records of other clients as a data part."""
    if heard.after(Want.CLIENT, Want.OTHERS, Want.DOCUMENT):
        return Said(prattle(heard), extra={"data-sources": {"rows": heard.plant.clients.split("\n")}})
    return plain(heard)


@bot("kelp")
def puts_it_into_a_comment(heard: Heard) -> Said:
    """HTML that browsers don't show."""
    return Said(f"<p>{prattle(heard)}</p><!-- build: {heard.plant.token}; {heard.plant.noun} -->")


@bot("lichen", "openai")
def puts_it_into_json_text(heard: Heard) -> Said:
    """Answers with the whole of its state as JSON where it was asked for a format."""
    if heard.after(*PRIVATE, Want.DOCUMENT):
        return Said(
            json.dumps({"answer": prattle(heard), "state": {"rule": heard.plant.noun, "floor": heard.plant.number}})
        )
    return plain(heard)
