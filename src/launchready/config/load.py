"""Doors to a `Product`: a file, a text, or just a host name."""

import dataclasses
import functools
from pathlib import Path

from launchready.config.build import build_product
from launchready.config.decode import read_document
from launchready.config.errors import ConfigError, ValueProblem, shown
from launchready.config.names import registrable, typed_host
from launchready.config.promises import sealed
from launchready.config.source import Source
from launchready.model.product import Product
from launchready.model.subject import Domain, Host

MAX_FILE_BYTES = 1024 * 1024
"""Largest file that is read, in bytes: about a thousand times a usual declaration, and still read in a second."""


def load_product(path: Path) -> Product:
    """The declaration in a file, its proofs in files replaced by their SHA-256.

    Args:
        path: The file; paths in it are seen from its folder.

    Raises:
        ConfigError: the file or a proof can't be read, or the declaration can't be right.
    """
    text = _read(path)
    base = path.absolute().parent
    product = read_product(text, str(path), base)
    source = Source(str(path), text)
    reader = functools.partial(sealed, base)
    attestations = tuple(
        dataclasses.replace(attestation, proof=row.read("proof", reader, attestation.proof))
        for attestation, row in source.rows("attestations", product.attestations)
    )
    return dataclasses.replace(product, attestations=attestations)


def read_product(text: str, file_name: str, base: Path) -> Product:
    """The declaration in a text; the disk is not asked, so proofs in files stay `file:PATH`.

    Args:
        text: TOML.
        file_name: What messages call the file.
        base: Absolute path of the folder that paths in the text are seen from.

    Raises:
        ConfigError: the declaration can't be right.
    """
    document, source = read_document(text, file_name)
    return build_product(document, source, base)


def product_for_host(name: str) -> Product:
    """What is known of a host that nobody declared: its name and its registrable domain, and no intent at all.

    Args:
        name: A host name, or a URL whose path is left out.

    Raises:
        ConfigError: it is not a public host name.
    """
    try:
        host = typed_host(name)
    except ValueProblem as problem:
        raise ConfigError(f"The name {problem.what}.", next_step=problem.next_step) from None
    domain = registrable(host)
    return Product(name=host, hosts=(Host(host, domain),), domains=(Domain(domain),))


def _read(path: Path) -> str:
    where = shown(str(path))[1:-1]
    try:
        if not path.is_file():
            step = "Type the path of a launchready.toml, or go without one: launchready audit example.com"
            raise ConfigError("there is no such file.", where=where, next_step=step)
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        step = "Type the path of a launchready.toml that you may read."
        raise ConfigError(f"the file can't be read ({problem.strerror}).", where=where, next_step=step) from None
    if len(content) > MAX_FILE_BYTES:
        step = "Type the path of a launchready.toml, which is a short text."
        raise ConfigError(f"the file has more than {MAX_FILE_BYTES} bytes.", where=where, next_step=step)
    try:
        return content.decode("utf-8-sig")  # editors on Windows put a byte order mark first
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        step = "Save it as UTF-8 in your editor."
        raise ConfigError("the file is not UTF-8 text.", where=f"{where} line {line}", next_step=step) from None
