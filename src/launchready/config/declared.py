"""On which line of the file each subject is declared."""

from launchready.config.lines import Place, lines_of
from launchready.model.product import Product, Subject


def declared_lines(text: str, product: Product) -> dict[str, int]:
    """The line of each subject that has one, by the subject's id.

    Args:
        text: the file that the product was read from.
        product: what was read, its hosts, endpoints, links and journeys in the order of the file.
    """
    lines = lines_of(text)
    tables: dict[str, tuple[Subject, ...]] = {
        "hosts": product.hosts,
        "endpoints": product.endpoints,
        "links": product.links,
        "journeys": product.journeys,
        "repository": () if product.repository is None else (product.repository,),
    }
    found = {"product": lines.get(Place("product"))}
    for table, subjects in tables.items():
        found |= {subject.id: lines.get(Place(table, index)) for index, subject in enumerate(subjects)}
    for host in reversed(product.hosts):
        found[f"domain:{host.domain}"] = found[host.id]
    return {subject: line for subject, line in found.items() if line is not None}
