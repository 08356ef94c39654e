"""Ledgers in which much is said about one thing: what each grows by, and what is asked of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from typing import Any, NamedTuple

from tests.language import key_text
from tests.writer.on_disk import OnDisk

Records = list[dict[str, Any]]
Said = tuple[str, Records, str]
DAY, TOGETHER = "2026-09-07", 40
PLACE = """
    op: unit CNY 2; party hope charity li books_from=2000-01-01; party shop vendor; party auditco auditor zhou
    hope: fund general unrestricted; project school restricted; activity books school
    hope: donation 100000.00 CNY -> general; donation 100000.00 CNY -> school
    hope: allocation 90000.00 CNY school -> books
    hope: payment 80000.00 CNY books -> shop
    2026-09-10
"""
GIFT, PAYMENT = "3.1", "5.0"


class Case(NamedTuple):
    """`grow(n)` are n things more, as statements: who says them, the records, and by which keys. `most` is how many of them are
    promised to be no work that grows faster than they do; `pages` what a server is asked."""

    name: str
    most: int
    grow: Callable[[int], Iterator[Said]]
    pages: tuple[str, ...] = (f"/g/{GIFT}", f"/payment/{PAYMENT}", f"/v1/payments/{PAYMENT}")


def together(records: Iterator[dict[str, Any]], size: int = TOGETHER) -> Iterator[Said]:
    """Records of hope, so many a statement."""
    batch: Records = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield "hope", batch, "hope.li"
            batch = []
    if batch:
        yield "hope", batch, "hope.li"


def receipts(n: int) -> Iterator[Said]:
    """Receipts of one payment."""
    receipt = {"kind": "receipt", "of": PAYMENT, "amount": 1, "level": "self-declared", "received_on": DAY}
    return together(receipt for _ in range(n))


def returns(n: int) -> Iterator[Said]:
    """One payment that comes back bit by bit."""
    back = {"kind": "payment-return", "channel": "cash", "of": PAYMENT, "amount": 1, "returned_on": DAY, "reason": "Too much"}
    return together(back for _ in range(n))


REFUND = {
    "kind": "refund", "channel": "cash", "gift": GIFT, "fund": "school", "unit": "CNY", "reason": "legal", "refunded_on": DAY,
}  # fmt: skip


def refunds(n: int) -> Iterator[Said]:
    """Units of one gift that go back, none beside another."""
    return together({**REFUND, "units": [[9_990_000 + 2 * i, 9_990_001 + 2 * i]]} for i in range(n))


def covers(n: int) -> Iterator[Said]:
    """Spent units of one gift that another fund pays back, the last first."""
    return together({**REFUND, "cover": {"fund": "general", "units": [[2 * n - 2 * i, 2 * n - 2 * i + 1]]}} for i in range(n))


def day(number: int) -> str:
    """A day, counted back from the ledger's."""
    return (datetime.date.fromisoformat(DAY) - datetime.timedelta(number)).isoformat()


def feedback(n: int) -> Iterator[Said]:
    """Feedback on one activity, no two about the same period."""
    told = {"kind": "feedback", "indicator": "read", "value": 1, "measured_in": "books", "method": "Count", "reported_on": DAY}
    return together({**told, "activity": "books", "from_day": day(7 * i), "to_day": day(i % 7)} for i in range(n))


def statistics(n: int) -> Iterator[Said]:
    """Gifts of two months, and after each a total of all of them."""
    gift = {"kind": "donation", "fund": "general", "unit": "CNY", "amount": 1, "channel": "cash"}
    total = {"kind": "statistics", "fund": "general", "unit": "CNY", "by": "month", "from_day": day(60), "to_day": day(1)}
    days = [day(1 + i % 60) for i in range(n)]
    so_far = accumulate(days, lambda counts, one: counts | {one[:7]: counts.get(one[:7], 0) + 1}, initial={})
    cells = ([{"code": month, "amount": some, "gifts": some} for month, some in sorted(counts.items())] for counts in so_far)
    pairs = zip(days, islice(cells, 1, None), strict=True)
    said = (({**gift, "received_on": one}, {**total, "cells": each}) for one, each in pairs)
    return together(record for pair in said for record in pair)


def funds(n: int) -> Iterator[Said]:
    """Activities of one project, and a payment out of it after each."""
    made = {"kind": "activity", "parent": "school", "name": "N", "purpose": "P"}
    paid = {"kind": "payment", "channel": "cash", "fund": "school", "unit": "CNY", "amount": 1, "payee": "shop"}
    how = {"cost_class": "programme", "paid_on": DAY}
    pairs = (({**made, "id": f"a{i}"}, {**paid, **how}) for i in range(n))
    return together(record for pair in pairs for record in pair)


def keys(n: int) -> Iterator[Said]:
    """Keys of one officer that follow one another."""
    for i in range(n):
        known = f"hope.li{i}" if i else "hope.li"
        new = {"kind": "key", "key": key_text(f"hope.li{i + 1}"), "officer": "li"}
        old = {"kind": "key-revocation", "key": key_text(known), "reason": "rotated"}
        yield "hope", [new, old], f"{known} auditco.zhou hope.li{i + 1}"


CASES = (
    Case("receipts", 8_000, receipts), Case("returns", 2_000, returns), Case("refunds", 4_000, refunds),
    Case("covers", 4_000, covers), Case("feedback", 400, feedback, ("/g/3.1", "/payment/5.0", "/project/school")),
    Case("statistics", 2_000, statistics, ("/", "/v1/statistics/given?by=month")),
    Case("funds", 800, funds, ("/project/school", "/v1/projects/school")), Case("keys", 400, keys, ("/v1/parties/hope",)),
)  # fmt: skip


def grown(ledger: OnDisk, case: Case, n: int) -> None:
    """Enter n things more into a ledger in which PLACE was said."""
    for party, records, names in case.grow(n):
        ledger.sequencer.submit_one(ledger.made(party, records, names))
