"""A record in a few words, such as “gift of 30.00 CNY” or “payment to Noon Kitchen”: what a link to it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from ledger.books.flows import Target, size
from ledger.books.gift import split_ref
from ledger.books.kinds.refund import Refund
from ledger.books.life import named_at
from ledger.view.snapshot import Snapshot

from .choices import INCOMES
from .frame import exponent_of, isolated, party_name, result_words
from .locale import Voice, marked, shortened
from .names import words
from .steps import day_of, fund_name, goods_of, unit_of

LENGTH = 60
NAMES = {
    "ledger": marked("start of the ledger “%(name)s”"), "rules": marked("change of rules to %(rules)s"),
    "party": marked("new party %(id)s"), "relation": marked("relation of %(of)s and %(to_party)s"),
    "contact": marked("contact of %(author)s"),
    "key": marked("new key of %(author)s"), "key-revocation": marked("key of %(author)s revoked"),
    "key-withdrawal": marked("change of a key of %(author)s withdrawn"), "recovery": marked("new keys for %(party)s"),
    "mandate": marked("mandate of %(author)s"), "clock-correction": marked("correction of the clock"),
    "succession": marked("continuation of the log %(origin)s"), "unit": marked("unit “%(name)s”"),
    "fund": marked("fund “%(name)s”"), "project": marked("project “%(name)s”"), "activity": marked("activity “%(name)s”"),
    "donation": marked("gift of %(amount)s"), "income": marked("income of %(amount)s: %(income_class)s"),
    "allocation": marked("allocation of %(amount)s to “%(to_fund)s”"), "progress": marked("progress in “%(activity)s”"),
    "payment": marked("payment to %(payee)s"), "delivery": marked("delivery to %(payee)s"),
    "exchange": marked("exchange of %(amount)s into %(exchanged)s"), "write-off": marked("write-off of %(amount)s"),
    "payment-return": marked("return of %(amount)s from %(payee)s"),
    "receipt": marked("receipt of %(author)s for %(amount)s"), "feedback": marked("feedback: %(result)s"),
    "refund": marked("refund of %(amount)s"), "reversal": marked("reversal of: %(about)s"),
    "correction": marked("correction of: %(about)s"), "reference-key": marked("reference key “%(label)s” of %(author)s"),
    "source": marked("file imported by %(author)s"), "statistics": marked("statistics of “%(fund)s”"),
    "regional-statistics": marked("statistics by region of “%(fund)s”"), "consent": marked("decision of a person on: %(about)s"),
    "erasure": marked("private data erased of: %(about)s"), "bank-statement": marked("bank statement of “%(fund)s”"),
    "stocktake": marked("stocktake of “%(fund)s”"), "acknowledgement": marked("closed finding about %(about)s"),
    "requirement": marked("legal requirement of %(jurisdiction)s"), "rate": marked("exchange rate of %(unit)s to %(to_unit)s"),
    "timestamp": marked("timestamp of %(authority)s"),
}  # fmt: skip
"""By kind."""


class Naming:
    """Names what is in a snapshot, in one language. All names are isolated and can be put into a page as they are."""

    def __init__(self, voice: Voice, snapshot: Snapshot) -> None:
        self.voice, self.snapshot = voice, snapshot
        self._goods = goods_of(snapshot)

    def record(self, ref: str) -> Markup:
        """A record without its reference: payment to Noon Kitchen. Raises NotFound."""
        return self._named(ref, is_within=False)

    def dated(self, ref: str) -> Markup:
        """The same with its day: payment to Noon Kitchen, 16 September 2026. Raises NotFound."""
        day = self.voice.day(day_of(self.snapshot, self.snapshot.store_flows.target(*split_ref(ref))))
        return Markup(self.voice.say("%(record)s, %(day)s")) % {"record": self.record(ref), "day": day}

    def within(self, ref: str) -> Markup:
        """A record in the name of another one; if it is about a third, that one is named by its reference. Raises NotFound."""
        return self._named(ref, is_within=True)

    def _named(self, ref: str, is_within: bool) -> Markup:
        with self.snapshot.reading():
            target = self.snapshot.store_flows.target(*split_ref(ref))
            return Markup(self.voice.say(NAMES[target.record.kind])) % _Places(_Place(self, ref, target, is_within))

    def money(self, minor: int, unit: str) -> str:
        """An amount."""
        return self.voice.money(minor, exponent_of(self.snapshot.books, unit), unit, self._goods(unit))

    def unit(self, unit: str) -> str:
        """The name of a unit."""
        return self.voice.unit(unit, self._goods(unit))

    def party(self, id: str) -> Markup:
        """The name of a party or a group."""
        return self.text(party_name(self.voice, self.snapshot.books, id))

    def fund(self, id: str) -> Markup:
        """The name of a fund."""
        return self.text(fund_name(self.snapshot, id))

    def text(self, text: str) -> Markup:
        """A foreign text, shortened."""
        return isolated(shortened(text, LENGTH))


def of_record(ref: str, record: object) -> str:
    """The record that a record names as `of`."""
    return named_at(getattr(record, "of", ""), ref)[0]


class _Place(NamedTuple):
    """A place in the name of a record, which `is_within` the name of another one or is not."""

    naming: Naming
    ref: str
    target: Target
    is_within: bool

    def member(self, name: str) -> str:
        return str(getattr(self.target.record, name))


class _Places:
    """The places in the name of a record, each filled when the words ask for it."""

    def __init__(self, at: _Place) -> None:
        self._at = at

    def __getitem__(self, place: str) -> object:
        fill = FILLS.get(place)
        return fill(self._at) if fill else self._at.naming.text(self._at.member(place))


def _amount(at: _Place) -> str:
    record = at.target.record
    minor = _refunded(record) if isinstance(record, Refund) else record.amount
    return at.naming.money(minor, unit_of(at.naming.snapshot, at.ref, record))


def _refunded(refund: Refund) -> int:
    return size(refund.units or ()) + size(refund.cover.units if refund.cover else ()) + (refund.fee or 0)


def _payee(at: _Place) -> Markup:
    disbursements = at.naming.snapshot.books.disbursement
    row = disbursements.get(at.ref) or disbursements[of_record(at.ref, at.target.record)]
    return at.naming.party(row.payee)


def _about(at: _Place) -> object:
    of = of_record(at.ref, at.target.record)
    return of if at.is_within else at.naming.within(of)


def _result(at: _Place) -> Markup:
    record = at.target.record
    return result_words(at.naming.voice, record.value, record.measured_in)


FILLS: dict[str, Callable[[_Place], object]] = {
    "amount": _amount, "payee": _payee, "result": _result, "author": lambda at: at.naming.party(at.target.party),
    "id": lambda at: at.naming.party(at.member("id")), "of": lambda at: at.naming.party(at.member("of")),
    "to_party": lambda at: at.naming.party(at.member("to")), "party": lambda at: at.naming.party(at.member("party")),
    "to_fund": lambda at: at.naming.fund(at.member("to")), "fund": lambda at: at.naming.fund(at.member("fund")),
    "origin": lambda at: at.naming.text(at.target.record.continues.origin),
    "activity": lambda at: at.naming.fund(at.member("activity")), "unit": lambda at: at.naming.unit(at.member("unit")),
    "to_unit": lambda at: at.naming.unit(at.member("to_unit")),
    "exchanged": lambda at: at.naming.money(at.target.record.to_amount, at.target.record.to_unit),
    "income_class": lambda at: words(at.naming.voice, INCOMES, at.member("income_class")),
    "about": _about,
}  # fmt: skip
"""By place. A place that is not here is a member of the record, as it is."""
