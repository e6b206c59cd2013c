"""Options that several commands share, and what they are read into."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from launchready.cli.exits import mendable
from launchready.config.declared import declared_lines
from launchready.config.errors import ConfigError
from launchready.config.load import load_product, product_for_host
from launchready.model.product import Product
from launchready.net.network import Network, NetworkError
from launchready.report.places import NO_FILE, Declared

CONFIG_NAME = "launchready.toml"

Command = Callable[..., Any]


def network_options(command: Command) -> Command:
    """Options that say through which network to look."""
    for option in reversed(
        [
            click.option("--resolver", multiple=True, metavar="IP", help="Ask this resolver instead of the system's."),
            click.option(
                "--resolve",
                multiple=True,
                metavar="HOST=IP",
                help="Use this address for a host: audit a new server before DNS moves.",
            ),
            click.option("--ca-bundle", type=click.Path(exists=True, dir_okay=False), help="Trust these CAs (PEM)."),
            click.option("--allow-private", multiple=True, metavar="HOST", help="Allow a private address of a host."),
            click.option(
                "--network",
                "network_file",
                type=click.Path(exists=True, dir_okay=False),
                help="Look through a network described in JSON, as a world prints it.",
            ),
        ]
    ):
        command = option(command)
    return command


def read_network(
    *,
    resolver: tuple[str, ...],
    resolve: tuple[str, ...],
    ca_bundle: str | None,
    allow_private: tuple[str, ...],
    network_file: str | None,
) -> Network:
    """The network that the options describe."""
    with mendable(NetworkError):
        if network_file is not None:
            base = Network.from_json(Path(network_file))
        elif resolver:
            base = Network(resolver)
        else:
            base = Network.from_system()
    return Network(
        resolver or base.resolvers,
        ca_bundle or base.ca_bundle,
        tuple(_pair(text) for text in resolve),
        base.connect,
        allow_private,
        loopback_only=base.loopback_only,
    )


def _pair(text: str) -> tuple[str, tuple[str, ...]]:
    host, equals, addresses = text.partition("=")
    if not host or not equals or not addresses:
        raise click.BadParameter(f"{text!r} is not HOST=IP", param_hint="--resolve")
    return host, tuple(addresses.split(","))


def read_product(target: str | None) -> Product:
    """The product in a file, or the bare name that was typed."""
    with mendable(ConfigError):
        if target is None:
            if not Path(CONFIG_NAME).is_file():
                raise ConfigError(
                    f"There is no {CONFIG_NAME} here.",
                    next_step="Type `launchready audit example.com` for a first look at your domain.",
                )
            return load_product(Path(CONFIG_NAME))
        if target.endswith(".toml"):
            return load_product(Path(target))
        return product_for_host(target)


def read_declared(target: str | None, product: Product) -> Declared:
    """The file that was read, as readers of code find it from the folder that we run in; none for a bare name."""
    if not product.has_file:
        return NO_FILE
    file, here = Path(target or CONFIG_NAME).absolute(), Path.cwd()
    seen_from_here = file.relative_to(here) if file.is_relative_to(here) else Path(file.name)
    return Declared(seen_from_here.as_posix(), declared_lines(file.read_text("utf-8-sig"), product))
