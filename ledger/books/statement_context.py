"""One statement being applied: where it stands, who signed it, and what it does so far."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Refused
from .tape import Span

# The rule of a refusal that no audit reports: the record stands on one that was skipped, which was reported.
SKIPPED = "skipped"
Mode = Callable[..., None]
"""What a judgement does with a fault after which it could go on: it is told the rule, how that is broken, and by name the facts
that stand in the message."""
Flow = list[Any]  # [record number, "+" or "-", tape, start, end], as it stands in the entry (formats §3)


ALONE = (0,)


class Run(NamedTuple):
    """Records of one statement that are alike and stand one after the other, by the first of them and the amount of each: what is
    judged of the first is judged of all. A record that can be like no other is a run of its own, with ALONE for its amounts."""

    first: Any
    amounts: tuple[int, ...]


class JournalEntry(NamedTuple):
    """A statement as the books hear it: its records, as runs. `signers` are the texts of the keys whose signatures are valid;
    `after` is the index that the statement is bound to, or -1 in entry 0; times are `YYYY-MM-DDTHH:MM:SSZ`."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which nobody calls
    time: str
    ledger: str
    party: str
    id: str
    signed_at: str
    after: int
    runs: Sequence[Run]
    signers: tuple[str, ...]


class Signer(NamedTuple):
    """A signature's key, and the party and officer it stands for."""

    key: str
    party: str
    officer: str


class Leg(NamedTuple):
    """One movement of a record: units out of a tape, or into one. `units` are named, else the lowest are taken. `cost` is how much
    of what went out becomes what comes in, where that is less than all; `state` is how units end that go out, where the kind of
    the record alone does not say it."""

    out: str = ""
    out_amount: int = 0
    units: tuple[Span, ...] = ()
    into: str = ""
    in_amount: int = 0
    cost: int = 0
    state: str = ""


def inflow(tape: str, amount: int, cost: int = 0) -> Leg:
    """Units that come into a tape: the leg of every gift, so it is made the quick way."""
    return tuple.__new__(Leg, ("", 0, (), tape, amount, cost, ""))


class Claim(NamedTuple):
    """A fact about an earlier record that the fold does not look up: settled at once at intake, by sort-merge in an audit.

    `entry`, `record`: what the claim is about; `number`: the record that makes it; `facts`: under `claim`
    the word of `claims.py`, and what that needs to be settled."""

    entry: int
    record: int
    number: int
    facts: dict[str, Any]


def refuse(rule: str, message: str, **facts: Any) -> None:
    """The mode of intake: the first fault refuses the statement. Raises Refused."""
    raise Refused(message, rule=rule, facts=facts)


class Kept(list[Refused]):
    """The mode of an audit: faults are kept, and the record still applies."""

    def __call__(self, rule: str, message: str, **facts: Any) -> None:
        self.append(Refused(message, rule=rule, facts=facts))

    def take(self) -> list[Refused]:
        """What was kept since the last time."""
        taken = list(self)
        self.clear()
        return taken


class StatementContext:
    """What one statement does, gathered record by record. `number` is the record being applied, `day` the entry's local day.

    `signers`, `officers` (of them, those of the party that speaks) and `needs_two` (that party has two officers) are by the state
    before the entry; `new_keys` are the keys that signed their own introduction. `tapes` remembers what was found.
    `skipped` names the records, and the entries, that an audit could not apply. `demands` are
    the rules in force, by kind; `fault` is the mode of the judgement. Without the `whole` log, what a part of it does not decide is
    neither judged nor remembered."""

    __slots__ = (
        "index", "time", "day", "ledger", "party", "after", "number", "signers", "officers", "needs_two", "introduced", "new_keys",
        "runs", "flows", "claims", "tapes", "skipped", "fault", "demands", "whole",
    )  # fmt: skip

    def __init__(self, said: JournalEntry, day: str, demands: Mapping[str, Any], fault: Mode = refuse, whole: bool = True) -> None:
        self.index, self.time, self.party, self.after = said.index, said.time, said.party, said.after
        self.day, self.ledger = day, said.ledger
        self.number, self.fault, self.demands, self.whole = 0, fault, demands, whole
        self.runs = said.runs
        self.signers: tuple[Signer, ...] = ()
        self.officers: frozenset[str] = frozenset()
        self.needs_two = False
        self.introduced: dict[str, tuple[str, str]] = {}
        self.new_keys: frozenset[str] = frozenset()
        self.flows: list[Flow] = []
        self.claims: list[Claim] = []
        self.tapes: dict[tuple[str, str], str] = {}
        self.skipped: Container[str] = ()

    @property
    def ref(self) -> str:
        """The name of the record being applied, `<entry>.<record>`."""
        return f"{self.index}.{self.number}"

    def check_seen(self, since: int, field: str, name: str, happened: str) -> None:
        """Refuse a name of something that was said at entry `since`, after the entry that the statement is bound to. Raises Refused
        (`after`)."""
        if self.after < since < self.index:
            where = f"at entry {since}; the statement was signed when the log ended at entry {self.after}, so sign it again"
            raise Refused(f"{field} {name!r}: {happened} {where}", rule="after")

    def resolve(self, ref: str, field: str) -> str:
        """`@2` as `<this entry>.2`; other references as they are. Raises Refused unless it names an earlier record that the
        signer had seen (`after`)."""
        entry, number = self.split(ref)
        if (entry, number) >= (self.index, self.number):
            raise Refused(
                f"{field} {ref}: does not name an earlier record; a reference looks like 1834.0 (entry, then record)",
                rule="reference",
            )
        if self.after < entry < self.index:
            raise Refused(
                f"{field} {ref}: the statement was signed when the log ended at entry {self.after}, before that record; sign it "
                "again",
                rule="after",
            )
        name = f"{entry}.{number}"
        if name in self.skipped or str(entry) in self.skipped:
            raise Refused(f"{field} {ref}: could not be applied", rule=SKIPPED)
        return name

    def split(self, ref: str) -> tuple[int, int]:
        """(entry, record) of a reference."""
        if ref[0] == "@":
            return self.index, int(ref[1:])
        entry, _, number = ref.partition(".")
        return int(entry), int(number)

    def claim(self, word: str, ref: str, **facts: Any) -> None:
        """Claim something about the record named, to be settled by the word that claims it.

        Raises Refused for a record of the same statement: a claim is about what the log holds."""
        entry, record = self.split(ref)
        if entry == self.index:
            raise Refused(f"{ref}: is in the same statement; name it in a later statement", rule="reference")
        self.claims.append(Claim(entry, record, self.number, {"claim": word, **facts}))
