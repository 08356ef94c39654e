"""What is overdue, by the projects' own promises; and what the last audit said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from ledger.books.moment import day_to_judge
from ledger.errors import UsageError
from ledger.findings.table import RULES
from ledger.view.overdue import Overdue, overdue
from ledger.view.snapshot import Snapshot

from ..http.last_audit import Found, LastAudit, Report
from ..http.window import window_of
from .list_request import CountedOn, DueOn, JudgedOn
from .money import Answer, Money, money_of
from .page import Batch, Page, sliced
from .param import Within
from .route_docs import lists, resource
from .text_types import HEX, RefSaid

router = resource("findings")
SAYS = {
    "none-named": "The operator has not given an audit report. This server does not audit itself.",
    "left-out": "It can change without a new entry, so it is not in an answer that names its tree size: ask without `at_size`.",
    "unusable": "The operator has given an audit report, but it is not shown, because it",
    "told": "A file from the operator says so. It is not signed, and this server has not repeated the audit.",
}


class Finding(Answer):
    """`amount` of the payment or delivery `ref`, from `fund`, lacks a receipt or feedback that was due on `due_on`. `id` and `kind`
    are the id and class in docs/reference/findings.md, judged as of `as_of`."""

    id: Literal["overdue-receipt", "overdue-feedback"]
    kind: Literal["audit"]
    means: str
    ref: RefSaid
    fund: str
    amount: Money
    due_on: DueOn
    as_of: JudgedOn


class FindingCount(Answer):
    """How many findings with an id and class a report lists, how many `cases` they are about, and the `amounts` of those that count
    their cases, by unit. `means` is "" for an id that this program does not know."""

    id: str
    kind: Literal["broken", "unknown", "audit"]
    means: str
    count: int = Field(ge=1)
    cases: int = Field(ge=1)
    amounts: list[Money]


class AuditReport(Answer):
    """The result of an audit of the first `tree_size` entries, the last of which was entered at `time`. `later_entries` were added
    since and are not audited. Overdue items were judged as of the day `as_of`, "" if they were not judged. `witnessed` tells
    whether the witnesses that the policy asks for cosigned the log. `findings` are counted by id; the report counts more,
    which it does not list, in `left_out`, by id."""

    as_of: str
    tree_size: int = Field(ge=1)
    root: str = Field(pattern=HEX)
    time: str
    later_entries: int = Field(ge=0)
    verdict: Literal["verified", "partly verified", "failed", "could not verify"]
    witnessed: bool
    areas: list[str]
    not_checked: list[str]
    findings: list[FindingCount]
    left_out: dict[str, int]


class Audit(Answer):
    """The last audit, from a report that the operator gave to the server. In the state `told` the report was compared with this
    log; the other states say why there is none."""

    state: Literal["none-named", "left-out", "unusable", "told"]
    says: str
    report: AuditReport | None


class FindingPage(Page[Finding]):
    """Part of what is overdue, and the last audit."""

    audit: Audit


def audit_of(snapshot: Snapshot, last_audit: LastAudit) -> Audit:
    """The result in the report that the operator named."""
    try:
        with snapshot.reading():
            report = last_audit.of(snapshot.books.ledger[""].origin, snapshot.tree_size, snapshot.reader.store.tile)
    except UsageError as error:
        return Audit(state="unusable", says=f"{SAYS['unusable']} {error.message}.", report=None)
    if report is None:
        return Audit(state="none-named", says=SAYS["none-named"], report=None)
    return Audit(state="told", says=SAYS["told"], report=_report_of(snapshot, report))


def _report_of(snapshot: Snapshot, report: Report) -> AuditReport:
    listed: dict[tuple[str, str], list[Found]] = {}
    for found in report.findings:
        listed.setdefault((found.id, found.kind), []).append(found)
    return AuditReport(
        as_of=report.as_of, witnessed=report.witnessed, tree_size=report.tree_size, root=report.root,
        time=snapshot.leaf(report.tree_size - 1).entry.time,
        later_entries=snapshot.tree_size - report.tree_size, verdict=report.verdict, areas=report.areas,
        not_checked=report.not_checked, left_out=report.left_out,
        findings=[_count_of(snapshot, *key, found) for key, found in sorted(listed.items())],
    )  # fmt: skip


def _count_of(snapshot: Snapshot, id: str, kind: str, listed: Sequence[Found]) -> FindingCount:
    sums = Counter[str]()
    for found in listed:
        sums.update({found.unit: found.amount} if found.unit else {})
    return FindingCount(
        id=id, kind=kind, means=RULES[id].means if id in RULES else "", count=len(listed),
        cases=sum(found.cases for found in listed),
        amounts=[money_of(snapshot.books, amount, unit) for unit, amount in sorted(sums.items())],
    )  # fmt: skip


def finding_of(snapshot: Snapshot, overdue: Overdue, as_of: str) -> Finding:
    """What is overdue, as a finding."""
    id = f"overdue-{overdue.stage}"
    return Finding(
        id=id, kind=RULES[id].kind, means=RULES[id].means, ref=overdue.ref, fund=overdue.fund,
        amount=money_of(snapshot.books, overdue.amount, overdue.unit), due_on=overdue.due_on, as_of=as_of,
    )  # fmt: skip


@router.get("/findings", **lists(Finding, FindingPage))
async def findings(asked: CountedOn, within: Within, request: Request) -> Response:
    """Receipts and feedback that are overdue, oldest due day first; in JSON also the result of the last audit, in `audit`.

    The books themselves show what is overdue. The server does not audit itself: `audit` is from a report that the operator gave to
    the server, and says whether the report is about this log. It can change without a new entry, so it is left out with `at_size`.
    For a full audit of every hash, signature, rule and sum, run `givetrail verify` on a mirror of the log, with the trust policy.
    Findings that the operator and an auditor closed are records of kind `acknowledgement`."""
    last_audit = window_of(request).last_audit

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        page = sliced(overdue(snapshot, asked.as_of, **within), cursor, limit)
        day = day_to_judge(asked.as_of, snapshot.day)
        left_out = Audit(state="left-out", says=SAYS["left-out"], report=None)
        audit = left_out if asked.is_pinned else audit_of(snapshot, last_audit)
        return page.said(lambda row: finding_of(snapshot, row, day))._replace(whole=FindingPage, more={"audit": audit})

    return await asked.page(Finding, question, "" if asked.is_pinned else last_audit.mark())
