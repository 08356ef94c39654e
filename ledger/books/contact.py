"""The forms of a contact, and the word that keeps people out of it."""

from __future__ import annotations

from typing import Annotated

from ..complaint import form
from ..errors import Refused
from .naming import party_of
from .rule import demand
from .state import Books
from .statement_context import StatementContext

Telephone = Annotated[
    str, form(r"^[+(]?[0-9][0-9 ()-]{2,30}$", "3 to 32 digits, spaces, hyphens and brackets, the first a digit, + or a bracket"),
]
Email = Annotated[str, form("^[!-?A-~]{1,64}@[!-?A-~]{1,190}$", "an address with one @, without blanks, in ASCII")]
Web = Annotated[
    str,
    form(
        "^https://[A-Za-z0-9.-]{1,190}(?::[0-9]{1,5})?(?:[/?#][!#-;=?-~]{0,200})?$",
        "a web address in ASCII that begins with https, without a user name",
    ),
]


@demand("the party that makes the record is an organisation", "reference")
def is_organisation(books: Books, context: StatementContext, fields: tuple[str, ...]) -> None:
    if party_of(books, context, context.party, "party").is_person:
        words = "is a person, and the ledger publishes no person's address; let an organisation say how to reach it"
        raise Refused(f"party {context.party!r}: {words}", rule="reference")
