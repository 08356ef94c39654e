"""Mutations about who is paid: groups, and parties that are related."""

from __future__ import annotations

from typing import Any

from .cast import PERSON, private
from .on_rows import CHARITY, OFFICERS
from .on_rules import printed
from .tabled import by, case, delivered, gift, malformed, paid, receipt
from .telling import a

LIST = private("donor")[0]


def group(group_class: str, people: int = 12) -> dict[str, Any]:
    """The members of a record that name a group."""
    return {"group": {"group_class": group_class, "people": people, "list": LIST}}


def without(record: dict[str, Any], *names: str, **members: Any) -> dict[str, Any]:
    """A record without these members, and with others."""
    return {name: value for name, value in {**record, **members}.items() if name not in names}


PAYROLL = without(paid("hope-general", 100), "payee", **group("payroll"))
GIVEN_OUT = without(delivered("school-books", 1, unit="book"), "to", **group("beneficiaries"))

malformed("payment-to-nobody", "A payment names neither a party nor a group.", CHARITY, without(paid("hope-general", 100), "payee"))
malformed("payment-to-a-party-and-a-group", "A payment names both.", CHARITY, {**PAYROLL, "payee": "shop"})
malformed("payment-to-a-group-with-words", "A payment to a group says what for, in words.", CHARITY,
          {**PAYROLL, "purpose": "Salary of Li Na"})
malformed("payment-for-own-use", "A payment is for the charity's own use.", CHARITY,
          without(paid("hope-general", 100), "payee", **group("own-use")))
malformed("delivery-to-nobody", "A delivery names neither a party nor a group.", CHARITY,
          without(delivered("school-books", 1, unit="book"), "to"))
malformed("delivery-to-a-group-with-private-data", "A delivery to a group has digests of one person's data.", CHARITY,
          {**GIVEN_OUT, "private": private("donor")})
case("approval-of-a-payroll", "One officer pays the staff in two halves on one day, above the threshold together.", "approval",
     by(CHARITY, gift("hope-school", 6000), without(printed(2500), "payee", **group("payroll"))),
     by(CHARITY, without(printed(2501), "payee", **group("payroll", 13))))
case("authority-receipt-of-a-group", "A party signs for a group that it is said to be part of.", "authority",
     by(CHARITY, PAYROLL), by("shop.zhao", receipt("first.0", 100)))

RELATED = a("relation", of="shop", to="hope", nature="control", starts_on="2026-05-01")
THROUGH_WANG = {**RELATED, "of": "hope", "to": "shop", "nature": "family", "officer": "wang"}
OF_VILLAGE = {**RELATED, "of": "hope", "to": "village", "nature": "family"}
ENDED = {**RELATED, "ends_on": "2026-05-05"}
SAYS, FAMILY = {"related": "control"}, {"related": "family"}
TO_SHOP, BOOKS = paid("hope-general", 100), delivered("school-books", 1, to="shop")
CHANGED = a("exchange", fund="hope-general", unit="USD", to_unit="CNY", rate=[7193, 1000], source="Bank, 6 May", amount=100,
            to_amount=719, exchanged_on="2026-05-06", custodian="shop")  # fmt: skip

BETWEEN = (("a-payment", TO_SHOP), ("a-delivery", BOOKS), ("an-exchange", CHANGED))
for kind, record in (*BETWEEN, ("a-gift", gift("hope-school", 10, donor="shop"))):
    does = f"{kind.replace('-', ' ', 1).capitalize()} with a related party does not say so."
    case(f"related-party-of-{kind}", does, "related-party",
         by(OFFICERS, RELATED), by(CHARITY, {**record, **SAYS}), by(CHARITY, record))
case("related-party-by-a-third", "A charity pays a party that the same third party controls, and does not say so.", "related-party",
     by("auditco.chen", {**RELATED, "of": "gate"}, {**RELATED, "of": "gate", "to": "shop"}),
     by(CHARITY, {**TO_SHOP, "related": "common-control"}), by(CHARITY, TO_SHOP))
case("related-party-of-another-nature", "A payment to a related party names another relation.", "related-party",
     by(OFFICERS, RELATED), by(CHARITY, {**TO_SHOP, **FAMILY}))
case("related-party-that-is-none", "A payment says that it is to a related party, and no relation is on record.", "related-party",
     by(CHARITY, {**TO_SHOP, **SAYS}))
