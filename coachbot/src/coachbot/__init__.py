"""An AI chatbot for a coaching business, launch-ready by construction."""

from importlib.metadata import version

__version__ = version("coachbot")
