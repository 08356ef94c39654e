"""What a verification says of each unit: what was given, spent, signed by somebody else, and is left."""

from __future__ import annotations

from ..books.inflow import is_repayment
from ..books.levels import SOMEBODY_ELSE, received
from ..books.life import disputed, taken_below
from ..books.period import is_century
from ..books.state import Books


def units_of(books: Books) -> dict[str, dict[str, int]]:
    """For each unit: its exponent, the number and amount of gifts, the balance of all funds, what payments and deliveries took for
    good, how much of that was signed by somebody else, and how much besides is disputed, in minor units. A grant that was taken
    into a fund is in that fund. What repaid an advance is not spent: the advance was not given."""
    nothing = {"exponent": 0, "gifts": 0, "given": 0, "left": 0, "spent": 0, "signed": 0, "disputed": 0}
    sums = {unit: {**nothing, "exponent": row.exponent} for unit, row in books.unit.items()}
    for name, given in books.given.all():
        _, unit_id, step = name.split("/")
        if is_century(step):
            unit = sums.setdefault(unit_id, dict(nothing))
            unit["gifts"] += given.gifts
            unit["given"] += given.amount
    for name, tape in books.tape.items():
        sums.setdefault(name.partition("/")[2], dict(nothing))["left"] += tape.free()
    for ref, row in books.disbursement.items():
        if is_repayment(books, row):
            continue
        unit, kept = sums.setdefault(row.unit, dict(nothing)), row.amount - row.returned
        unit["spent"] += kept - row.taken
        signed = min(received(row, SOMEBODY_ELSE[-1]), kept)
        unit["signed"] += signed - taken_below(books, ref, row, signed)
        unit["disputed"] += disputed(books, ref, row)
    return sums
