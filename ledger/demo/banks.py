"""The bank of the charities: it signs what was in their accounts when their books began, and one statement with lines, by which it
confirms what Hope School paid as salaries."""

from __future__ import annotations

from typing import NamedTuple

from ..bank_line import line_bytes
from ..canonical import to_base64url
from ..log.merkle import leaf_hash, prove_inclusion, root_of
from .cast import BOOKS_FROM
from .chance import Chance
from .office import SALARIES
from .programme import BALANCE, CLAY_BANK, DEED, PROGRAMMES
from .stage import Record, Stage
from .work import BANK, receipt

CASH_DRAWN = 500_00
NO_LINES = root_of([]).hex()


class Line(NamedTuple):
    """A line by which money left an account: its day and amount, and the salted digest of the rest."""

    day: str
    amount: int
    rest: str
    salt: str

    @property
    def leaf(self) -> bytes:
        """The hash of the line."""
        return leaf_hash(line_bytes(self.day, self.amount, self.rest, self.salt))


def sign_balances(stage: Stage) -> None:
    """The bank signs what each charity had in its account when its books began."""
    stage.clock.go_to("2026-08-28", "15:00")
    for programme in PROGRAMMES:
        _sign_balance(stage, programme.charity, programme.general, "6222 0001", BALANCE)
    _sign_balance(stage, "evergreen", "evergreen-endowment", "6222 0002", DEED)


def _sign_balance(stage: Stage, charity: str, fund: str, account: str, balance: int) -> None:
    stage.say(charity, _statement(
        stage, charity, fund, account=stage.account(charity, account), from_day=BOOKS_FROM, to_day="2026-08-27", opening=balance,
        closing=balance,
    ), also=CLAY_BANK)  # fmt: skip


def confirm_salaries(stage: Stage) -> None:
    """The next statement of Hope School's account, which the bank signs too; Hope School opens the line of the salaries."""
    stage.clock.go_to("2026-10-01", "08:30")
    chance = Chance(f"{stage.origin}/bank lines")
    said = (("2026-09-01", CASH_DRAWN), ("2026-09-30", SALARIES))
    lines = [Line(day, amount, to_base64url(chance.block()), to_base64url(chance.block()[:16])) for day, amount in said]
    leaves = [line.leaf for line in lines]
    (name,) = stage.say("hope-school", _statement(
        stage, "hope-school", "hope-general", from_day="2026-08-28", to_day="2026-09-30", opening=BALANCE,
        closing=BALANCE - CASH_DRAWN - SALARIES, line_count=len(lines), lines=root_of(leaves).hex(),
    ), also=CLAY_BANK)  # fmt: skip
    _, paid = lines
    path = prove_inclusion(1, len(lines), lambda level, at: root_of(leaves[at << level : (at + 1) << level]))
    stage.say("hope-school", {
        **receipt(stage, stage.named["salaries"], SALARIES, "confirmed"), "received_on": paid.day,
        "line": {
            "statement": name, "number": 1, "line_count": len(lines), "amount": paid.amount, "rest": paid.rest, "salt": paid.salt,
            "path": [step.hex() for step in path],
        },
    })  # fmt: skip


def _statement(stage: Stage, party: str, fund: str, **members: str | int) -> Record:
    return {
        "kind": "bank-statement", "fund": fund, "unit": "CNY", "channel": BANK, "account": stage.account(party, "6222 0001"),
        "line_count": 0, "lines": NO_LINES, **members,
    }  # fmt: skip
