"""The mutations of the golden ledger (tests/vectors/golden), which are attacks too: taken over as they are, by their names."""

from __future__ import annotations

from typing import Any

from ledger.canonical import from_base64
from tests.golden.forge import tiles
from tests.golden.reading import MUTATIONS, golden, golden_entries, golden_policy

from .case import CHARITY, NOTHING, OPERATOR, POLICY, Artefacts, Attack, Found, Hearing, Outcome

HOLDS = {"nothing": NOTHING, "a party's key": CHARITY, "operator and log keys": OPERATOR}
# The same attack in another place, or no attack: a day passes, a rule is applied.
LEFT_OUT = {
    "authority-in-the-middle", "canonical-at-the-root-of-much", "canonical-in-the-middle", "chain-in-the-middle",
    "chain-index-in-the-middle", "overdraft-in-the-middle", "tape-flow-missing-in-the-middle",
    "tape-flow-of-other-units-in-the-middle",
    "version-in-the-middle", "overdue-feedback", "overdue-on-a-later-day", "overdue-receipt", "recovery", "fragmented-entry",
}  # fmt: skip
NAMES = [name for name in MUTATIONS if name not in LEFT_OUT]


class Mutated:
    """A mutation's file, as what is handed to an auditor."""

    def __init__(self, name: str) -> None:
        self.case: dict[str, Any] = golden(f"mutations/{name}.json")

    def artefacts(self) -> Artefacts:
        """The log as the mutation left it, or the bundle."""
        case = self.case
        trust = golden_policy().format() if "policy" not in case else case["policy"].encode()
        if "bundle" in case:
            return Artefacts(trust, bundle=case["bundle"].encode())
        changed = [from_base64(one["base64"]) if isinstance(one, dict) else one.encode() for one in case["entries"]]
        entries = golden_entries()[: case["first"]] + changed
        files: dict[str, bytes | None] = {**tiles(entries), "checkpoint": case["checkpoint"].encode()}
        files |= {path: from_base64(raw) if raw else None for path, raw in case.get("files", {}).items()}
        kept = {path: raw for path, raw in files.items() if raw is not None}
        return Artefacts(trust, kept, as_of=case.get("as_of", ""))


def place(finding: dict[str, Any]) -> Found:
    """A finding of a mutation's file."""
    return finding["id"], finding["entry"], finding["record"]


def heard(mutated: Mutated) -> Hearing:
    """What must be found: what the file says, and nothing else."""
    expect = mutated.case["expect"]
    others = tuple(place(one) for one in mutated.case["findings"] if place(one) != place(expect))
    yield POLICY, Outcome(expect["class"], place(expect), others)


def adopted(name: str) -> Attack:
    """A mutation as an attack."""
    case = golden(f"mutations/{name}.json")
    return Attack(name, case["does"], HOLDS[case["holds"]], lambda: Mutated(name), heard)


ADOPTED = [adopted(name) for name in NAMES]
