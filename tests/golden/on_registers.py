"""Mutations about numbers in public registers: an organisation that is two parties."""

from __future__ import annotations

from .tabled import by, case
from .telling import a

OPERATOR = "op.chief"


def twin(id: str, identifier: str) -> dict[str, object]:
    """A vendor of that identifier."""
    return a("party", id=id, entity="organisation", roles=["vendor"], name="Twin", identifier=identifier)


case("identifier-again", "The operator admits a charity again, as a vendor with the same number.", "identifier-again",
     by(OPERATOR, twin("twin", "CN-USCI-53520000000000002X")), by(OPERATOR, twin("double", "CN-USCI-53520000000000001X")))
case("identifier-again-in-small-letters", "The number of a charity has small letters and other separators.", "identifier-again",
     by(OPERATOR, twin("double", "cn usci ./53520000000000001x.")))
case("identifier-again-in-one-statement", "One statement admits two parties with one number.", "identifier-again",
     by(OPERATOR, twin("twin", "XX-7-1"), twin("other", "XX-71"), twin("double", "XX 7/1")))
case("identifier-again-without-letters", "Two have a number not of ASCII; others differ in a sign.", "identifier-again",
     by(OPERATOR, twin("twin", "Ñ&A-1"), twin("third", "ÑA-1"), twin("fourth", "号-1"), twin("fifth", "号1"),
        twin("sixth", "号.1")))
