"""What a project's cost limits are a share of (books §2): money counts when it comes in from outside, once, and no more when it has
gone out again and was no cost."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import pytest

from ledger.books.inflow_sums import inflow
from ledger.errors import GiveTrailError
from tests.language import Ledger, a_ledger

UNITS = ("CNY", "USD")
MEMBERS = ("clinic", "beds")


def a_clinic() -> Ledger:
    """A project that spends at most a tenth on administration, and may give its money back to the general fund."""
    return a_ledger().play("""
        hope: project clinic unrestricted general cost_limits=administration:1/10+fundraising:0/1; activity beds clinic
    """)


@pytest.fixture
def clinic() -> Ledger:
    return a_clinic()


@pytest.fixture
def rich(clinic: Ledger) -> Ledger:
    return clinic.play("hope: donation 100.00 CNY -> clinic as gift")


def test_an_exchange_takes_the_inflow_along(rich):
    """It is no inflow in the one unit any more, and in the other it is."""
    rich.play("""
        hope: exchange 70.00 CNY clinic to_amount=10.00 to_unit=USD rate=1/7
        hope: payment 3.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: costs reach 3.01 CNY, and the project allows at most 3.00 CNY (1/10 of its inflow, 30.00 CNY)
        hope: payment 1.01 USD clinic -> shop cost_class=administration
          ! cost-limit: costs reach 1.01 USD, and the project allows at most 1.00 USD (1/10 of its inflow, 10.00 USD)
        hope: payment 3.00 CNY clinic -> shop cost_class=administration; payment 1.00 USD clinic -> shop cost_class=administration
    """)


def test_an_exchange_there_and_back_changes_nothing(rich):
    rich.play("""
        hope: exchange 70.00 CNY clinic to_amount=10.00 to_unit=USD rate=1/7
        hope: exchange 10.00 USD clinic to_amount=70.00 to_unit=CNY rate=7/1
        hope: payment 10.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 100.00 CNY
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


def test_inflow_that_a_cost_has_used_stays_where_it_was_used(rich):
    """Else a tenth would be spent of the yuan, then a tenth of the dollars that the other nine tenths became."""
    rich.play("""
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
        hope: exchange 70.00 CNY clinic to_amount=10.00 to_unit=USD rate=1/7
        hope: payment 1 USD clinic -> shop cost_class=administration
          ! cost-limit: costs reach 0.01 USD, and the project allows at most 0.00 USD (1/10 of its inflow, 0.00 USD)
        hope: donation 1.00 USD -> beds
        hope: payment 10 USD clinic -> shop cost_class=administration
    """)


def test_of_what_a_cost_has_used_in_part_the_rest_goes_along(rich):
    rich.play("""
        hope: payment 5.01 CNY clinic -> shop cost_class=administration
        hope: exchange 70.00 CNY clinic to_amount=10.00 to_unit=USD rate=1/7
        hope: payment 72 USD clinic -> shop cost_class=administration
          ! cost-limit: at most 0.71 USD (1/10 of its inflow, 7.12 USD)
        hope: payment 71 USD clinic -> shop cost_class=administration
        hope: payment 1 CNY clinic -> shop cost_class=administration
          ! cost-limit: costs reach 5.02 CNY, and the project allows at most 5.01 CNY (1/10 of its inflow, 50.10 CNY)
    """)


def test_a_cost_that_comes_back_uses_nothing(rich):
    rich.play("""
        hope: payment 10.00 CNY clinic -> shop cost_class=administration as rent
        hope: payment-return 10.00 ^rent
        hope: exchange 70.00 CNY clinic to_amount=10.00 to_unit=USD rate=1/7
        hope: payment 1.00 USD clinic -> shop cost_class=administration
    """)


def test_a_refused_gift_is_no_inflow(rich):
    """What was spent before the refund was right and stays right; what comes after it is judged without the gift."""
    rich.play("""
        hope: donation 900.00 CNY -> clinic as large
        hope: payment 50.00 CNY clinic -> shop cost_class=administration
        hope: refund ^large clinic CNY units=10000..100000 reason=donor-request
        hope: payment 1 CNY clinic -> shop cost_class=administration
          ! cost-limit: costs reach 50.01 CNY, and the project allows at most 10.00 CNY (1/10 of its inflow, 100.00 CNY)
        hope: payment 1.00 CNY clinic -> shop
        hope: donation 400.01 CNY -> clinic
        hope: payment 1 CNY clinic -> shop cost_class=administration
          ! cost-limit: costs reach 50.01 CNY, and the project allows at most 50.00 CNY (1/10 of its inflow, 500.01 CNY)
        hope: donation 9 CNY -> clinic
        hope: payment 1 CNY clinic -> shop cost_class=administration
    """)


