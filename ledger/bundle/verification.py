"""The verification of a trace bundle: one gift, offline, with only the bundle and a trust policy.

*Proved*: these entries are in the log, parties that may sign them did so, and their flows lead the gift where the bundle says. *Not
checked* (needs a full audit): that the remaining money is unspent, that nothing was reversed, and that no key was revoked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce
from typing import NamedTuple

from ..amount import Money
from ..audit.accounting import with_sound_flows
from ..audit.overseers import Known, unknown
from ..audit.succession import in_bundle
from ..audit.trust import trust_in, unasked
from ..books.clock import check_times, corrects_clock, time_after
from ..books.gift import WAITING, GiftTrace, follow_gift, split_ref
from ..books.moment import check_as_of, day_to_judge, local_day
from ..books.statement_context import Kept
from ..canonical import encode, ends_early
from ..entries.leaf import Leaf
from ..errors import CanonicalError, GiveTrailError, Refused, Unverifiable, VerificationError
from ..examination.examine import examine
from ..findings.finding import WHOLE, Finding
from ..findings.report import NOT_CHECKED, CosignedBy, verdict_of
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.entry import FIRST_PREV
from ..log.merkle import leaf_hash, verify_inclusion
from ..log.note import parse_note
from ..log.policy import Policy
from ..log.transport import undamaged
from .order import disorder, exponents
from .partial_books import BundleFlows, rebuild_partial
from .signers import KeyRegistry, key_registry
from .trace_bundle import Bundle, BundleEntry, parse_bundle, ranges_of

BEGINNING = b'{"checkpoint":"'
MALFORMED = "flows: each must be a list [record, sign, tape, start, end]"

REMAINING = "Not checked (needs a full audit): that the remaining {amount} is unspent"
OVERSEERS = "Not checked: that each overseer who signed is who it says: {parties} (--overseers FILE names those that you know)"
WHOSE = (
    "Not checked: whose gift it is, because its record names no donor and no one-time key; two donors could be shown the same one"
)
CLAIMED = (
    "Not checked (needs a full audit): that nothing was reversed and no key was revoked",
    "Not checked (needs a full audit): that no earlier entry declared the unit, fund, project, activity or a party otherwise",
    "Not checked (needs a full audit): that each payment used the oldest money left in the fund",
    "Not checked (needs a full audit): rules that depend on other entries, such as cost limits",
    *NOT_CHECKED,
)


class BundleReport(NamedTuple):
    """The verdict on a bundle, the gift it follows, and what it cannot prove. Overdue stages are judged as of `as_of`; `witnessed`,
    `cosigned_by` and `passed_over` are as in a `Report`."""

    as_of: str
    origin: str
    tree_size: int
    verdict: str
    witnessed: bool
    exit_code: int
    entries: int
    trace: GiftTrace | None
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    cosigned_by: tuple[CosignedBy, ...]
    passed_over: tuple[str, ...]


def verify_bundle(
    raw: bytes, policy: Policy | None, overseers: Known | None = None, as_of: str = "", now: str = ""
) -> BundleReport:
    """Check a trace bundle against a trust policy. `overseers` are those that the caller knows; None if that is not to be judged.
    `as_of` is the day as of which overdue stages are judged, unless that of the bundle's last entry is later; `now` is the caller's
    clock in UTC, with which the times of witnesses are compared unless it is "".

    Raises UsageError if `as_of` is not a day; SizeError, CanonicalError, FormatError if it is not a bundle; Unverifiable if it was
    truncated or damaged in transit (`transport`), or has a later `v`.
    """
    check_as_of(as_of)
    bundle = _opened(raw)
    checkpoint = parse_checkpoint(parse_note(bundle.checkpoint).text)
    trust = trust_in(policy, bundle.checkpoint, now)
    findings = list(trust.findings)
    hashes = {entry.index: leaf_hash(entry.raw) for entry in bundle.entries}
    leaves, faults = _leaves(bundle, checkpoint, hashes)
    findings += faults
    known = key_registry(leaves)
    findings += known.findings
    findings += in_bundle(leaves, {entry.index: entry.proof for entry in bundle.entries}, checkpoint)
    findings += _of_another_history(hashes, leaves)
    findings += _out_of_line(hashes, leaves)
    # Entries that are not in the log, or differ from what was signed, prove nothing; following them would only waste time.
    trace, as_of = (None, "") if faults else _trace(bundle, leaves, known, findings, as_of)
    findings += unknown(known.overseer, overseers) if overseers is not None else ()
    signed = {row.party for _, row in known.overseer.all()} if overseers is None else ()
    left = claimed(trace, names_nobody(bundle, leaves), policy, signed)
    verdict, code = verdict_of(findings)
    return BundleReport(
        as_of, checkpoint.origin, checkpoint.tree_size, verdict, trust.witnessed, code, len(leaves), trace, left,
        tuple(sorted(set(findings))), trust.cosigned_by, trust.passed_over,
    )  # fmt: skip


def names_nobody(bundle: Bundle, leaves: dict[int, Leaf]) -> bool:
    """Whether the gift's record says nothing by which a donor could show that it is its own."""
    entry, number = split_ref(bundle.gift)
    records = leaves[entry].statement.records if entry in leaves else ()
    gift: object = records[number] if number < len(records) else None
    return getattr(gift, "donor", None) is None and getattr(gift, "holder", None) is None


def claimed(trace: GiftTrace | None, nobodys: bool, policy: Policy | None, overseers: Collection[str]) -> tuple[str, ...]:
    """What was not checked, as sentences: what a bundle cannot prove, witnesses not asked for or passed over, whose gift
    it is if the record does not tell, and whether these `overseers` are who they say."""
    left = _money(trace, sum(trace.totals().get(state, 0) for state in WAITING) + trace.unspent_covered) if trace else None
    remaining = (REMAINING.format(amount=left),) if left and left.amount_minor else ()
    signed = (OVERSEERS.format(parties=", ".join(sorted(overseers))),) if overseers else ()
    whose = (WHOSE,) if trace and nobodys else ()
    return (*unasked(policy), *remaining, *signed, *whose, *CLAIMED)


