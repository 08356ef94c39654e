"""What is demanded changes at an entry, by a `rules` record: what stands before is judged by the old set, what follows by the
new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.books.kind import declare_rules
from ledger.books.programme import in_project
from ledger.books.rule import FIRST, RULE_SETS
from ledger.rulebook.rules import rulebook
from tests.attacks.auditing import audit
from tests.attacks.forging import BundleForge, LogForge, story
from tests.golden.forge import Forge
from tests.golden.telling import a
from tests.language import a_ledger
from tests.rules.matching import browser, registered
from tests.verifier.asking import Case, reports

SECOND = "givetrail/2"
TOMORROW, BY = "2026-05-07", "hope.li2"


@pytest.fixture
def second() -> Iterator[None]:
    """A rule set in which a gift may be dated ahead, and money is assigned to funds of projects only."""
    with registered():
        declare_rules(SECOND, {"donation": (), "allocation": (*RULE_SETS[FIRST]["allocation"], in_project("to"))})
        yield


def ahead(f: Forge) -> int:
    """A gift that is dated ahead."""
    record = a("donation", fund="hope-general", unit="CNY", amount=40, channel="cash", received_on=TOMORROW)
    return f.append(BY, record, flows=f.into("hope-general/CNY", 40))


def apart(f: Forge) -> int:
    """Money for a fund of no project."""
    record = a("allocation", fund="hope-general", to="aside", unit="CNY", amount=10)
    return f.append(BY, record, flows=[*f.out("hope-general/CNY", 10), *f.into("aside/CNY", 10)])


def changed(f: Forge) -> tuple[list[int], list[int]]:
    """Both before the change and after it; the indexes of the entries."""
    fund = a("fund", id="aside", parent="hope-general", name="Aside", purpose="Rest", restriction="unrestricted")
    f.append(f"{BY} hope.wang", fund)
    before = [ahead(f), apart(f)]
    f.append("op.chief", a("rules", rules=SECOND))
    return before, [ahead(f), apart(f)]


def found(f: LogForge, place: Path) -> set[tuple[str, int, int]]:
    return set(audit(f.artefacts(), place).found)


def test_each_entry_is_judged_by_the_set_that_was_in_force_before_it(second: None, tmp_path: Path):
    f = story()
    known = found(f, tmp_path / "before")
    before, after = changed(f)
    assert found(f, tmp_path / "after") - known == {("day", before[0], 0), ("reference", after[1], 0)}


def test_a_set_that_is_not_known_is_not_judged_by_another(tmp_path: Path):
    f = story()
    known = found(f, tmp_path / "before")
    before, after = changed(f)
    assert found(f, tmp_path / "after") - known == {("day", before[0], 0), ("rules", after[0] - 1, 0)}


def test_the_browser_changes_at_the_same_entry(second: None, tmp_path: Path):
    bundle = BundleForge("goods")
    before, after = changed(bundle.log)
    bundle.show(before[0], *range(before[0] - 1, after[1] + 1))
    (report,) = reports([Case("", bundle.artefacts().bundle, bundle.policy.decode())], browser(tmp_path, twin=False))
    findings = {(one["id"], one["entry"], one["record"]) for one in report["findings"]}
    assert findings == {("day", before[0], 0), ("reference", after[1], 0)}


def test_intake_judges_by_the_set_in_force(second: None):
    a_ledger().play("""
        hope: fund aside unrestricted in general
        hope: donation 9.00 CNY -> general received_on=2099-01-01
          ! day: is after the day of the entry
        hope: donation 9.00 CNY -> general
        hope: allocation 1.00 CNY general -> aside
        op: rules givetrail/2
        hope: donation 9.00 CNY -> general received_on=2099-01-01
        hope: allocation 1.00 CNY general -> aside
          ! reference: does not belong to a project
        op: rules givetrail/1
        hope: allocation 1.00 CNY general -> aside
    """)


def test_every_set_is_published(second: None):
    assert list(rulebook()["rule_sets"]) == [FIRST, SECOND]
