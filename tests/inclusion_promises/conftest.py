"""A charity that promises gifts, and how a test says that it recorded them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.entries.inclusion_promise import InclusionPromise, made, sign_inclusion_promise
from ledger.entries.log_keys import vkey_of
from ledger.log.checkpoint import checkpoint_in
from ledger.log.cosignature import cosign
from ledger.log.note import COSIGNATURE, VerifierKey, format_note, parse_note
from ledger.log.policy import Policy, Witness
from ledger.log.tile import CHECKPOINT
from tests.cli.transcript import Ended, run_program
from tests.language import key
from tests.writer.on_disk import TRUST, OnDisk

REFERENCE = "hmac-sha256:2026:" + "A" * 43
PROMISED_AT, ENTER_BY, LATER = "2026-09-07T12:00:00Z", "2026-09-10T12:00:00Z", "2026-09-11T10:00:00Z"
SETUP = """
    op: unit CNY 2
    op: party hope charity li,wang books_from=2000-01-01; party river charity xu; party wallet platform pay; party shop vendor sun
    hope by li, wang: fund general unrestricted; fund school restricted
"""
GIFT = f"donation 10.00 CNY -> school channel=bank channel_ref={REFERENCE}"


class Desk:
    """A ledger in a directory, a donor's file, and the commands that read both."""

    def __init__(self, folder: Path, ledger: OnDisk) -> None:
        self.folder, self.ledger = folder, ledger
        self.receipt, self.file, self.trust = folder / "receipt.json", folder / "receipt.challenge.json", folder / "trust.policy"
        self.trust.write_bytes(TRUST.format())
        self.target = folder / "books"

    def promise(self, **changes: Any) -> InclusionPromise:
        vkey = vkey_of(self.ledger.books)
        members = {
            "ledger": vkey.name, "log_key": vkey.format(), "party": "hope", "key_entry": 2, "recorder": "hope", "channel": "bank",
            "channel_ref": REFERENCE, "reference": "A-17", "unit": "CNY", "amount": 1000, "fund": "school",
            "promised_at": PROMISED_AT, "enter_by": ENTER_BY,
        }  # fmt: skip
        return made(**(members | changes))

    def give(self, by: str = "hope.li", **changes: Any) -> bytes:
        """Give the donor a promise, signed with the key of that name."""
        raw = sign_inclusion_promise(self.promise(**changes), key(by))
        self.receipt.write_bytes(raw)
        return raw

    def say(self, time: str, text: str) -> None:
        self.ledger.time = time
        self.ledger.play(text)

    def challenge(self, target: Path | str = "") -> Ended:
        return run_program(["challenge", str(self.receipt), str(target or self.target), "--trust", str(self.trust)], "")

    def judge(self, *files: Path) -> Ended:
        words = [word for file in files or (self.file,) for word in ("--challenge", str(file))]
        return run_program(["verify", str(self.target), "--trust", str(self.trust), "--format", "json", *words], "")

    def witnessed(self, *times: int, quorum: str = "none") -> None:
        """Let witnesses w0, w1 … of the policy cosign the ledger's checkpoint at these times; 0: one does not."""
        vkeys = [VerifierKey(f"w.example.org/{n}", key(f"w{n}").public, COSIGNATURE) for n in range(len(times))]
        witnesses = tuple(Witness(f"w{n}", vkey) for n, vkey in enumerate(vkeys))
        policy = Policy(TRUST.logs, witnesses)
        names = " ".join(one.name for one in witnesses)
        text = policy.format().decode().replace("quorum none", f"group all-of-them all {names}\nquorum {quorum}")
        self.trust.write_text(text)
        path = self.target / CHECKPOINT
        note, checkpoint = parse_note(path.read_bytes()), checkpoint_in(path.read_bytes())
        cosigned = [cosign(checkpoint, at, vkeys[n].name, key(f"w{n}")) for n, at in enumerate(times) if at]
        path.write_bytes(format_note(note.text, [*note.signatures, *cosigned]))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("GIVETRAIL_LEDGER", raising=False)
    ledger = OnDisk(tmp_path / "books")
    ledger.play(SETUP)
    return Desk(tmp_path, ledger)
