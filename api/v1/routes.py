"""Every route of `/v1`. To add a resource, add a file beside this one and a name in this list."""

from __future__ import annotations

from . import (
    account,
    breach,
    checkpoint,
    disbursement,
    donation,
    entry,
    feed,
    feedback,
    finding,
    fund,
    key_change,
    ledger,
    movement,
    party,
    problems,
    project,
    receipt,
    record,
    related,
    statistics,
    trace,
    unreferenced,
    unstated,
    void,
)

RESOURCES = (
    ledger, party, project, feed, fund, donation, trace, disbursement, receipt, feedback, record, entry, checkpoint, finding,
    breach, void, key_change, related, unreferenced, unstated, statistics, account, movement,
    problems,
)  # fmt: skip

ROUTERS = tuple(resource.router for resource in RESOURCES)
