"""docs/how-to/verify-by-hand.md as it stands, on true bundles: every block runs, prints what the page shows, and lets them pass."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.bundle.trace_bundle import make_bundle
from ledger.canonical import encode, parse
from ledger.entries.store_flows import StoreFlows
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import ML_DSA_COSIGNATURE, VerifierKey
from ledger.log.tile import CHECKPOINT
from tests.audit.mirror import Small
from tests.directory.test_rebuild import STORY
from tests.docs.by_hand import BLOCKS, Run, golden, passed, refused
from tests.writer.on_disk import OnDisk, a_town

SHELLS = [shell for shell in ("dash", "bash") if shutil.which(shell)]
MARK = "---- end of block"
# Characters that tools write in different ways; U+007F is the one that jq escapes.
NAME = 'Bibliothèque 图书馆 📚 "books" \\ / \u202e é.'
PURPOSE = f"{NAME[:-1]} \x7f\n\u2028."


@pytest.mark.parametrize("shell", SHELLS)
def test_every_block_prints_what_the_page_shows(by_hand: Run, shell: str):
    done = by_hand(golden("bundle-goods.json"), golden("trust.policy"), shell, f"echo '{MARK}'\n")
    passed(done)
    assert done.stdout.split(f"{MARK}\n") == [*(output for _, output in BLOCKS), ""]
    assert sum(bool(output) for _, output in BLOCKS) == len(BLOCKS) - 1 == 8


@pytest.mark.parametrize("name", ["bundle-platform", "bundle-void"])
def test_the_other_golden_bundles_pass(by_hand: Run, name: str):
    passed(by_hand(golden(f"{name}.json"), golden("trust.policy")))


@pytest.mark.parametrize(("quorum", "holds"), [("two", True), ("west", False)])
def test_a_witness_with_another_type_of_key_is_passed_over_and_named(by_hand: Run, quorum: str, holds: bool):
    vkey = VerifierKey("witness.example.org/north", MLDSAKey.from_seed(bytes(32)).public, ML_DSA_COSIGNATURE)
    lines = golden("trust.policy").decode().replace("quorum two", f"witness west {vkey.format()}\nquorum {quorum}")
    done = by_hand(golden("bundle-goods.json"), lines.encode())
    assert "witness west: not checked, because its key is of type 06" in done.stdout
    if holds:
        passed(done)
    else:
        refused(done, "its witnesses do not make the quorum")


def test_nothing_is_left_behind(by_hand: Run, small: Small, tmp_path: Path):
    passed(by_hand(small.bundle))
    assert {path.name for path in tmp_path.iterdir()} == {"gift.json", "trust.policy"}


def gifts_of(town: OnDisk) -> list[str]:
    said = [(leaf.entry.index, number, record) for leaf in town.leaves for number, record in enumerate(leaf.statement.records)]
    return [f"{index}.{number}" for index, number, record in said if record.is_gift]


def test_every_gift_passes_whichever_way_its_money_goes(by_hand: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    town = a_town(tmp_path / "ledger")
    said = {"kind": "fund", "id": "library", "name": NAME, "purpose": PURPOSE, "restriction": "unrestricted"}
    town.say("hope", [said], ["hope.li"])
    town.play(f"hope: donation 3.00 CNY -> library{STORY}")
    store_flows, note, states = StoreFlows(town.sequencer.store, town.books), (town.directory / CHECKPOINT).read_bytes(), set()
    for gift in gifts_of(town):
        bundle = make_bundle(store_flows, gift, note)
        passed(by_hand(bundle))
        states |= {piece["state"] for piece in parse(bundle)["ranges"]}
    town.close()
    assert states == {"held", "allocated", "paid", "reported", "fee", "refunded", "covered", "written-off"}


def test_jq_writes_canonical_statements_but_for_one_character(tools: Path, tmp_path: Path):
    """What the page says of `jq -cS`, over every character that a text may hold."""
    allowed = [chr(n) for n in (10, *range(32, 0xD800), *range(0xE000, 0x110000, 7))]
    texts = ["".join(allowed[at : at + 500]) for at in range(0, len(allowed), 500)]
    value = {"B": texts, "a": 2**53 - 1, "a-b": -(2**53) + 1, "a_b": [True, {"z": "", "y": 0}]}
    (tmp_path / "value.json").write_bytes(encode(value))
    said = subprocess.run([tools / "jq", "-cS", ".", tmp_path / "value.json"], capture_output=True, check=True).stdout
    assert said.removesuffix(b"\n") == encode(value).replace(b"\x7f", b"\\u007f") != encode(value)
