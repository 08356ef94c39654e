"""What counts towards a target: nothing twice, nothing void, nothing of another project, and nothing in other words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import ledger.view.targets
from ledger.view.targets import TargetRow, targets_of
from ledger.view.view import View
from tests.trace.telling import EVEN, Step, steps
from tests.view.naive import Naive, Place
from tests.writer.on_disk import OnDisk

from .telling import SOME, told

PLAN = """
    op: party friends implementer
    hope: project wells targets=homes:10:homes:2026-12-31:0
    hope: activity pumps wells targets=homes:4:homes:2026-12-31; activity pipes wells; activity far school
    hope: donation 90.00 CNY -> wells; donation 9.00 CNY -> school
    hope: payment 1.00 CNY wells -> shop as one; payment 2.00 CNY wells -> shop as two; payment 3.00 CNY school -> shop as other
    2026-09-09
"""


def by_day(value: int, to_day: str, activity: str = "pumps", words: str = "homes") -> str:
    return f"feedback homes {value} measured_in={words} activity={activity} from_day=2026-09-07 to_day={to_day}"


def of(value: int, payments: str, words: str = "homes") -> str:
    return f"feedback homes {value} measured_in={words} payments={payments}"


def project_row(town: OnDisk, said: str) -> TargetRow:
    town.play(PLAN + "".join(f"    hope: {one}\n" for one in said.split("\n") if one))
    with View.open(town.directory) as view:
        rows = targets_of(view.at(), project="wells")
        assert [row.fund for row in rows] == ["wells", "pumps"] and rows[1:] == targets_of(view.at(), activity="pumps")
        return rows[0]


@pytest.mark.parametrize(
    ("said", "actual", "why", "counted"),
    [
        ("", None, "no-feedback", 0),
        (by_day(3, "2026-09-08"), 3, "", 1),
        # Of two periods the one that ends last counts, and of two that end on one day the newest; they are not added up.
        (f"{by_day(3, '2026-09-09')}\n{by_day(2, '2026-09-08')}", 3, "", 1),
        (f"{by_day(3, '2026-09-08')}\n{by_day(2, '2026-09-08', 'pipes')}", 2, "", 1),
        (f"{by_day(3, '2026-09-09')} as f\nreversal ^f", None, "no-feedback", 0),
        (f"{by_day(2, '2026-09-08')}\n{by_day(3, '2026-09-09')} as f\nreversal ^f", 2, "", 1),
        (by_day(3, "2026-09-08", "far"), None, "no-feedback", 0),
        (by_day(3, "2026-09-08").replace("homes 3", "taps 3"), None, "no-feedback", 0),
        (by_day(3, "2026-09-08", words="people"), None, "measured-otherwise", 1),
        # What is about payments is added up only where nothing is about a period.
        (f"{of(3, '^one')}\n{of(4, '^two')}", 7, "", 2),
        (f"{of(3, '^one')}\n{of(4, '^one')}", 4, "", 1),
        (f"{of(3, '^one')}\n{of(4, '^one,^two')}", 4, "", 1),
        (f"{of(4, '^one,^two')}\n{of(3, '^one')}", 3, "", 1),
        (f"{of(3, '^one')} as f\n{of(4, '^two')}\nreversal ^f", 4, "", 1),
        (f"{of(3, '^one')}\n{of(4, '^two')}\n{by_day(1, '2026-09-08')}", 1, "", 1),
        (f"{of(3, '^one')}\n{of(4, '^two', 'people')}", None, "measured-otherwise", 2),
        (of(3, "^other"), None, "no-feedback", 0),
        (f"{of(3, '^one')}\nreversal ^one", None, "no-feedback", 0),
    ],
)  # fmt: skip
def test_what_counts(town: OnDisk, said: str, actual: int | None, why: str, counted: int):
    row = project_row(town, said)
    assert (row.actual, row.why, len(row.refs)) == (actual, why, counted)
    assert (bool(row.ref), row.reported_by, row.day) == ((True, "hope", "2026-09-09") if counted else (False, "", ""))


def test_feedback_that_names_payments_of_two_projects_counts_for_none(town: OnDisk):
    assert project_row(town, of(3, "^one,^other")).actual is None


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "reached"),
    [(None, 4, 4, True), (None, 4, 3, False), (0, 4, 5, True), (9, 4, 5, False), (9, 4, 4, True), (9, 4, 0, True), (4, 4, 3, False),
     (0, 0, None, False)],
)  # fmt: skip
def test_a_target_below_its_baseline_is_reached_from_above(
    baseline: int | None, target: int, actual: int | None, reached: bool
):
    assert TargetRow("wells", "homes", "homes", baseline, target, "2026-12-31", actual).is_reached == reached


def test_if_there_is_more_than_can_be_looked_at_it_is_not_added_up(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger.view.targets, "MOST", 2)
    said = f"{of(3, '^one')}\n{of(4, '^two')}\n{of(5, '^two')}"
    assert project_row(town, said)[6:] == (None, "too-many", "", "", "", ())


@pytest.mark.parametrize("name", ["nothing", "general"])
def test_what_has_no_targets(town: OnDisk, name: str):
    with View.open(town.directory) as view:
        assert targets_of(view.at(), project=name) == targets_of(view.at(), activity=name) == []


def naively(naive: Naive, fund: str) -> tuple[int | None, list[str]]:
    """What counts of the indicator `read` for a project or an activity, from the records alone."""
    projects = naive.owners()
    within = {one for one, (project, _) in projects.items() if fund in (one, project)}
    void = {naive.refs(place)[0] for place, record in naive.records.items() if record.kind == "reversal"}
    last: dict[str, tuple[Place, Any]] = {}
    found, seen = [], set[Place]()
    for place, record in sorted(naive.records.items(), reverse=True):
        if record.kind == "feedback" and place not in void:
            if record.activity in within and record.to_day not in last:
                last[record.to_day] = (place, record)
            elif record.payments and all(
                of not in void | seen and naive.records[of].fund in within for of in naive.refs(place)
            ):
                found.append((place, record))
                seen |= {*naive.refs(place)}
    counted = [last[max(last)]] if last else found
    return sum(record.value for _, record in counted) if counted else None, [f"{e}.{n}" for (e, n), _ in counted]


@SOME
@given(steps((*EVEN, "feedback", "feedback", "receipt", "reverse", "tomorrow")))
def test_what_counts_in_any_ledger(story: list[Step]):
    with told(story) as telling, View.open(telling.ledger.directory) as view:
        for size in (view.tree_size // 2, view.tree_size):
            naive = Naive(telling.ledger.leaves[:size])
            rows = targets_of(view.at(size), project="school")
            assert [(row.fund, row.target) for row in rows] == [("school", 40), ("books", 5)]
            for row in rows:
                value, refs = naively(naive, row.fund)
                agrees = row.measured_in == "books"
                assert (row.actual, list(row.refs)) == (value if agrees else None, refs)
