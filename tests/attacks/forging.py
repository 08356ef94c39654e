"""What is tampered with: a log or a bundle of one of the scenes, in the hands of an attacker."""

from __future__ import annotations

from typing import Any

from ledger.bundle.trace_bundle import ranges_of
from ledger.bundle.verification import verify_bundle
from ledger.canonical import encode, to_base64
from ledger.log.policy import Policy
from tests.golden.cast import log_vkey
from tests.golden.forge import Forge, tiles
from tests.golden.on_bundles import BundleForge as GoldenBundleForge
from tests.golden.telling import a

from .case import Artefacts
from .scene import TODAY, Scene, the_crowd, the_story

TRUST = Policy.for_log(log_vkey()).format()


class LogForge(Forge):
    """A log of a scene. `policy` is what the auditor trusts, `saved` the checkpoints it kept; `files` take the place of what the
    entries and the checkpoint give, None takes a file away."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.entries, scene.note, scene.entry)
        self.scene = scene
        self.policy: bytes = TRUST
        self.saved: list[bytes] = []

    def honest(self) -> dict[str, bytes]:
        """The files of the log as its entries and its checkpoint give them."""
        return {**tiles(self.entries), "checkpoint": self.note}

    def keep(self, note: bytes) -> None:
        """The auditor has this checkpoint from before."""
        self.saved.append(note)

    def artefacts(self) -> Artefacts:
        """What is handed to the auditor now."""
        files = {path: raw for path, raw in {**self.honest(), **self.files}.items() if raw is not None}
        earlier = tuple((f"kept-{number}.checkpoint", note) for number, note in enumerate(self.saved, 1))
        return Artefacts(self.policy, files, earlier=earlier, as_of=self.as_of)


class BundleForge(GoldenBundleForge):
    """A trace bundle of the story. `log` is what a dishonest operator makes it from, which the auditor is handed in its place with
    `whole_log`; `raw` takes the place of the bundle's JSON."""

    def __init__(self, of: str) -> None:
        super().__init__(the_story().bundles[of], LogForge(the_story()))
        self.policy: bytes = TRUST
        self.raw = b""
        self.whole_log = False

    def show(self, gift: int, *indexes: int) -> None:
        """Make the bundle of another gift, as convincing as can be."""
        self.add(gift, *indexes)
        self.convince()

    def add(self, gift: int, *indexes: int) -> None:
        """Make the bundle of another gift, out of these entries of the log and those that say who and what exists."""
        made = self.log.entry["programme"]
        listed = sorted({*range(made), self.log.entry["new-key"], gift, *indexes})
        self.value["gift"] = f"{gift}.0"
        self.value["entries"] = [{"entry": "", "index": index, "proof": []} for index in listed]
        self.from_the_log()
        self.value["ranges"] = []

    def convince(self) -> None:
        """Let the bundle say what its entries give: who forges one has the verifier too."""
        self.value["ranges"] = []
        trace = verify_bundle(encode(self.value), Policy.parse(self.policy)).trace
        self.value["ranges"] = ranges_of(trace) if trace else []

    def put(self, index: int, raw: bytes) -> None:
        """Give an entry of the bundle other bytes; its proof stays."""
        self.at(index)["entry"] = to_base64(raw)

    def artefacts(self) -> Artefacts:
        """What is handed to the reader now."""
        if self.whole_log:
            return self.log.artefacts()
        return Artefacts(self.policy, bundle=self.raw or encode(self.value))


def story() -> LogForge:
    """The story's log: 76 entries."""
    return LogForge(the_story())


def crowded() -> LogForge:
    """The log of the crowd: three tiles of entries."""
    return LogForge(the_crowd())


def bundle() -> BundleForge:
    """The bundle of a gift that bought books and masks."""
    return BundleForge("goods")


def gift(f: Forge, amount: int = 50, fund: str = "school-desks", by: str = "hope.li2", **members: Any) -> int:
    """Record one more gift; the index of its entry."""
    said = a("donation", fund=fund, unit="CNY", amount=amount, **{"channel": "cash", "received_on": TODAY, **members})
    return f.append(by, said, flows=f.into(f"{fund}/CNY", amount))


def payment(amount: int, fund: str = "school-desks", **members: Any) -> dict[str, Any]:
    """A payment to a shop, today."""
    said = {"payee": "shop", "cost_class": "programme", "paid_on": TODAY, **members}
    return a("payment", fund=fund, unit="CNY", amount=amount, **said)


def paid(f: Forge, amount: int, fund: str = "school-desks", by: str = "hope.li2", **members: Any) -> int:
    """Pay out of a fund; the index of the entry. Named `units` are taken, else the lowest."""
    units = members.get("units")
    flows = [[0, "-", f"{fund}/CNY", *span] for span in units] if units else f.out(f"{fund}/CNY", amount)
    return f.append(by, payment(amount, fund, **members), flows=flows)


def receipt(of: int, amount: int, level: str = "recipient-signed", **members: Any) -> dict[str, Any]:
    """A receipt for a payment, today."""
    return a("receipt", of=f"{of}.0", amount=amount, level=level, received_on=TODAY, **members)
