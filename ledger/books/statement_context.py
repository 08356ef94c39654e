"""One statement being applied: its place, who signed it, and what it has done so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Refused
from .tape import Span

# The rule of a refusal that no audit reports: the record depends on a skipped one, which was reported already.
SKIPPED = "skipped"
Mode = Callable[..., None]
"""Handles a fault after which judgement could continue. It gets the rule, the message, and by name the facts that appear in the
message."""
Flow = list[Any]  # [record number, "+" or "-", tape, start, end], as in the entry (formats §3)


ALONE = (0,)


class Run(NamedTuple):
    """Consecutive records of one statement that are alike: the first of them, and the amount of each. The judgement of the first
    holds for all. A record that is never like another is a run of its own, with ALONE as its amounts."""

    first: Any
    amounts: tuple[int, ...]


class JournalEntry(NamedTuple):
    """A statement as the books see it: its records, as runs. `signers` are the keys, as text, whose signatures are valid; `after`
    is the index that the statement is bound to, or -1 in entry 0; times are `YYYY-MM-DDTHH:MM:SSZ`."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which is never called
    time: str
    ledger: str
    party: str
    id: str
    signed_at: str
    after: int
    runs: Sequence[Run]
    signers: tuple[str, ...]


class Signer(NamedTuple):
    """The key of a signature, with the party and officer that it belongs to."""

    key: str
    party: str
    officer: str


class Leg(NamedTuple):
    """One movement of a record: units out of a tape, or into one. If `units` is empty, the lowest are taken. `cost` is the part of
    the outgoing units that becomes this inflow, if not all of them; `state` is the final state of outgoing units, if the kind alone
    does not determine it."""

    out: str = ""
    out_amount: int = 0
    units: tuple[Span, ...] = ()
    into: str = ""
    in_amount: int = 0
    cost: int = 0
    state: str = ""


def inflow(tape: str, amount: int, cost: int = 0) -> Leg:
    """Units that come into a tape. Every gift has this leg, so it is built without the slower constructor."""
    return tuple.__new__(Leg, ("", 0, (), tape, amount, cost, ""))


class Claim(NamedTuple):
    """A fact about an earlier record that the fold does not look up. Intake settles it at once; an audit settles it by sort-merge.

    `entry`, `record`: the record that the claim is about; `number`: the record that makes it; `facts`: under `claim` the word of
    `claims.py`, and what that word needs to settle it."""

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
        """Return and forget the faults kept since the last call."""
        taken = list(self)
        self.clear()
        return taken


class Remark(NamedTuple):
    """Something about a record that people should judge, and that does not make the record wrong: `fault` says what. With `named`,
    the record broke a rule of conduct and says so (`conduct.py`)."""

    number: int
    fault: Refused
    named: bool


class StatementContext:
    """What one statement does, gathered record by record. `number` is the record being applied, `day` the entry's local day.

    `keys` are those that signed. `signers`, `officers` (those of the statement's party, by keys that sign everything) and
    `needs_two` (that the party has two) follow the state before the entry; `new_keys` are the keys that signed their own
    introduction. `tapes` caches what was looked up. `above` says that a record so far is above a threshold. `skipped` names the
    records and entries that an audit could not apply. `demands` are the rules in force, by kind; `mode` is the mode of the
    judgement. `breach` are the rules of conduct that the record says it broke, `excuse` says so and why, and `remarks` is what was
    remarked so far. If `whole` is false, only part of the log is known, and what that part does not decide is neither judged nor
    remembered."""

    __slots__ = (
        "index", "time", "signed_at", "day", "ledger", "party", "after", "number", "signers", "officers", "needs_two", "introduced",
        "new_keys", "keys", "runs", "flows", "claims", "tapes", "skipped", "mode", "demands", "whole", "breach", "excuse",
        "remarks", "above",
    )  # fmt: skip

    def __init__(self, entry: JournalEntry, day: str, demands: Mapping[str, Any], mode: Mode = refuse, whole: bool = True) -> None:
        self.index, self.time, self.party, self.after = entry.index, entry.time, entry.party, entry.after
        self.day, self.ledger, self.signed_at = day, entry.ledger, entry.signed_at
        self.number, self.mode, self.demands, self.whole = 0, mode, demands, whole
        self.breach: Collection[str] = ()
        self.excuse = ""
        self.remarks: list[Remark] = []
        self.runs = entry.runs
        self.signers: tuple[Signer, ...] = ()
        self.officers: frozenset[str] = frozenset()
        self.needs_two = self.above = False
        self.introduced: dict[str, tuple[str, str]] = {}
        self.new_keys: frozenset[str] = frozenset()
        self.keys: Collection[str] = ()
        self.flows: list[Flow] = []
        self.claims: list[Claim] = []
        self.tapes: dict[tuple[str, str], str] = {}
        self.skipped: Container[str] = ()

    @property
    def strangers(self) -> set[str]:
        """The other parties that signed the statement."""
        return {signer.party for signer in self.signers if signer.party != self.party and signer.key not in self.new_keys}

    @property
    def is_signed(self) -> bool:
        """Whether a key of the statement's party has signed it."""
        return self.has_signed(self.party)

    def has_signed(self, party: str) -> bool:
        """Whether a key of the party has signed the statement."""
        return any(signer.party == party for signer in self.signers)

    @property
    def ref(self) -> str:
        """The name of the record being applied, `<entry>.<record>`."""
        return f"{self.index}.{self.number}"

    def fault(self, rule: str, message: str, **facts: Any) -> None:
        """Something is wrong, but judgement can continue. What the record itself names as broken becomes a remark, with its reason
        in place of the advice at the end of the message, because it was done; for anything else the mode decides. `facts` appear in
        the message."""
        if rule in self.breach:
            self.remark(rule, f"{message.rpartition('; ')[0] or message}; {self.excuse}", named=True, **facts)
        else:
            self.mode(rule, message, **facts)

    def remark(self, rule: str, message: str, named: bool = False, **facts: Any) -> None:
        """Report something about the record that does not make it wrong."""
        self.remarks.append(Remark(self.number, Refused(message, rule=rule, facts=facts), named))

    def check_seen(self, since: int, field: str, name: str, happened: str) -> None:
        """Refuse a name of something that `happened` in entry `since`, after the entry that the statement is bound to. Raises
        Refused (`after`)."""
        if self.after < since < self.index:
            where = f"at entry {since}; the statement was signed when the log ended at entry {self.after}, so sign it again"
            raise Refused(f"{field} {name!r}: {happened} {where}", rule="after")

    def resolve(self, ref: str, field: str) -> str:
        """`@2` as `<this entry>.2`; other references unchanged. Raises Refused unless it names an earlier record that the signer
        had seen (`after`)."""
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
        """Claim something about the named record. The word that makes the claim also settles it.

        Raises Refused for a record of the same statement, because a claim is about what the log already has."""
        entry, record = self.split(ref)
        if entry == self.index:
            raise Refused(f"{ref}: is in the same statement; name it in a later statement", rule="reference")
        self.claims.append(Claim(entry, record, self.number, {"claim": word, **facts}))
