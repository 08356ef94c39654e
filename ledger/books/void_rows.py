"""The rows that tell a reversal what a record did, and which records are void."""

from __future__ import annotations

from typing import NamedTuple


class IncomeRow(NamedTuple):
    """Money that is not a gift. `start` is where its units begin on the tape of its fund; `label` is that of
    its reference, or "". `entered` of it was counted as inflow; of an advance of `lender`, `repaid` was paid back. `counts_on` is
    the day on which a correction made it count in the balance by day, or ""."""

    party: str
    fund: str
    unit: str
    amount: int
    start: int
    income_class: str
    day: str
    entered_on: str
    channel: str
    label: str
    lender: str
    entered: int = 0
    repaid: int = 0
    counts_on: str = ""

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Its units on the tape of its fund."""
        return ((self.start, self.start + self.amount),)


class ExchangeRow(NamedTuple):
    """An exchange. `start` is where its units begin on the tape of `to_unit`; `left` is the inflow that it took out of `unit`, and
    `entered` what it added in `to_unit`; `uncounted` is what it took besides."""

    party: str
    fund: str
    unit: str
    amount: int
    to_unit: str
    to_amount: int
    start: int
    left: int
    entered: int
    day: str
    entered_on: str
    uncounted: int = 0

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Its units on the tape of `to_unit`."""
        return ((self.start, self.start + self.to_amount),)


class ReceiptRow(NamedTuple):
    """A receipt of the payment or delivery `of`. `line` is the line of a bank statement that it opened, or ""."""

    party: str
    of: str
    amount: int
    level: str
    line: str = ""


class TakingRow(NamedTuple):
    """A receipt by which the party took `amount` of the grant `of` into a fund, from unit `start` of that tape on: number `number`
    of the receipts that took of it. `entered` of it is inflow of the fund's project, as far as that much is `kept`: not paid back.
    `failed` payments that paid it back were void, or did not arrive; what came back then is in the table `given_back`."""

    party: str
    of: str
    number: int
    fund: str
    unit: str
    amount: int
    start: int
    day: str
    entered_on: str
    entered: int = 0
    kept: int = 0
    failed: int = 0

    @property
    def tape(self) -> str:
        """The tape of its units."""
        return f"{self.fund}/{self.unit}"

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Its units on that tape."""
        return ((self.start, self.start + self.amount),)


class NetRow(NamedTuple):
    """What a party took of another one's grants in one unit and did not pay back, what it granted to that party, and how much of
    what it took was counted as inflow."""

    received: int = 0
    granted: int = 0
    counted: int = 0


class FeedbackRow(NamedTuple):
    """A feedback about payments, or about an activity from one day to another. `payments` are (name, how much of it was reported on
    before, by which feedback)."""

    party: str
    payments: tuple[tuple[str, int, str], ...]
    activity: str
    from_day: str
    to_day: str


class VoidRow(NamedTuple):
    """A record of the party that it declared void by record (entry, record), on the day."""

    party: str
    entry: int
    record: int
    reason: str
    day: str

    @property
    def by(self) -> tuple[int, int]:
        """The place of the record that declared it void."""
        return self.entry, self.record

    @property
    def ref(self) -> str:
        """The record that declared it void."""
        return f"{self.entry}.{self.record}"
