"""The group of commands. Each is imported only when it runs: `--version` and `--help` stay fast."""

from importlib import import_module

import click

from launchready import __version__

COMMANDS = {
    "init": "Write a first launchready.toml from what can be seen.",
    "audit": "Look, judge and say whether paid traffic may come.",
    "gather": "Look only, and save the evidence.",
    "judge": "Judge saved evidence; touches no network.",
    "recheck": "Look at one finding again.",
    "redteam": "Attack a staging copy of the chat, and judge what it answers.",
    "roadmap": "Show the seven stages and the fourteen rows.",
    "secrets": "Find keys in a repository and its history.",
    "mail": "Show whether your mail is believed, or judge one message.",
    "env": "Hold environment variables against their contract.",
    "map": "Draw where each name leads, or try an older map again.",
    "ci": "Write a GitHub workflow that holds a release back until all is green.",
    "deploy": "Release a commit with your own command, and see that it works.",
    "rollback": "Bring the last good release back.",
    "drift": "Show whether the host still runs what was released.",
    "chat": "Talk to the chat, interrupt it, and let its model fail.",
    "checks": "List every check.",
    "explain": "Explain one check.",
    "own": "Make the token that shows a domain is yours.",
    "build": "Build the commit from a clean clone, twice, and look through it.",
    "handover": "Write the pack that runs the product.",
    "schema": "Print the JSON Schema of a file or of the output.",
    "demo": "Audit a chatbot with launch faults, on this machine.",
    "provider": "Serve a model provider that fails when told to, on this machine.",
    "review": "Decide about answers of the chatbot that only a person can judge.",
    "selftest": "Show that every check is right, in four worlds each.",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own, named alike."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None where there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"launchready.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="launchready")
def launchready() -> None:
    """May this AI chatbot product take paid traffic, and if not, what first?

    \b
    launchready audit example.com     a first look, with nothing to set up
    launchready init example.com      write a launchready.toml from what can be seen
    launchready audit                 the whole audit, by ./launchready.toml
    launchready demo                  see it at work on a product with faults

    PASS means measured, and good. What could not be measured is never a pass.
    """  # noqa: D301 - a backspace is how click marks text that keeps its lines
