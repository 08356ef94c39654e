"""What channels kept of gifts above a limit: for each fund and limit one finding, with the number of gifts and the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..books.fee_rows import FeesKept, Limit
from ..books.fees import COST
from ..books.inflow_sums import inflow
from ..books.state import Books, money, money_of
from ..errors import Refused
from ..findings.finding import WHOLE, Finding


def fee_findings(books: Books) -> Iterator[Finding]:
    """Fees above the limits that funds promise; and projects whose fees bring the cost of fundraising above its limit."""
    above = defaultdict[tuple[str, Limit], list[FeesKept]](list)
    for key, row in books.kept.items():
        if row.fee > allowed(row):
            above["/".join(key.split("/", 2)[:2]), row.limit].append(row)
    for (tape, limit), rows in sorted(above.items()):
        yield _above(books, tape, limit, rows)
    yield from _too_dear(books)


def allowed(row: FeesKept) -> int:
    """What may be kept of the gifts of a day."""
    limit = row.limit
    return row.amount * limit.numerator // limit.denominator + row.gifts * limit.fixed


def _above(books: Books, tape: str, limit: Limit, rows: list[FeesKept]) -> Finding:
    fund_id = tape.partition("/")[0]
    sums = {"fee": sum(row.fee for row in rows), "most": sum(map(allowed, rows)), "fixed": limit.fixed}
    gifts, days = sum(row.gifts for row in rows), len(rows)
    kept_of = f"{_counted(gifts, 'gift')} on {_counted(days, 'day')}"
    words = (
        f"fund {fund_id}: {{fee}} was kept of {kept_of}, but at most {{most}} is allowed by {limit.by}, "
        f"{limit.numerator}/{limit.denominator} of the gifts and {{fixed}} each"
    )
    refused = Refused(words, rule="fee-limit", facts={name: money_of(books, tape, minor) for name, minor in sums.items()})
    unit = tape.partition("/")[2]
    return Finding(WHOLE, WHOLE, refused.rule, refused.message, cases=gifts, amount=sums["fee"] - sums["most"], unit=unit)


def _counted(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def _too_dear(books: Books) -> Iterator[Finding]:
    for key, kept in books.project_fee.items():
        project_id, _, unit = key.partition("/")
        project = books.project[project_id]
        for cost_class, numerator, denominator in project.cost_limits:
            spent = books.spent.get(f"{key}/{COST}")
            base = max(0, inflow(books, project_id, unit))
            limit = base * numerator // denominator
            if cost_class == COST and kept.amount and spent is not None and spent.amount > limit:
                facts = {"kept": kept.amount, "spent": spent.amount, "limit": limit, "base": base}
                words = (
                    f"project {project_id}: with fees of {{kept}}, {COST} costs are {{spent}}, and the project allows at most "
                    f"{{limit}} ({numerator}/{denominator} of its inflow, {{base}})"
                )
                refused = Refused(words, rule="cost-limit", facts={name: money(books, unit, one) for name, one in facts.items()})
                yield Finding(WHOLE, WHOLE, refused.rule, refused.message, True)
