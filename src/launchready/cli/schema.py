"""`launchready schema`: the JSON Schema of the configuration or of the output."""

import json

import click

from launchready.config.schema import json_schema as config_schema
from launchready.report.json_report import json_schema as verdict_schema

SCHEMAS = {"config": config_schema, "verdict": verdict_schema}


@click.command()
@click.argument("what", type=click.Choice(sorted(SCHEMAS)))
def schema(what: str) -> None:
    """Print the JSON Schema of launchready.toml (config) or of `audit --json` (verdict)."""
    click.echo(json.dumps(SCHEMAS[what](), indent=2, sort_keys=True))