def test_a_refund_that_the_general_fund_covers_leaves_the_project_its_money(rich):
    """The general fund has paid in the donor's place: it could have given the project that money."""
    rich.play("""
        hope: donation 100.00 CNY -> general; payment 90.00 CNY clinic -> shop
        hope: refund ^gift clinic CNY cover=general:0..5000 reason=legal
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


def test_a_refund_that_the_project_covers_takes_from_its_inflow(rich):
    rich.play("""
        hope: payment 90.00 CNY clinic -> shop; donation 90.00 CNY -> beds
        hope: refund ^gift clinic CNY cover=beds:0..9000 reason=legal units=9000..10000
        hope: donation 20.00 CNY -> beds
        hope: payment 11.01 CNY beds -> shop cost_class=administration
          ! cost-limit: costs reach 11.01 CNY, and the project allows at most 11.00 CNY (1/10 of its inflow, 110.00 CNY)
        hope: payment 11.00 CNY beds -> shop cost_class=administration
    """)


def test_money_that_leaves_the_project_and_comes_back_counts_once(rich):
    rich.play("""
        hope: allocation 90.00 CNY clinic -> general; allocation 90.00 CNY general -> clinic
        hope: allocation 90.00 CNY clinic -> general as lent
        hope: payment 1.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 10.00 CNY
        hope: reversal of ^lent
        hope: payment 10.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 100.00 CNY
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


def test_a_gift_of_another_fund_is_refunded_without_the_project(rich):
    rich.play("""
        hope: donation 50.00 CNY -> general as other
        hope: refund ^other general CNY units=0..5000 reason=donor-request
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


def test_more_that_goes_out_than_came_in_allows_nothing(rich):
    """Exchanges at rates that do not fit make units that were never given, and these are given to the general fund."""
    rich.play("""
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
        hope: exchange 90.00 CNY clinic to_amount=9.00 to_unit=USD rate=1/10
        hope: exchange 9.00 USD clinic to_amount=900.00 to_unit=CNY rate=100/1
        hope: allocation 900.00 CNY clinic -> general 'breach=cost-limit:It was lent'; donation 100.00 CNY -> clinic
        hope: payment 1 CNY clinic -> shop cost_class=administration
          ! cost-limit: at most 0.00 CNY (1/10 of its inflow, -700.00 CNY)
        hope: exchange 1.00 CNY clinic to_amount=1.00 to_unit=USD rate=1/1
        hope: payment 1 USD clinic -> shop cost_class=administration
          ! cost-limit: at most 0.00 USD (1/10 of its inflow, 0.00 USD)
        hope: allocation 900.00 CNY general -> clinic
        hope: payment 10.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: costs reach 20.01 CNY, and the project allows at most 20.00 CNY (1/10 of its inflow, 200.00 CNY)
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


class Step(NamedTuple):
    """Something that a charity tries."""

    what: str
    fund: str
    unit: str
    amount: int


WITHIN = ("gift", "exchange", "administer", "buy", "back", "move")
ACROSS = ("refund", "up", "down")


def steps_of(seed: int, *what: str) -> list[Step]:
    """Sixty steps; at first gifts, so that there is something to go on with."""
    chance = Random(seed)
    kinds = ["gift"] * 6 + [chance.choice(what) for _ in range(54)]
    return [Step(kind, chance.choice(MEMBERS), chance.choice(UNITS), 1 + chance.randrange(60)) for kind in kinds]


class Telling:
    """A clinic and what is tried in it, at rates of one to one. `came` is what came into it less what went out, of all units;
    `done` is what was accepted."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.ledger, self.came, self.spent, self.done = a_clinic(), 0, 0, set[str]()
        self._gifts: list[tuple[str, str, str, int, int]] = []
        self._costs: list[tuple[str, int]] = []
        self._try("donation", fund="general", unit="CNY", amount=500, channel="cash")
        self._try("donation", fund="general", unit="USD", amount=500, channel="cash")
        for step in steps:
            size = len(self.ledger.leaves)
            getattr(self, f"_{step.what}")(step.fund, step.unit, step.amount)
            self.done.update([step.what] if len(self.ledger.leaves) > size else [])

    def _try(self, kind: str, **said: Any) -> bool:
        today = self.ledger.time[:10]
        days = {"donation": "received_on", "payment": "paid_on", "exchange": "exchanged_on", "refund": "refunded_on",
                "payment-return": "returned_on"}  # fmt: skip
        said |= {days[kind]: today} if kind in days else {}
        try:
            self.ledger.say("hope", [{"kind": kind, **said}], ["hope.li"])
        except GiveTrailError:
            self.ledger.books.rollback()
            return False
        return True

    @property
    def _last(self) -> str:
        return f"{len(self.ledger.leaves) - 1}.0"

    def _gift(self, fund: str, unit: str, amount: int) -> None:
        assert self._try("donation", fund=fund, unit=unit, amount=amount, channel="cash")
        ((_, _, _, start, end),) = self.ledger.context.flows
        self._gifts.append((self._last, fund, unit, start, end))
        self.came += amount

    def _exchange(self, fund: str, unit: str, amount: int) -> None:
        to_unit = UNITS[unit == "CNY"]
        self._try("exchange", fund=fund, unit=unit, amount=amount, to_unit=to_unit, to_amount=amount, rate=[1, 1], source="Bank")

    def _pay(self, fund: str, unit: str, amount: int, cost_class: str) -> bool:
        return self._try("payment", fund=fund, unit=unit, amount=amount, payee="shop", cost_class=cost_class, channel="cash")

    def _administer(self, fund: str, unit: str, amount: int) -> None:
        # Small, so that some are within the limit.
        amount = 1 + amount % 6
        if self._pay(fund, unit, amount, "administration"):
            self._costs.append((self._last, amount))
            self.spent += amount

    def _buy(self, fund: str, unit: str, amount: int) -> None:
        self._pay(fund, unit, amount, "programme")

    def _back(self, fund: str, unit: str, amount: int) -> None:
        if self._costs:
            ref, paid = self._costs.pop()
            assert self._try("payment-return", of=ref, amount=paid, reason="Wrong", channel="cash")
            self.spent -= paid

    def _move(self, fund: str, unit: str, amount: int) -> None:
        self._try("allocation", fund=fund, to=MEMBERS[fund == "clinic"], unit=unit, amount=amount)

    def _refund(self, fund: str, unit: str, amount: int) -> None:
        ref, fund, unit, start, end = self._gifts[amount % len(self._gifts)] if self._gifts else ("0.0", fund, unit, 0, 1)
        if self._try("refund", gift=ref, fund=fund, unit=unit, units=[[start, end]], reason="legal", channel="cash"):
            self.came -= end - start

    def _up(self, fund: str, unit: str, amount: int) -> None:
        if self._try("allocation", fund=fund, to="general", unit=unit, amount=amount):
            self.came -= amount

    def _down(self, fund: str, unit: str, amount: int) -> None:
        if self._try("allocation", fund="general", to=fund, unit=unit, amount=amount):
            self.came += amount

    def counted(self) -> int:
        """The inflow of all units, as the books count it."""
        return sum(inflow(self.ledger.books, "clinic", unit) for unit in UNITS)


@pytest.mark.parametrize("seed", range(24))
def test_what_came_in_is_counted_once_whatever_is_done_with_it(seed):
    told = Telling(steps_of(seed, *WITHIN, *ACROSS))
    assert told.counted() == told.came


@pytest.mark.parametrize("seed", range(24))
def test_no_exchange_lets_a_project_spend_more_on_itself_than_it_promised(seed):
    told = Telling(steps_of(seed, "exchange", "administer", "administer", "move"))
    assert told.counted() == told.came
    assert told.spent <= told.came // 10


def test_the_steps_are_such_as_happen():
    """In most of these ledgers money is exchanged, spent on administration, refunded, and given out of the project and back."""
    told = [Telling(steps_of(seed, *WITHIN, *ACROSS)).done for seed in range(24)]
    for what in ("exchange", "administer", "back", "move", *ACROSS):
        assert sum(what in done for done in told) > 12, what
