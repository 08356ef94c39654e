"""Mutations of contacts, and of what projects and activities plan."""

from __future__ import annotations

from .cast import public
from .on_rows import ACTIVITY, CHARITY, OFFICERS, PROJECT
from .tabled import by, case, malformed
from .telling import a

OFFICE = a("contact", telephone="+86 10 5550 0102", email="office@hope.example")
SOMEBODY = "p-00000001"
READERS = {"indicator": "readers", "measured_in": "readers", "target": 40, "by": "2026-12-31"}
BOOKS = {"cost_class": "programme", "unit": "CNY", "amount": 100}

case("reference-contact-of-a-person", "A person who was given a key publishes how to reach them.", "reference",
     by(OFFICERS, OFFICE), by(f"op.chief {SOMEBODY}.one", a(
         "party", id=SOMEBODY, entity="person", roles=["beneficiary"], keys=[{"key": public(f"{SOMEBODY}.one"), "officer": "one"}],
     )), by(f"{SOMEBODY}.one", OFFICE))  # fmt: skip
case("approval-to-say-contact", "One officer of two says how the public reaches a charity.", "approval", by(CHARITY, OFFICE))
malformed("contact-of-nothing", "A contact has no way to reach anyone.", OFFICERS, a("contact"))
malformed("contact-of-two-addresses", "An e-mail address has two @.", OFFICERS, {**OFFICE, "email": "office@hope@other.example"})
malformed("contact-that-is-not-safe", "A web address begins with http.", OFFICERS, a("contact", web="http://hope.example"))
malformed("contact-that-hides-its-host", "A web address has a user name before its host.", OFFICERS, a(
    "contact", web="https://hope.example@other.example"))
malformed("contact-with-words-for-digits", "A telephone number has letters.", OFFICERS, a("contact", telephone="1 800 HOPE"))
malformed("targets-of-one-indicator", "A project has two targets of one indicator.", OFFICERS, a(
    "project", id="wells", **PROJECT, targets=[READERS, {**READERS, "by": "2027-12-31"}]))
malformed("targets-of-an-activity-of-one-indicator", "An activity has two targets of one indicator.", OFFICERS, a(
    "activity", id="digging", parent="hope-school", **ACTIVITY, targets=[READERS, {**READERS, "target": 50}]))
malformed("budget-of-one-class-twice", "A project plans one class of costs twice in one unit.", OFFICERS, a(
    "project", id="wells", **PROJECT, budget=[BOOKS, {**BOOKS, "unit": "USD"}, {**BOOKS, "amount": 50}]))
