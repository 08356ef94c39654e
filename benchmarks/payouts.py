"""What it costs to verify a festival that is paid out daily: `python benchmarks/payouts.py [GIFTS …] [--charities N]`.

A platform takes gifts for 800 charities over three days, in statements of 64; it has a fund for each. Every evening it grants each
charity what came in for it, in statements of up to 64 grants that two officers sign, and each charity takes its grant into a fund
of its own, in a statement of its own. Beside it the same gifts without the payouts, verified in turn in the same run, each first
as often as the other; the best of three.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.audit import RUNS, full
from benchmarks.ledger_of import AMOUNTS, ORIGIN
from benchmarks.machine import Cost, cost, machine
from cli.main import collect_less
from ledger.canonical import to_base64, to_base64url
from ledger.clock import utc_now
from ledger.directory.creation import create
from ledger.directory.source import DirectorySource
from ledger.entries.channel_reference import committer
from ledger.log.key import SigningKey
from ledger.log.policy import Policy
from ledger.writer.author import Author
from ledger.writer.sequencer import Sequencer

DAYS = ("2026-09-05", "2026-09-06", "2026-09-07")
BATCH = 64
CHARITIES = 800

Record = dict[str, Any]


def key(name: str) -> SigningKey:
    """The key of that name: always the same."""
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


def batches(records: list[Record]) -> Iterator[list[Record]]:
    """Statements of so many records."""
    return (records[at : at + BATCH] for at in range(0, len(records), BATCH))


class Festival:
    """A ledger with a platform and many charities, each with a fund."""

    def __init__(self, directory: Path, charities: int) -> None:
        ids = count(1)
        self._make_id = lambda: str(uuid.UUID(int=next(ids)))
        self.names = [f"charity-{number}" for number in range(charities)]
        first = {
            "kind": "ledger", "name": "Festival", "time_zone": "UTC+08:00", "rules": "givetrail/1", "operator_name": "Operator",
            "officer": "one",
        }  # fmt: skip
        keys = (key("log"), key("operator"))
        self.sequencer: Sequencer = create(
            directory, origin=ORIGIN, first_record=first, operator="operator", statement_id=self._make_id(), keys=keys,
        )  # fmt: skip
        self.say("operator", [{"kind": "unit", "unit": "CNY", "exponent": 2, "name": "Yuan renminbi"}])
        self._admit("platform", "one", "two")
        for name in self.names:
            self._admit(name, "one")
        self._found("platform", *(f"for-{name}" for name in self.names))
        for name in self.names:
            self._found(name, f"of-{name}")
        said = {"kind": "reference-key", "label": "2026", "check_value": to_base64url(bytes(32)), "destroy_on": "2036-12-31"}
        mandate = {"kind": "mandate", "thresholds": [{"unit": "CNY", "amount": 0}]}
        self.say("platform", [said, mandate], "platform one", "platform two")
        self._commit = committer(b"r" * 32, "2026", "wechat-pay")

    def say(self, party: str, records: list[Record], *names: str) -> int:
        """Enter a statement; the index of its entry."""
        return self.enter([(party, records)], *names)[0]

    def enter(self, statements: list[tuple[str, list[Record]]], *names: str) -> list[int]:
        """Enter statements at once, each signed by its party's first key or by those named."""
        head, made = self.sequencer.head(), []
        for party, records in statements:
            keys = tuple(key(name) for name in names or ("operator" if party == "operator" else f"{party} one",))
            made.append(Author(ORIGIN, party, keys, utc_now, self._make_id).submission(records, head))
        answers = self.sequencer.submit(made)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return [answer.index for answer in answers if not isinstance(answer, Exception)]

    def _admit(self, name: str, *officers: str) -> None:
        keys = [{"key": to_base64(key(f"{name} {officer}").public), "officer": officer} for officer in officers]
        role = "platform" if name == "platform" else "charity"
        said = {"kind": "party", "id": name, "entity": "organisation", "name": name, "roles": [role], "keys": keys}
        self.say("operator", [{**said, "books_from": "2026-01-01"}], "operator", *(f"{name} {officer}" for officer in officers))

    def _found(self, party: str, *funds: str) -> None:
        said = [{"kind": "fund", "id": fund, "name": fund, "purpose": "Relief", "restriction": "restricted"} for fund in funds]
        officers = ("platform one", "platform two") if party == "platform" else ()
        for records in batches(said):
            self.say(party, records, *officers)

    def day(self, day: str, gifts: int, first: int, chance: Random) -> Counter[str]:
        """The gifts of a day; how much came in for each charity."""
        came, records = Counter[str](), []
        for number in range(gifts):
            name, amount = chance.choice(self.names), AMOUNTS[number % len(AMOUNTS)]
            came[name] += amount
            records.append({
                "kind": "donation", "fund": f"for-{name}", "unit": "CNY", "amount": amount, "channel": "wechat-pay",
                "channel_ref": self._commit(f"flow-{first + number}"), "received_on": day,
            })  # fmt: skip
        self.enter([("platform", statement) for statement in batches(records)])
        return came

    def pay_out(self, day: str, came: Counter[str]) -> None:
        """Grant each charity what came in for it on that day, and take it into its fund."""
        paid = [{
            "kind": "payment", "fund": f"for-{name}", "unit": "CNY", "amount": amount, "cost_class": "programme", "channel": "own",
            "paid_on": day, "payee": name, "grant": {"fund": f"of-{name}"},
        } for name, amount in came.items()]  # fmt: skip
        granted = {}
        for statement in batches(paid):
            index = self.say("platform", statement, "platform one", "platform two")
            granted.update({one["payee"]: f"{index}.{number}" for number, one in enumerate(statement)})
        self.enter([(name, [{
            "kind": "receipt", "of": granted[name], "amount": amount, "level": "recipient-signed", "received_on": day,
            "into": f"of-{name}",
        }]) for name, amount in came.items()])  # fmt: skip


def made(directory: Path, gifts: int, charities: int, paid_out: bool) -> Policy:
    """A festival of this many gifts."""
    festival, chance, each = Festival(directory, charities), Random(7), gifts // len(DAYS)
    for number, day in enumerate(DAYS):
        came = festival.day(day, each, number * each, chance)
        if paid_out:
            festival.pay_out(day, came)
    festival.sequencer.store.close()
    return Policy.parse((directory / "trust.policy").read_bytes())


def main() -> None:
    """Print the figures."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()] or [1_000_000]
    charities = int(sys.argv[sys.argv.index("--charities") + 1]) if "--charities" in sys.argv else CHARITIES
    if "--charities" in sys.argv:
        numbers.remove(charities)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        folder = Path(name)
        os.environ["GIVETRAIL_STATE"] = str(folder / "state")
        print(machine())
        for gifts in numbers:
            places = {what: folder / f"{what}-{gifts}" for what in ("gifts only", "paid out")}
            policies = {what: made(place, gifts, charities, what == "paid out") for what, place in places.items()}
            costs: dict[str, list[Cost]] = {what: [] for what in places}
            for run in range(RUNS):
                for what, place in list(places.items())[:: -1 if run % 2 else 1]:
                    costs[what].append(cost(partial(full, DirectorySource(place), policies[what])))
            bound = min(costs["gifts only"])
            print(f"{gifts:,} gifts for {charities} charities")
            for what, found in costs.items():
                print(min(found).row(what, gifts, bound))


if __name__ == "__main__":
    collect_less()
    main()
