"""Where the product's secrets live."""

from launchready.model.check import Cost, Fixer, Impact, Judgement, NotApplicable, check
from launchready.model.product import Product


@check(
    "secrets-outside-vault",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until somebody who left, or a stolen laptop, still has your keys.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",),
    attestable=True,
)
def secrets_outside_vault(_product: Product) -> Judgement:
    """Every secret is kept in a vault or the platform's secret store, and nowhere else.

    ## Why it matters at launch
    Keys in chats, spreadsheets and files on laptops can't be counted, so nobody can say who has them or revoke them.
    No look from outside can see where they are: somebody has to look, and to say so.

    ## How to fix
    Move each secret into the secret store of your platform (Render, Fly, Vercel, a vault), delete the other copies, and
    declare an attestation with proof: a link to the store's list of names, never of values.
    """
    return NotApplicable("only a person can answer this")
