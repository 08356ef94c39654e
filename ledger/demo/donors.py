"""What a donor may ask: to be shown by name, to be hidden again, and to be forgotten."""

from __future__ import annotations

from ..books.gift import split_ref
from ..entries.leaf import read_leaf
from .stage import Record, Stage


def _digests(stage: Stage, gift: str) -> list[str]:
    entry, record = split_ref(gift)
    return list(read_leaf(stage.sequencer.store.entry(entry)).statement.records[record].private)


def consent(stage: Stage) -> None:
    """The donor agrees to be thanked by name."""
    stage.clock.go_to("2026-09-12", "16:00")
    stage.say("giving-square", _decision(stage, "granted"))


def withdraw_and_erase(stage: Stage) -> None:
    """A month later the donor withdraws the consent, and the platform deletes the disclosures. The digests stay, and every proof
    still holds."""
    stage.clock.go_to("2026-10-12", "16:00")
    gift = stage.named["through_platform"]
    stage.say("giving-square", _decision(stage, "withdrawn"))
    stage.say("giving-square", {
        "kind": "erasure", "of": gift, "digests": _digests(stage, gift), "erased_on": stage.clock.today(),
        "ground": "consent-withdrawn",
    })  # fmt: skip


def _decision(stage: Stage, decision: str) -> Record:
    gift = stage.named["through_platform"]
    return {
        "kind": "consent", "of": gift, "digests": _digests(stage, gift), "decision": decision,
        "decided_on": stage.clock.today(), "purpose": "Thanked by name on the page of the project",
    }  # fmt: skip
