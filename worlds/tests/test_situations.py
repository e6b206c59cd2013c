"""Every situation changes what it says it changes, seen from outside, and is gone when mended.

How each is seen stands in `looks/`, one module for each topic of situations.
"""

import importlib
import pkgutil

import looks
import pytest

from launchready_worlds.faults import all_faults

TOPICS = [module.name for module in pkgutil.iter_modules(looks.__path__)]
BY_TOPIC = {topic: importlib.import_module(f"looks.{topic}").LOOKS for topic in TOPICS}
LOOKS = {name: look for topic in TOPICS for name, look in BY_TOPIC[topic].items()}
TIMED = {
    "health-slow",
    "health-rarely-slow",
    "visitors-wait-a-little",
    "answers-take-a-while",
    "mail-swallowed",
    "mail-rejected",
    "signup-mail-swallowed",
}
"""Not looked for in the good world: waiting for what is not there costs seconds, and a busy machine is slow itself."""

USING_UP = {"signup-limit-missing"}
"""Not looked for in the good world: after it nobody can sign up there, which is right."""


def _safely(look, world):
    """A look that finds a part missing, or waits for a reset that does not come, has not seen its situation."""
    try:
        return look(world)
    except (KeyError, TimeoutError, pytest.fail.Exception):
        return False


def test_there_is_a_look_for_every_situation():
    assert {entry.name for entry in all_faults()} - set(LOOKS) == set()


def test_every_look_is_at_a_situation_of_its_topic():
    situations = {(entry.topic, entry.name) for entry in all_faults()}
    assert {(topic, name) for topic in TOPICS for name in BY_TOPIC[topic]} - situations == set()


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_situation_changes_what_it_says(any_world, name):
    any_world.reset(name)
    assert LOOKS[name](any_world)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_situation_shows_in_the_good_world(any_world, topic):
    any_world.reset()  # what looks at other topics used up is free again, such as sign-ups
    sought = {name: look for name, look in BY_TOPIC[topic].items() if name not in TIMED | USING_UP}
    shown = {name: look for name, look in sought.items() if _safely(look, any_world)}
    again = {name for name, look in shown.items() if _safely(look, any_world)}
    assert again == set(), "seen twice, so no mere silence of a machine that was busy for a moment"
