"""The verification of a trace bundle: one gift, offline, with nothing but the bundle and a trust policy.

*Proved*: these entries stand in the log, signed so, and their flows lead the gift where the bundle says. *Claimed by the log,
settled only by a full audit*: that the rest is unspent, that nothing was reversed, that no key was revoked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ..books.act import Act, Flow
from ..books.fold import fits, local_day
from ..books.gift import GiftTrace, follow_gift, split_ref
from ..books.record import Record, Target
from ..books.state import Books
from ..books.tape import Tape
from ..books.trace import Passage
from ..bundle import Bundle, BundleEntry, parse_bundle, ranges_of
from ..canonical import MAX_INTEGER, encode
from ..errors import GiveTrailError, NotFound, Refused, Unverifiable, VerificationError
from ..leaf import Leaf
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.merkle import leaf_hash, verify_inclusion
from ..log.note import parse_note
from ..log.policy import Policy
from .accounting import with_sound_flows
from .examine import examine
from .finding import WHOLE, Finding
from .order import disorder

CLAIMED = (
    "claimed by the log, settled only by a full audit: that the rest is unspent",
    "claimed by the log, settled only by a full audit: that nothing was reversed and no key was revoked",
    "claimed by the log, settled only by a full audit: that the units a payment took are the lowest that were left",
)


class BundleReport(NamedTuple):
    """The verdict on a bundle, the gift it follows, and what it cannot prove."""

    origin: str
    tree_size: int
    verdict: str
    exit_code: int
    entries: int
    trace: GiftTrace | None
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]


class BundleFlows:
    """A trace's reading side over the entries of a bundle (`ledger.books.trace.Flows`)."""

    def __init__(self, leaves: dict[int, Leaf], heard: Heard) -> None:
        self.books, self._leaves, self._claims, self._unfit = heard.books, leaves, heard.claims, heard.unfit

    def _passages(self, tape: str, sign: str, start: int, end: int) -> Iterator[Passage]:
        for index, leaf in self._leaves.items():
            for number, at, name, low, high in leaf.entry.flows:
                if at == sign and name == tape and low < end and start < high:
                    yield Passage(low, high, index, number)

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows out of a tape that overlap [start, end), ascending."""
        return sorted(self._passages(tape, "-", start, end))

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows into a tape that overlap [start, end), ascending."""
        return sorted(self._passages(tape, "+", start, end))

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound; Refused where its flows are not those of such a record."""
        target = self._leaves[entry].target(record) if entry in self._leaves else None
        if target is None:
            raise NotFound(f"{entry}.{record}: is not in the bundle", rule="bundle")
        if (entry, record) in self._unfit:
            raise Refused("its flows are not those of what it says", rule="tape-flow", where=f"{entry}.{record}")
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """Every claim that a record of the bundle makes about a record, ascending."""
        return self._claims.get((entry, record), [])


class Heard(NamedTuple):
    """What the records of a bundle say: the books, claims by the record they are about, records whose flows do not fit them."""

    books: Books
    claims: dict[tuple[int, int], list[tuple[str, dict[str, Any]]]]
    unfit: set[tuple[int, int]]


def verify_bundle(raw: bytes, policy: Policy | None) -> BundleReport:
    """Check a trace bundle against a trust policy. Raises SizeError, CanonicalError, FormatError where it is no bundle."""
    bundle = parse_bundle(raw)
    findings: list[Finding] = []
    checkpoint = _checkpoint(bundle, policy, findings)
    leaves = _leaves(bundle, checkpoint, findings)
    findings += _standing(leaves)
    findings += _of_another_history(bundle, leaves, checkpoint)
    trace = _trace(bundle, leaves, findings)
    kinds = {finding.kind for finding in findings}
    verdict, code = ("failed", 3) if "broken" in kinds else ("could not verify", 4) if "unknown" in kinds else ("verified", 0)
    return BundleReport(
        checkpoint.origin, checkpoint.tree_size, verdict, code, len(leaves), trace, CLAIMED, tuple(sorted(set(findings)))
    )


def _checkpoint(bundle: Bundle, policy: Policy | None, findings: list[Finding]) -> Checkpoint:
    checkpoint = parse_checkpoint(parse_note(bundle.checkpoint).text)
    try:
        if policy is None:
            raise Unverifiable("no trust policy was named; give --trust FILE", rule="trust-anchor")
        policy.check(bundle.checkpoint)
    except (Unverifiable, VerificationError) as error:
        findings.append(Finding(WHOLE, WHOLE, error.rule, error.message))
    return checkpoint


def _leaves(bundle: Bundle, checkpoint: Checkpoint, findings: list[Finding]) -> dict[int, Leaf]:
    leaves = {}
    for entry in bundle.entries:
        examined = examine(entry.raw, entry.index)
        findings.extend(examined.findings)
        findings.extend(_not_included(entry, checkpoint))
        if examined.leaf is not None:
            leaves[entry.index] = with_sound_flows(examined.leaf)
        if examined.entry is not None and examined.entry.index != entry.index:
            findings.append(Finding(entry.index, WHOLE, "chain", f"index {examined.entry.index}: stands at {entry.index}"))
    return leaves


def _not_included(entry: BundleEntry, checkpoint: Checkpoint) -> Iterator[Finding]:
    try:
        verify_inclusion(leaf_hash(entry.raw), entry.index, checkpoint.tree_size, entry.proof, checkpoint.root)
    except VerificationError as error:
        yield Finding(entry.index, WHOLE, "inclusion", error.message)


def _standing(leaves: dict[int, Leaf]) -> Iterator[Finding]:
    """Every signature is by a key that an entry of the bundle gave to a party, and the party that speaks has signed."""
    known: dict[str, str] = {}
    for index, leaf in sorted(leaves.items()):
        for record in leaf.statement.records:
            known.update({key: party for key, party, _ in record.introduces(leaf.statement.party) if key not in known})
        parties = {known.get(key) for key, _ in leaf.entry.signatures}
        if None in parties:
            yield Finding(index, WHOLE, "key-standing", "signed by a key that no entry of the bundle gives to a party")
        if leaf.statement.party not in parties:
            yield Finding(index, WHOLE, "authority", f"no key of {leaf.statement.party} has signed its statement")


def _of_another_history(bundle: Bundle, leaves: dict[int, Leaf], checkpoint: Checkpoint) -> Iterator[Finding]:
    """Every statement was made for this log, and for this history as far as the bundle shows it."""
    hashes = {entry.index: leaf_hash(entry.raw).hex() for entry in bundle.entries}
    for index, leaf in leaves.items():
        said = leaf.statement
        if said.ledger != checkpoint.origin:
            yield Finding(index, WHOLE, "ledger", f"ledger {said.ledger!r}: the checkpoint is that of {checkpoint.origin!r}")
        if said.after_index >= index or hashes.get(said.after_index, said.after_hash) != said.after_hash:
            yield Finding(index, WHOLE, "after", f"after {said.after_index}: that entry has another hash, or comes later")


def _trace(bundle: Bundle, leaves: dict[int, Leaf], findings: list[Finding]) -> GiftTrace | None:
    """Follow the gift again from the bundle's own entries, and compare with what the bundle says."""
    crooked = list(disorder(leaves))
    if crooked:
        findings += crooked
        return None
    try:
        heard = _hear(leaves)
        head = max((leaf.entry.time for leaf in leaves.values()), default="")
        trace = follow_gift(BundleFlows(leaves, heard), bundle.gift, local_day(heard.books, head) if head else "")
    except Refused as refused:
        where = split_ref(refused.where) if refused.where else (WHOLE, WHOLE)
        findings.append(Finding(*where, refused.rule, refused.message))
        return None
    except GiveTrailError as error:
        findings.append(Finding(WHOLE, WHOLE, "missing", f"the gift cannot be followed with these entries: {error.message}"))
        return None
    where = split_ref(bundle.gift)
    at = 0
    for piece in trace.pieces:
        if piece.start != at:
            findings.append(Finding(*where, "tape-flow", f"the ranges leave a hole, or overlap, at unit {at} of the gift"))
        at = piece.end
    if at != trace.amount:
        findings.append(Finding(*where, "tape-flow", f"the ranges end at {at}; the gift has {trace.amount} units"))
    if encode(ranges_of(trace)) != encode(bundle.ranges):
        findings.append(Finding(*where, "tape-flow", "ranges: the entries give others than the bundle says"))
    return trace


