"""What is late, by the projects' own promises."""

from __future__ import annotations

from typing import Literal

from starlette.responses import Response

from ledger.audit.finding import RULES
from ledger.view import Snapshot
from ledger.view.late import Overdue, overdue

from .asking import ManyOn
from .money import Answer, Money, money_of
from .page import Batch, sliced
from .param import Within
from .saying import lists, resource

router = resource("findings")


class Finding(Answer):
    """`amount` of the payment or delivery `ref`, out of `fund`, waits for what was due on a day; `id` and `kind` are id and class
    of docs/reference/findings.md, judged as of `as_of`."""

    id: Literal["overdue-receipt", "overdue-feedback"]
    kind: Literal["audit"]
    means: str
    ref: str
    fund: str
    amount: Money
    due_on: str
    as_of: str


def finding_of(snapshot: Snapshot, late: Overdue, as_of: str) -> Finding:
    """What is late, as a finding."""
    id = f"overdue-{late.stage}"
    return Finding(
        id=id, kind=RULES[id].kind, means=RULES[id].means, ref=late.ref, fund=late.fund,
        amount=money_of(snapshot.books, late.amount, late.unit), due_on=late.due_on, as_of=as_of,
    )  # fmt: skip


@router.get("/findings", **lists(Finding))
async def findings(asked: ManyOn, within: Within) -> Response:
    """Receipts and feedback that are late, oldest due day first.

    This is lateness and nothing else: the books say it by themselves. The server does not audit itself. A full audit, of every
    hash, signature, rule and sum, is `givetrail verify` on a mirror of the log, with the trust policy; findings that operator and
    auditor closed are records of kind `acknowledgement`. """

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        page = sliced(overdue(snapshot, asked.as_of, **within), cursor, limit)
        day = asked.as_of or snapshot.day
        return Batch([finding_of(snapshot, late, day) for late in page.items], page.next)

    return await asked.page(Finding, question)
