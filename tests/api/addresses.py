"""One address or more for every path of the API's document, filled in from the story."""

from __future__ import annotations

from tests.api.story import Told

DAY = "as_of=2026-10-01"
# What answers alike at every tree size, or has none.
UNPINNED = {"/checkpoint", "/v1/checkpoints/stream", "/v1/problems/{rule}", "/tile/{level}/{number}", "/tile/entries/{number}"}
ELSEWHERE = {"/timestamps/{name}"}
"""The story has no timestamp: tests/api/test_tiles.py asks for one."""


def addresses(told: Told) -> dict[str, list[str]]:
    """The addresses of every path."""
    gift, paid, bought, handed = (told.refs[name] for name in ("gift", "paid", "bought", "handed"))
    receipt = f"{int(bought.partition('.')[0]) + 1}.0"
    feedback = f"{int(bought.partition('.')[0]) + 3}.0"
    return {
        "/checkpoint": ["/checkpoint"],
        "/tile/entries/{number}": ["/tile/entries/000", "/tile/entries/000.p/7", "/tile/entries/001.p/1"],
        "/tile/{level}/{number}": ["/tile/0/000", "/tile/0/001.p/3", "/tile/1/000.p/1"],
        "/v1/ledger": ["/v1/ledger"],
        "/v1/units": ["/v1/units", "/v1/units?limit=1&cursor=CNY"],
        "/v1/parties": ["/v1/parties", "/v1/parties?role=charity"],
        "/v1/parties/{id}": ["/v1/parties/op", "/v1/parties/shop"],
        "/v1/projects": ["/v1/projects", "/v1/projects?charity=hope"],
        "/v1/projects/{id}": ["/v1/projects/school"],
        "/v1/projects/{id}/feed.atom": ["/v1/projects/school/feed.atom"],
        "/v1/funds": ["/v1/funds", "/v1/funds?project=school&charity=hope"],
        "/v1/funds/{id}": ["/v1/funds/school", "/v1/funds/store", "/v1/funds/general"],
        "/v1/donations": ["/v1/donations", "/v1/donations?fund=school&order=newest&limit=3", "/v1/donations?party=river"],
        "/v1/donations/{ref}": [f"/v1/donations/{gift}"],
        "/v1/donations/{ref}/bundle": [f"/v1/donations/{gift}/bundle"],
        "/v1/donations/{ref}/trace": [f"/v1/donations/{gift}/trace?{DAY}", f"/v1/donations/{gift}/trace?{DAY}&limit=1"],
        "/v1/records/{ref}/origins": [f"/v1/records/{paid}/origins", f"/v1/records/{bought}/origins?limit=1"],
        "/v1/payments": ["/v1/payments", "/v1/payments?project=school", "/v1/payments?order=newest&limit=2"],
        "/v1/payments/{ref}": [f"/v1/payments/{paid}", f"/v1/payments/{bought}"],
        "/v1/deliveries": ["/v1/deliveries"],
        "/v1/deliveries/{ref}": [f"/v1/deliveries/{handed}"],
        "/v1/receipts": ["/v1/receipts", f"/v1/receipts?about={bought}"],
        "/v1/receipts/{ref}": [f"/v1/receipts/{receipt}"],
        "/v1/feedback": ["/v1/feedback", f"/v1/feedback?about={paid}"],
        "/v1/feedback/{ref}": [f"/v1/feedback/{feedback}"],
        "/v1/records": ["/v1/records", "/v1/records?kind=refund", "/v1/records?order=newest&limit=5", f"/v1/records?about={gift}"],
        "/v1/records/{ref}": [f"/v1/records/{paid}", "/v1/records/0.0"],
        "/v1/entries": ["/v1/entries", "/v1/entries?order=newest&limit=4"],
        "/v1/entries/{index}": ["/v1/entries/0", "/v1/entries/7"],
        "/v1/entries/{index}/raw": ["/v1/entries/7/raw"],
        "/v1/entries/{index}/inclusion": ["/v1/entries/5/inclusion"],
        "/v1/entries/{index}/tlog-proof": ["/v1/entries/5/tlog-proof"],
        "/v1/consistency": ["/v1/consistency?old_size=5"],
        "/v1/checkpoints/stream": ["/v1/checkpoints/stream"],
        "/v1/related": ["/v1/related", "/v1/related?party=shop"],
        "/v1/unreferenced": ["/v1/unreferenced", "/v1/unreferenced?party=hope"],
        "/v1/breaches": ["/v1/breaches", "/v1/breaches?party=hope"],
        "/v1/key-changes": ["/v1/key-changes", "/v1/key-changes?party=hope"],
        "/v1/unstated": ["/v1/unstated", "/v1/unstated?party=hope"],
        "/v1/voids": ["/v1/voids", "/v1/voids?party=hope"],
        "/v1/findings": ["/v1/findings?as_of=2026-12-24", f"/v1/findings?{DAY}&project=school"],
        "/v1/statistics/given": [f"/v1/statistics/given{more}" for more in ("", "?by=charity", "?by=fund&project=school")],
        "/v1/statistics/paid": ["/v1/statistics/paid", "/v1/statistics/paid?by=project&charity=hope"],
        "/v1/statistics/reach": ["/v1/statistics/reach", "/v1/statistics/reach?project=school"],
        "/v1/statistics/signed": ["/v1/statistics/signed"],
        "/v1/statistics/regions": ["/v1/statistics/regions"],
        "/v1/accounts": ["/v1/accounts", "/v1/accounts?project=school", "/v1/accounts?charity=hope"],
        "/v1/movements": [
            "/v1/movements?term=paid&unit=CNY&project=school&month=2026-10", "/v1/movements?term=paid&unit=CNY&payee=shop&limit=1",
            "/v1/movements?term=given&unit=CNY&limit=2", "/v1/movements?term=spent&unit=CNY&payee=shop",
            "/v1/movements?term=refunded&unit=CNY&charity=hope",
        ],
        "/v1/problems/{rule}": ["/v1/problems/tree-size"],
    }  # fmt: skip


def pinned(told: Told) -> list[str]:
    """Every address that can be read at a tree size."""
    return [address for path, found in addresses(told).items() if path not in UNPINNED for address in found]


def at_size(address: str, tree_size: int) -> str:
    """The same, read at a tree size."""
    return f"{address}{'&' if '?' in address else '?'}at_size={tree_size}"
