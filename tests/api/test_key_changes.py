"""The public lists of keys that changed hands, and of charities that one person can speak for."""

from __future__ import annotations

from pathlib import Path

from ledger.view.officers import with_one_officer
from ledger.view.view import View
from tests.api.asking import client_of
from tests.language import key_text
from tests.writer.on_disk import OnDisk, a_town


def told(directory: Path) -> OnDisk:
    """A charity gets a second officer after three days; a vendor's key is stolen, and the theft is withdrawn."""
    ledger = a_town(directory)
    ledger.play("""
        hope by li, wang: key wang
        shop by sun, thief: key thief
        shop: key-withdrawal shop.thief
        2026-09-10
        hope by li, wang: key-revocation li reason=rotated
    """)
    return ledger


def test_the_newest_change_comes_first(tmp_path: Path):
    ledger = told(tmp_path / "ledger")
    last = len(ledger.leaves) - 1
    ledger.close()
    client = client_of(ledger.directory)
    found = client.items("/v1/key-changes")
    assert [(one["entry"], one["party"], one["what"], one["officer"], one["from_day"]) for one in found] == [
        (last, "hope", "revoked", "li", None), (last - 1, "shop", "revoked", "thief", None),
        (last - 2, "shop", "given", "thief", "2026-09-10"), (last - 3, "hope", "given", "wang", "2026-09-10"),
    ]  # fmt: skip
    assert found[0]["key"] == key_text("hope.li") and found[0]["entered_on"] == "2026-09-10"
    assert [one["entry"] for one in client.items("/v1/key-changes?party=shop")] == [last - 1, last - 2]
    assert client.items("/v1/key-changes?party=op") == [], "a key that came with its party is not a change"
    client.close()


def test_who_gives_out_money_and_has_one_officer_in_force_is_listed(tmp_path: Path):
    """A key that waits makes no second officer, and a vendor gives out nobody's money."""
    ledger = a_town(tmp_path / "ledger")
    ledger.play("hope by li, wang: key wang")
    seen = [alone(ledger)]
    ledger.play("2026-09-10\n op: unit EUR 2")
    seen.append(alone(ledger))
    ledger.close()
    assert seen == [["hope", "river"], ["river"]]


def alone(ledger: OnDisk) -> list[str]:
    with View.open(ledger.directory) as view:
        return with_one_officer(view.at(ledger.sequencer.tree_size))
