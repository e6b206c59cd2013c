"""The reads that `parse/python_environment.py` finds, beside those that Python makes when it runs the same lines."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.environment_reads import Read, SourceError
from launchready.parse.python_environment import reads_in_python


def names(text: str) -> dict[str, bool]:
    """Each name, and whether the code can do without it."""
    return {read.name: read.has_fallback for read in reads_in_python(text)}


RUN = {
    'import os\nos.environ["A"]': {"A": False},
    'import os\nos.environ.get("A")': {"A": False},
    'import os\nos.environ.get("A", "b")': {"A": True},
    'import os\nos.environ.get("A", None)': {"A": False},
    'import os\nos.getenv("A")': {"A": False},
    'import os\nos.getenv("A", default="b")': {"A": True},
    'import os\nos.getenv("A") or "b"': {"A": True},
    'import os\nx = "b" or os.getenv("A")': {"A": False},
    'import os as o\no.environ["A"]': {"A": False},
    'from os import environ, getenv as g\nenviron["A"], g("B")': {"A": False, "B": False},
    'import os\nenv = os.environ\nenv["A"]': {"A": False},
    'import os\nenv = os.environ.copy()\nenv.get("A")': {"A": False},
    'import os\n"A" in os.environ': {"A": True},
    'import os\nif os.environ.get("A"): pass': {"A": True},
    'import os\nos.environ.get("A") == "b"': {"A": True},
    'import os\ntry:\n    os.environ["A"]\nexcept KeyError:\n    pass': {"A": True},
    'import os\nx = not os.getenv("A")': {"A": True},
    'import os\nos.environ["A"] = "b"': {},
    'import os\ndel os.environ["A"]': {},
    'text = "os.environ[\'A\']"  # os.environ["B"]': {},
    'environ = {"A": 1}\nenviron["A"]': {},
}


class Recorder(dict):
    """An environment in which everything is set, and that notes what it is asked for."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def __getitem__(self, name):
        self.asked.append(name)
        return "value"

    def get(self, name, default=None):
        return default if name is None else self[name]

    def __contains__(self, name):
        self.asked.append(name)
        return True

    def __delitem__(self, name):
        pass

    def copy(self):
        return self


@pytest.mark.parametrize(("text", "found"), RUN.items())
def test_reads_of_os_are_found_with_what_the_code_does_without_them(text, found):
    assert names(text) == found


@pytest.mark.parametrize("text", RUN)
def test_python_reads_the_same_when_it_runs_the_lines(text, monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(os, "environ", recorder)
    program = compile(text.replace('"b" or', '"" or'), "snippet", "exec")
    exec(program, {})
    assert list(dict.fromkeys(recorder.asked)) == list(names(text))


LIBRARIES = {
    'from environs import Env\nenv = Env()\nenv("A"), env.str("B", default="x"), env.int("C")': "A B? C",
    'import environs\nenv = environs.Env()\nwith env.prefixed("APP_"):\n    env.bool("A")\nenv("B")': "APP_A B",
    'import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv("A"), env.db_url("B")': "A B",
    'from decouple import config\nconfig("A"), config("B", default=1, cast=int)': "A B?",
    'from decouple import AutoConfig\nread = AutoConfig(search_path=".")\nread("A")': "A",
    'from starlette.config import Config\nconfig = Config(".env")\nconfig("A", cast=bool, default=False)': "A?",
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    api_key: str\n    port: int = 80\n": (
        "API_KEY PORT?"
    ),
    "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
    '    model_config = SettingsConfigDict(env_prefix="app_")\n    key: str\n': "APP_KEY",
    'from pydantic import BaseSettings, Field\nclass S(BaseSettings):\n    key: str = Field(..., env="KEY_A")\n'
    '    other: str = Field(alias="KEY_B")\n    third: str = Field("x")\n    fourth: str = Field(default=...)\n'
    '    class Config:\n        env_prefix = "P_"\n': "KEY_A KEY_B P_THIRD? P_FOURTH",
    "from pydantic_settings import BaseSettings\nclass Base(BaseSettings): pass\nclass S(Base):\n"
    '    a: str = Field(validation_alias=AliasChoices("A1", "A2"))\n    b: ClassVar[str]\n    _c: str\n': "A1? A2?",
    "import os\nclass Settings:\n    a: str\n": "",
}


@pytest.mark.parametrize(("text", "found"), LIBRARIES.items())
def test_reads_of_libraries_are_found(text, found):
    assert {name + "?" * has for name, has in names(text).items()} == set(found.split())


def test_the_line_of_each_read_is_kept():
    assert reads_in_python('import os\n\nos.environ["A"]\nos.environ["A"]') == (
        Read(3, "A", False),
        Read(4, "A", False),
    )


@pytest.mark.parametrize("text", ["os.environ[", "print 'environ'", "environ\x00", "environ" + "(" * 10_000])
def test_what_python_cannot_parse_is_said(text):
    with pytest.raises(SourceError):
        reads_in_python(text)


@given(st.text() | st.text(st.sampled_from("os.environ[]()'\"ABget =:\n\t,|\\")).map(lambda t: "import os\n" + t))
def test_any_text_is_read_or_refused(text):
    try:
        found = reads_in_python(text + "\n# environ")
    except SourceError:
        return
    assert all(read.name.isascii() and read.line >= 1 for read in found)