def _hear(leaves: dict[int, Leaf]) -> Heard:
    """What the bundle's records say, without the rules that only the whole ledger can settle: a record that names a party which
    the bundle does not hold, such as a payee without a key, still says what it says."""
    books, claims, unfit = Books(), {}, set()
    books.faults = []
    for tape in {row[2] for leaf in leaves.values() for row in leaf.entry.flows}:
        books.tape.load(tape, Tape(MAX_INTEGER))
    for index, leaf in sorted(leaves.items()):
        act = Act(leaf.said(), local_day(books, leaf.entry.time))
        for number, record in enumerate(leaf.statement.records):
            act.number = number
            with suppress(Refused):
                record.check(books, act)
            if not _fits(books, record, act, leaf.rows(number)):
                unfit.add((index, number))
                continue
            with suppress(Refused):
                record.post(books, act, leaf.rows(number))
        for claim in act.claims:
            claims.setdefault((claim.entry, claim.record), []).append((f"{index}.{claim.number}", claim.facts))
        books.commit(keep=False)
    return Heard(books, claims, unfit)


def _fits(books: Books, record: Record, act: Act, rows: Sequence[Flow]) -> bool:
    """Whether a record's flows move what it says; from which units is settled by a full audit."""
    try:
        return fits(rows, record.legs(books, act))
    except Refused:
        return not rows
