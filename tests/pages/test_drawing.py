"""Pictures: they show the amounts of the line that adds up, no bar leaves its row, and a table beside each has the same amounts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.drawing import AXIS, HEIGHT, TOP, columns, flow, steps_of, summed
from api.pages.flowing import flowing
from api.pages.months import months
from ledger.bounds import MAX_INTEGER
from ledger.view.account import accounts
from ledger.view.scope import Scope
from ledger.view.view import View
from tests.api.asking import Client
from tests.pages.town import Town

AMOUNTS = st.lists(st.integers(1, MAX_INTEGER), min_size=1, max_size=9)
MONTH = st.builds(lambda year, month: f"{year:04}-{month:02}", st.integers(1, 9998), st.integers(1, 12))


@pytest.mark.parametrize("scope", [{"project": "school"}, {"charity": "hope"}, {"charity": "shop"}, {"charity": "river"}])
def test_as_much_comes_in_as_goes_out_and_is_left(town: Town, scope: dict[str, str]):
    with View.open(town.directory) as view:
        snapshot = view.at()
        lines, flows = accounts(snapshot, **scope), flowing(snapshot, **scope)
    assert {one.unit for one in flows} == {line.unit for line in lines}
    for one, line in ((one, line) for one in flows for line in lines if one.unit == line.unit):
        assert one.total == sum(side.amount for side in one.ins) == sum(side.amount for side in one.outs)
        assert sum(side.amount for side in one.outs if side.term == "left") == line.left


@pytest.mark.parametrize("scope", [{}, {"project": "school"}, {"charity": "hope"}])
def test_the_months_add_up_to_the_terms_of_the_line(town: Town, scope: dict[str, str]):
    with View.open(town.directory) as view:
        snapshot = view.at()
        terms = {line.unit: {term.name: term.amount for term in line.terms} for line in accounts(snapshot, **scope)}
        plotted = months(snapshot, Scope(**scope))
    assert plotted
    for one in plotted:
        line = terms[one.unit]
        for plot in one.plots:
            spent = sum(line.get(name, 0) for name in ("paid", "delivered", "returned"))
            expected = -spent if plot.name == "spent" else line.get(plot.name)
            assert plot.total == expected == sum(column.amount for column in plot.columns)


@given(AMOUNTS, st.data())
def test_no_bar_leaves_its_row_and_bands_tile_the_middle(ins: list[int], data: st.DataObject):
    cuts = sorted(data.draw(st.sets(st.integers(0, sum(ins)), max_size=6)) | {0, sum(ins)})
    sums = [end - start for start, end in zip(cuts, cuts[1:], strict=False)]
    outs = [(("signed", amount // 2), ("paid", amount - amount // 2)) for amount in sums]
    drawn = flow(ins, outs)
    for bars, rows in ((drawn.ins, len(ins)), (drawn.outs, len(outs))):
        assert all(0 <= bar.y <= bar.y + bar.height <= HEIGHT + 4 for bar in bars)
        assert all(one.y + one.height <= other.y + 4 for one, other in zip(bars, bars[1:], strict=False)), rows
    assert drawn.y >= 0 and drawn.y + drawn.height <= HEIGHT


@given(st.dictionaries(MONTH, st.integers(-1000, MAX_INTEGER), min_size=1, max_size=30))
def test_every_month_is_in_one_step_and_no_column_leaves_the_plot(by_month: dict[str, int]):
    steps = steps_of([*by_month])
    assert sum(summed(by_month, steps)) == sum(by_month.values())
    assert steps == sorted(steps) and len({len(step) for step in steps}) == 1
    drawn = columns(steps, summed(by_month, steps))
    assert all(TOP - 0.2 <= column.y <= AXIS and 0 <= column.x <= column.x + column.width <= 100 for column in drawn)


def test_the_steps_have_no_gap():
    assert steps_of([]) == []
    assert steps_of(["2026-11", "2027-02"]) == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert steps_of(["2026-01", "2027-01"]) == ["2026", "2027"]


def test_a_picture_has_its_table(client: Client):
    text = client.get("/project/school", accept_language="en").text
    for place in ("flow", "months"):
        section = text.partition(f'id="{place}"')[2].partition("</section>")[0]
        pictures, tables = section.count('role="img"'), re.findall(r"<table class=\"rows\">.*?</table>", section, re.DOTALL)
        assert pictures and tables and all("<tfoot>" in table for table in tables)
        assert "<text" not in section.partition("<table")[0] or place == "months", "words do not stretch"
