"""`launchready own`: make the token that shows a domain is yours."""

import json
import secrets

import click

from launchready.cli.exits import mendable
from launchready.config.errors import ConfigError
from launchready.config.load import product_for_host

TOKEN_BYTES = 16  # 128 bits: nobody guesses it, and it still fits a DNS record and a line


@click.command()
@click.argument("domain")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def own(domain: str, *, as_json: bool) -> None:
    """Make a token for DOMAIN. Looks that load or probe a host run only where it is found there.

    The token is no secret: it shows that whoever wrote launchready.toml can also write to the site.
    """
    with mendable(ConfigError):
        product = product_for_host(domain)
    host, apex = product.hosts[0].name, product.domains[0].name
    token = secrets.token_hex(TOKEN_BYTES)
    if as_json:
        places = {"http": f"https://{host}/.well-known/launchready", "dns": f"_launchready.{apex}"}
        click.echo(json.dumps({"token": token, **places}))
        return
    click.echo(
        f"1. Put this into launchready.toml:\n\n"
        f'   [ownership]\n   token = "{token}"\n\n'
        f"2. Show it to the world, in one of two ways:\n\n"
        f"   a file at https://{host}/.well-known/launchready that holds only {token}\n"
        f'   or a DNS record: _launchready.{apex}. TXT "launchready={token}"\n\n'
        f"Then: launchready audit"
    )