def _money(trace: GiftTrace, minor: int) -> Money:
    return Money(minor, trace.unit, trace.exponent)


def _opened(raw: bytes) -> Bundle:
    try:
        return undamaged(raw, "bundle", parse_bundle)
    except CanonicalError:
        if raw[: len(BEGINNING)] == BEGINNING[: len(raw)] and ends_early(raw):
            raise Unverifiable(f"bundle: the file ends after {len(raw)} bytes; get it again", rule="missing") from None
        raise


def _leaves(bundle: Bundle, checkpoint: Checkpoint, hashes: dict[int, bytes]) -> tuple[dict[int, Leaf], list[Finding]]:
    """The readable entries, by index, and the faults of each entry by itself or of its place in the log."""
    leaves: dict[int, Leaf] = {}
    findings: list[Finding] = []
    for entry in bundle.entries:
        examined = examine(entry.raw, entry.index)
        findings.extend(examined.findings)
        findings.extend(_not_included(entry, hashes[entry.index], checkpoint))
        if examined.leaf is not None:
            leaves[entry.index] = with_sound_flows(examined.leaf)
            if leaves[entry.index] is not examined.leaf:
                findings.append(Finding(entry.index, WHOLE, "tape-flow", MALFORMED))
    return leaves, findings


def _not_included(entry: BundleEntry, leaf: bytes, checkpoint: Checkpoint) -> Iterator[Finding]:
    try:
        verify_inclusion(leaf, entry.index, checkpoint.tree_size, entry.proof, checkpoint.root)
    except VerificationError as error:
        yield Finding(entry.index, WHOLE, "inclusion", error.message)


def _of_another_history(hashes: dict[int, bytes], leaves: dict[int, Leaf]) -> Iterator[Finding]:
    """Check that every statement was made for this history, as far as the bundle shows it."""
    for index, leaf in leaves.items():
        said = leaf.statement
        bound, bound_hash = said.after_index, said.after_hash
        if bound >= index or bound < 0 < index or _hex(hashes, bound, bound_hash) != bound_hash:
            yield Finding(index, WHOLE, "after", f"after {bound}: that entry has a different hash, or comes later")


def _hex(hashes: dict[int, bytes], index: int, unknown: str) -> str:
    return hashes[index].hex() if index in hashes else unknown


def _out_of_line(hashes: dict[int, bytes], leaves: dict[int, Leaf]) -> Iterator[Finding]:
    """Check that neighbouring entries are chained, that times never run backwards and are near those at which statements were
    signed, and that no statement occurs twice."""
    time, ids = "", dict[tuple[str, str], int]()
    for index, leaf in sorted(leaves.items()):
        entry, journal, name = leaf.entry, leaf.journal_entry(), (leaf.statement.party, leaf.statement.id)
        if entry.prev != _hex(hashes, index - 1, entry.prev) or (index == 0 and entry.prev != FIRST_PREV):
            yield Finding(index, WHOLE, "chain", f"prev {entry.prev}: the entry before it has a different hash")
        times = Kept()
        check_times(times, "" if corrects_clock(journal) else time, entry.time, leaf.statement.signed_at)
        yield from (Finding(index, WHOLE, fault.rule, fault.message) for fault in times)
        if name in ids:
            yield Finding(index, WHOLE, "statement-id", f"{ids[name]} was recorded first with the same one; record each thing once")
        time = time_after(time, journal)
        ids.setdefault(name, index)


def _trace(
    bundle: Bundle, leaves: dict[int, Leaf], known: KeyRegistry, findings: list[Finding], asked: str
) -> tuple[GiftTrace | None, str]:
    """Judge what the bundle's entries say, follow the gift through them again, and compare the result with what the bundle says.
    Returns it with the day as of which overdue stages were judged, or (None, "") if the gift cannot be followed."""
    crooked = list(disorder(leaves, exponents(leaves)))
    if crooked:
        findings += crooked
        return None, ""
    try:
        heard = rebuild_partial(leaves, known)
        findings += heard.findings
        if any(finding.rule == "tape-flow" for finding in heard.findings):
            return None, ""
        head = reduce(time_after, [leaf.journal_entry() for _, leaf in sorted(leaves.items())], "")
        as_of = day_to_judge(asked, local_day(heard.books, head) if head else "")
        trace = follow_gift(BundleFlows(leaves, heard), bundle.gift, as_of)
    except Refused as refused:
        where = split_ref(refused.where) if refused.where else (WHOLE, WHOLE)
        findings.append(Finding(*where, refused.rule, refused.message))
        return None, ""
    except GiveTrailError as error:
        findings.append(Finding(
            WHOLE, WHOLE, "missing",
            f"the entries in the bundle do not suffice to follow the gift: {error.message}",
        ))
        return None, ""
    where = split_ref(bundle.gift)
    at = 0
    for piece in trace.pieces:
        if piece.start != at:
            message = f"ranges: there is a gap or an overlap at {_money(trace, at)} of the gift"
            findings.append(Finding(*where, "tape-flow", message))
        at = piece.end
    if at != trace.amount:
        message = f"ranges: they end at {_money(trace, at)}, but the gift is {_money(trace, trace.amount)}"
        findings.append(Finding(*where, "tape-flow", message))
    if encode(ranges_of(trace)) != encode(bundle.ranges):
        findings.append(Finding(*where, "tape-flow", "ranges: they differ from what the entries give"))
    return trace, as_of
