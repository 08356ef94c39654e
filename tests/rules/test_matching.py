"""What a new kind costs: its class, its words, its vectors, and of a new word one twin. What is left out is named with its
place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.pages import names
from ledger.rulebook.kinds import kind_page
from ledger.rulebook.rules import rulebook
from tests.attacks.auditing import audit
from tests.attacks.forging import BundleForge, LogForge, gift, story
from tests.golden.forge import Forge
from tests.golden.telling import a
from tests.language import a_ledger
from tests.rules.matching import KIND, browser, doubling, registered
from tests.rules.places import left_out
from tests.verifier.asking import Case, reports

POOL, TO, BY = "hope-general", "hope-school", "hope.li2"
TODAY = "2026-05-06"


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    with registered():
        doubling()
        yield


def test_it_doubles_a_gift_once_and_the_whole_of_it():
    a_ledger().play("""
        hope: donation 10.00 CNY -> school as gift
        hope: donation 4.00 CNY -> school as other
        hope: donation 3.00 CNY -> school as third
        hope: donation 15.00 CNY -> general as pool
        hope: doubling gift=^gift fund=general to=school unit=CNY amount=9.00
          ! reference: is not a gift of that amount to that fund
        hope: doubling gift=^pool fund=general to=school unit=CNY amount=15.00
          ! reference: is not a gift of that amount to that fund
        hope: doubling gift=^gift fund=general to=school unit=CNY amount=10.00
          - general/CNY 0..1000
          + school/CNY 1700..2700
        hope: doubling gift=^gift fund=general to=school unit=CNY amount=10.00
          ! overdraft: holds 5.00 CNY
        hope: donation 15.00 CNY -> general
        hope: doubling gift=^gift fund=general to=school unit=CNY amount=10.00
          ! reference: was doubled before; a gift is doubled once
        hope: refund ^other school CNY units=1000..1001 reason=legal
        hope: doubling gift=^other fund=general to=school unit=CNY amount=4.00
          ! reference: was refunded
        hope: doubling gift=^third fund=school to=school unit=CNY amount=3.00
    """)


def doubled(f: Forge, of: int, amount: int, flows: list[Any] | None = None) -> int:
    """Force a doubling into the log; the index of its entry."""
    record = a(KIND, gift=f"{of}.0", fund=POOL, to=TO, unit="CNY", amount=amount)
    moved = [*f.out(f"{POOL}/CNY", amount), *f.into(f"{TO}/CNY", amount)] if flows is None else flows
    return f.append(BY, record, flows=moved)


def another_amount(f: Forge, of: int) -> tuple[str, int]:
    return "reference", doubled(f, of, 30)


def a_second_time(f: Forge, of: int) -> tuple[str, int]:
    doubled(f, of, 40)
    return "reference", doubled(f, of, 40)


def a_refunded_gift(f: Forge, of: int) -> tuple[str, int]:
    end = f.end(f"{TO}/CNY")
    units = [[end - 40, end - 30]]
    refund = a("refund", gift=f"{of}.0", fund=TO, unit="CNY", units=units, reason="legal", refunded_on=TODAY)
    f.append(f"{BY} hope.wang", refund, flows=[[0, "-", f"{TO}/CNY", *units[0]]])
    return "reference", doubled(f, of, 40)


def out_of_an_empty_pool(f: Forge, of: int) -> tuple[str, int]:
    end = f.end(f"{POOL}/CNY")
    flows = [[0, "-", f"{POOL}/CNY", end, end + 40], *f.into(f"{TO}/CNY", 40)]
    f.append(BY, a("allocation", fund=POOL, to=TO, unit="CNY", amount=left(f)), flows=emptied(f))
    return "overdraft", doubled(f, of, 40, [*flows[:1], *f.into(f"{TO}/CNY", 40)])


def left(f: Forge) -> int:
    return sum(end - start for start, end in f.lowest(f"{POOL}/CNY", 1 << 40))


def emptied(f: Forge) -> list[Any]:
    return [*f.out(f"{POOL}/CNY", left(f)), *f.into(f"{TO}/CNY", left(f))]


FRAUDS: dict[str, Callable[[Forge, int], tuple[str, int]]] = {
    "another amount": another_amount, "a second time": a_second_time, "a refunded gift": a_refunded_gift,
    "out of an empty pool": out_of_an_empty_pool,
}  # fmt: skip


def prepared() -> tuple[LogForge, int, int]:
    """The story's log, a gift into the pool, and a gift that can be doubled."""
    f = story()
    return f, gift(f, 100, fund=POOL), gift(f, 40, fund=TO)


def found(f: LogForge, place: Path) -> set[tuple[str, int, int]]:
    return set(audit(f.artefacts(), place).found)


def test_an_honest_one_is_no_finding(tmp_path: Path):
    f, _, of = prepared()
    before = found(f, tmp_path / "before")
    doubled(f, of, 40)
    assert found(f, tmp_path / "after") == before


@pytest.mark.parametrize("fraud", FRAUDS)
def test_forced_into_a_log_it_is_found(fraud: str, tmp_path: Path):
    f, _, of = prepared()
    before = found(f, tmp_path / "before")
    rule, index = FRAUDS[fraud](f, of)
    assert found(f, tmp_path / "after") - before == {(rule, index, 0)}


def in_the_browser(place: Path, steps: Callable[[Forge, int], tuple[str, int]]) -> tuple[str, set[tuple[str, int, int]], str, int]:
    """The verdict and the findings about the bundle of a gift into the pool, with what is said of the gift that was doubled; and
    what the steps say."""
    bundle = BundleForge("goods")
    f = bundle.log
    into_pool, of = gift(f, 100, fund=POOL), gift(f, 40, fund=TO)
    rule, index = steps(f, of)
    bundle.show(into_pool, *range(into_pool, index + 1))
    (report,) = reports([Case("", bundle.artefacts().bundle, bundle.policy.decode())], browser(place))
    return report["verdict"], {(one["id"], one["entry"], one["record"]) for one in report["findings"]}, rule, index


@pytest.mark.parametrize("fraud", [name for name in FRAUDS if name != "out of an empty pool"])
def test_the_browser_finds_what_a_bundle_decides(fraud: str, tmp_path: Path):
    verdict, findings, rule, index = in_the_browser(tmp_path, FRAUDS[fraud])
    assert (verdict, findings) == ("failed", {(rule, index, 0)})


def test_the_browser_finds_nothing_in_an_honest_one(tmp_path: Path):
    verdict, findings, *_ = in_the_browser(tmp_path, lambda f, of: ("", doubled(f, of, 40)))
    assert (verdict, findings) == ("verified", set())


def test_what_is_left_out_is_named_with_its_place(tmp_path: Path):
    assert left_out(KIND, browser(tmp_path / "with")) == [f"tests/golden/story.py: no record is a `{KIND}`"]
    del names.KINDS[KIND]
    assert left_out(KIND, browser(tmp_path / "without", twin=False)) == [
        f"api/pages/names.py: KINDS has no words for `{KIND}`",
        "api/verifier/demands.js: DEMANDED has no `doubles`",
        "api/verifier/claims.js: SETTLED has no `doubles`",
        f"tests/golden/story.py: no record is a `{KIND}`",
    ]


def test_it_is_published_with_the_others():
    demands = [["doubles", "gift", "to/unit", "amount"], ["as-many", "units", "amount", "unit"]]
    assert rulebook()["rule_sets"]["givetrail/1"][KIND] == demands
    assert rulebook()["words"]["doubles"]["breaks"] == ["reference"]
    assert "none of which was refunded" in kind_page(KIND)
