"""How the public reaches the charities. The addresses are made up: nobody can own a domain that ends in .example."""

from __future__ import annotations

from .programme import PROGRAMMES
from .stage import Record, Stage

COMPLAINTS = "Write to the board, {number} Lake Road, Lakeside; we answer within ten working days"


def say_contacts(stage: Stage) -> None:
    """Every charity says how to reach its office, and where to complain."""
    stage.clock.go_to("2026-08-25", "11:00")
    contacts = [_contact(number, programme.charity) for number, programme in enumerate(PROGRAMMES, 1)]
    stage.enter([stage.sign(one.charity, [said], both=True) for one, said in zip(PROGRAMMES, contacts, strict=True)])


def move_house(stage: Stage) -> None:
    """Warm Meal has a new number at its new kitchen; from now on that counts."""
    stage.clock.go_to("2026-11-18", "10:00")
    stage.say("warm-meal", {**_contact(3, "warm-meal"), "telephone": "+86 10 5550 0133"}, both=True)


def _contact(number: int, charity: str) -> Record:
    return {
        "kind": "contact", "telephone": f"+86 10 5550 01{number:02d}", "email": f"office@{charity}.example",
        "web": f"https://{charity}.example", "complaints": COMPLAINTS.format(number=10 + number),
    }  # fmt: skip