for kind, record in BETWEEN:
    does = f"The officer who is related to the other party signs {kind.replace('-', ' ', 1)}."
    said = {**record, **FAMILY}
    case(f"conflict-of-interest-in-{kind}", does, "conflict-of-interest",
         by(OFFICERS, THROUGH_WANG), by("hope.li2", said), by(CHARITY, said))
NAMED = {**TO_SHOP, **FAMILY, "breach": {"findings": ["conflict-of-interest"], "reason": "The other officer was ill"}}
case("conflict-of-interest-that-says-so", "That officer signs with another one, and says so.", "conflict-of-interest",
     by(OFFICERS, THROUGH_WANG), by(OFFICERS, NAMED), named=True)
TO_VILLAGE = paid("hope-general", 100, payee="village")
for kind, record in (("a-payment", TO_VILLAGE), ("a-delivery", delivered("school-books", 1))):
    does = f"{kind.replace('-', ' ', 1).capitalize()} is to a beneficiary who is related to the charity."
    case(f"related-beneficiary-of-{kind}", does, "related-beneficiary", by(OFFICERS, OF_VILLAGE), by(CHARITY, {**record, **FAMILY}))
case("related-beneficiary-of-a-donor", "A charity pays a beneficiary who is related to a donor.", "related-beneficiary",
     by("auditco.chen", {**RELATED, "to": "village"}), by(CHARITY, gift("hope-general", 10, donor="shop")), by(CHARITY, TO_VILLAGE))
case("relation-again-after-a-pause", "A relation ends, and is said again the day after.", "relation-again",
     by("shop.zhao", ENDED), by("shop.zhao", {**RELATED, "starts_on": "2026-05-06"}))
NEW, BEFORE = {**RELATED, "starts_on": "2026-05-06"}, {**TO_SHOP, "paid_on": "2026-05-05"}
case("related-party-before-the-relation", "A payment is dated to the day before the two were related.", "related-party",
     by(OFFICERS, NEW), by(CHARITY, {**BEFORE, **SAYS}), by(CHARITY, BEFORE))
case("conflict-of-interest-before-the-relation", "An officer signs a payment that is dated to the day before the relation.",
     "conflict-of-interest", by(OFFICERS, {**THROUGH_WANG, "starts_on": "2026-05-06"}), by(CHARITY, {**BEFORE, **FAMILY}))
case("related-party-by-a-correction", "A payment is corrected to a day on which the two were related.", "related-party",
     by(OFFICERS, ENDED), by(CHARITY, TO_SHOP),
     by(OFFICERS, a("correction", of="second.0", day="2026-05-05", reason="Read wrongly")))
case("related-beneficiary-of-a-main-donor",
     "A charity says that it is the main donor of its donor, and pays one of the donor's beneficiaries.", "related-beneficiary",
     by("auditco.chen", {**RELATED, "to": "village"}, {**RELATED, "of": "hope", "to": "shop", "nature": "main-donor"}),
     by(CHARITY, TO_VILLAGE))
case("day-relation-that-begins-tomorrow", "A relation begins tomorrow.", "day",
     by("shop.zhao", {**RELATED, "starts_on": "2026-05-07"}))
case("day-relation-that-ended", "A relation that is in force is said to have ended yesterday.", "day",
     by("shop.zhao", RELATED), by("shop.zhao", {**RELATED, "ends_on": "2026-05-06"}), by("shop.zhao", ENDED))
case("day-relation-that-begins-later", "A relation that is in force is said to have begun a day later.", "day",
     by("shop.zhao", RELATED), by("shop.zhao", {**RELATED, "starts_on": "2026-05-02"}))
case("authority-relation-of-two-others", "A shop says of two others that they are related.", "authority",
     by("shop.zhao", {**RELATED, "of": "village"}))
case("approval-relation-by-one-officer", "One officer says that a charity is related, where it has two.", "approval",
     by(CHARITY, RELATED))
case("reference-relation-through-no-officer", "A relation is through an officer whom the party never had.", "reference",
     by(OFFICERS, {**THROUGH_WANG, "officer": "nobody"}))
case("reference-gift-of-the-charity-itself", "A charity names itself as donor.", "reference",
     by(CHARITY, gift("hope-general", 10, donor="hope")))
case("reference-gift-of-a-person", "A charity names a person as donor.", "reference",
     by(CHARITY, gift("hope-general", 10, donor=PERSON)))
malformed("relation-to-itself", "A party is related to itself.", OFFICERS, {**RELATED, "of": "hope"})
