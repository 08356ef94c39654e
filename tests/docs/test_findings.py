"""The table of findings in the docs is the table in the code."""

from pathlib import Path

from ledger.findings.table import RULES

PAGE = Path(__file__).parents[2] / "docs/reference/findings.md"


def test_every_finding_has_its_line_and_no_line_is_stale():
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    broken = "broken, or audit in a `breach`"
    assert rows == [
        f"| `{id}` | {rule.area} | {broken if rule.conduct else rule.kind} | {rule.fold} | {rule.means} | {rule.do} |"
        for id, rule in RULES.items()
    ]
