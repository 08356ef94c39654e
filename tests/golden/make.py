"""Builds the golden ledger: `python -m tests.golden.make` writes tests/vectors/golden anew.

Everything comes from the story, seeds and a clock that stands still, so the same files come out every time.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ledger.books.gift import GiftTrace, follow_gift
from ledger.books.trace import backward
from ledger.bundle.trace_bundle import make_bundle, ranges_of
from ledger.canonical import parse, to_base64
from ledger.entries.store_flows import StoreFlows
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.note import parse_note

from . import (
    on_banks,
    on_bytes,
    on_conduct,
    on_contacts,
    on_corrections,
    on_costs,
    on_days,
    on_fees,
    on_forms,
    on_grants,
    on_inflow,
    on_loosening,
    on_mandates,
    on_own_words,
    on_payees,
    on_receipts,
    on_references,
    on_regions,
    on_registers,
    on_relatives,
    on_requirements,
    on_returned,
    on_rows,
    on_rules,
    on_signers,
    on_stamps,
    on_statements,
    on_successions,
    on_the_books,
    on_the_clock,
    on_the_log,
    on_true_sums,
    on_void,
    on_void_answers,
)
from .cast import FILES, OFFICERS, ORIGIN, PRIVATE, REFERENCES, WITNESSES, disclosure, file_salt, policy, public, seed, witness_vkey
from .forge import Forge, cosigned, lay_out, tiles
from .mutation import EXIT_CODES, MUTATIONS, WHOLE, Found, Mutation, Outcome
from .on_bundles import BUNDLE_MUTATIONS, BundleForge, BundleMutation, made
from .story import tell
from .telling import Telling

GOLDEN = Path(__file__).resolve().parent.parent / "vectors" / "golden"
PAGE = GOLDEN.parents[2] / "docs" / "reference" / "golden.md"
TABLE = "| mutation | must find | attacker holds | what is done |\n|---|---|---|---|\n"
AS_OF = "2026-05-06"
LATER = "2026-06-30"
Files = dict[str, bytes]

ALL = (
    on_bytes, on_the_log, on_statements, on_the_books, on_rows, on_forms, on_signers, on_costs, on_rules, on_conduct, on_days,
    on_grants, on_mandates, on_fees, on_inflow, on_requirements, on_returned, on_payees, on_registers, on_receipts, on_relatives,
    on_loosening, on_the_clock, on_references, on_successions, on_void, on_void_answers, on_corrections, on_banks, on_regions,
    on_own_words, on_true_sums, on_contacts, on_stamps,
)  # fmt: skip
assert all(ALL), "importing these registers their mutations"
assert len({one.name for one in MUTATIONS}) == len(MUTATIONS), "two mutations have one name"


class Told(NamedTuple):
    """The story, told: its entries, their checkpoint, the entries by what they are called, traces, bundles."""

    entries: list[bytes]
    note: bytes
    entry: dict[str, int]
    traces: bytes
    bundles: Files

    def forge(self) -> Forge:
        """A log to be forged."""
        return Forge(self.entries, self.note, self.entry)

    def own_findings(self) -> list[Found]:
        """What an audit finds in the log as it is: a recovery, a dispute, and what is overdue on its last day."""
        late = self.entry["two-officers"], self.entry["bounce"]
        return [
            ("overdue-receipt", late[0], 0), ("overdue-feedback", late[1], 0), ("overdue-receipt", late[1], 0),
            ("recovery", self.entry["recovery"], 0), ("return-against-receipt", self.entry["disputed"], 0),
            ("clock-corrected", self.entry["corrected"], 0),
        ]  # fmt: skip


def told() -> Told:
    """Tell the story to a sequencer."""
    with tempfile.TemporaryDirectory(prefix="givetrail-golden-") as folder:
        telling = Telling(Path(folder))
        tell(telling)
        entries, note = list(telling.store.entries(0, telling.store.tree_size)), cosigned(telling.note)
        store_flows = StoreFlows(telling.store, telling.books)
        bundles = {name: make_bundle(store_flows, ref, note, AS_OF) for name, ref in bundled(telling.entry).items()}
        return Told(entries, note, telling.entry, text(traces(store_flows, entries, telling.entry)), bundles)


def bundled(entry: dict[str, int]) -> dict[str, str]:
    """The gifts that have a bundle."""
    return {"bundle-goods": f"{entry['gifts']}.0", "bundle-platform": f"{entry['fee']}.0", "bundle-void": f"{entry['undone']}.0"}


def built() -> Files:
    """Every file, by its path."""
    story = told()
    files = {f"log/{path}": content for path, content in {**tiles(story.entries), "checkpoint": story.note}.items()}
    files |= {
        "trust.policy": policy().format(),
        "keys.json": text(keys()),
        "entries.jsonl": b"".join(raw + b"\n" for raw in story.entries),
    }
    files |= {"traces.json": story.traces, "report.json": text(report(story))}
    files |= {f"{name}.json": raw for name, raw in story.bundles.items()}
    for mutation in MUTATIONS:
        files[f"mutations/{mutation.name}.json"] = text(mutated(story, mutation))
    for mutation in BUNDLE_MUTATIONS:
        files[f"mutations/{mutation.name}.json"] = text(mutated_bundle(story, mutation))
    return files


def text(value: Any) -> bytes:
    """JSON for readers."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def keys() -> dict[str, Any]:
    """Seeds and public keys, and what stands behind commitments."""
    return {
        "note": "Test keys, published. Never use one for anything else.",
        "log": {"origin": ORIGIN, "public": public("log"), "seed": seed("log").hex()},
        "officers": {name: {"public": public(name), "seed": seed(name).hex()} for name in OFFICERS},
        "witnesses": {
            name: {"seed": seed(f"witness.{name}").hex(), "vkey": witness_vkey(name).format()} for name in WITNESSES
        },
        "channel_key": {"label": "2026", "secret": seed("channel references 2026").hex()},
        "channel_references": REFERENCES,
        "disclosures": sorted(disclosure(*field) for fields in PRIVATE.values() for field in fields.items()),
        "evidence": {name: {"file": content, "salt": file_salt(name).hex()} for name, content in FILES.items()},
    }  # fmt: skip


def report(story: Told) -> dict[str, Any]:
    """What a verification of the log says."""
    checkpoint = parse_checkpoint(parse_note(story.note).text)
    values = [parse(raw) for raw in story.entries]
    kinds = [record["kind"] for value in values for record in value["statement"]["records"]]
    bundles = {name: {"exit": 0, "gift": ref, "verdict": "verified"} for name, ref in bundled(story.entry).items()}
    return {
        "as_of": AS_OF, "bundles": bundles, "exit": 0, "verdict": "verified", "origin": ORIGIN,
        "tree_size": checkpoint.tree_size, "root": checkpoint.root.hex(),
        "checked": {
            "bytes": sum(map(len, story.entries)), "entries": len(values),
            "signatures": sum(len(value["signatures"]) for value in values), "tiles": 1,
        },
        "records": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "units": units(values),
        "findings": [found(one) for one in sorted(story.own_findings(), key=place)],
        "later": {"as_of": LATER, "findings": [found(one) for one in sorted(later(story), key=place)]},
    }  # fmt: skip


def later(story: Told) -> list[Found]:
    """What an audit finds on a later day."""
    return [*story.own_findings(), ("overdue-feedback", story.entry["late-feedback"], 0)]


def units(values: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Per unit the gifts, what they gave, what is left in all funds, what was spent, how much of that somebody else signed for, and
    how much besides is disputed, as no recipient signs a return here: counted from the entries."""
    named = {f"{value['index']}.{n}": record for value in values for n, record in enumerate(value["statement"]["records"])}
    records = list(named.values())
    declared = [record for record in records if record["kind"] == "unit"]
    nothing = {"gifts": 0, "given": 0, "left": 0, "spent": 0, "signed": 0, "disputed": 0}
    sums = {one["unit"]: {"exponent": one["exponent"], **nothing} for one in declared}
    void = {record["of"] for record in records if record["kind"] == "reversal"}
    for ref, one in named.items():
        if one["kind"] in ("payment", "delivery") and ref not in void:
            about = [record for name, record in named.items() if record.get("of") == ref and name not in void]
            kept = one["amount"] - sum(record["amount"] for record in about if record["kind"] == "payment-return")
            taken = sum(record["amount"] for record in about if "into" in record)
            levels = [
                sum(record["amount"] for record in about if record.get("level") == level and "into" not in record)
                for level in ("recipient-signed", "confirmed", "third-party", "holder-signed")
            ]
            sums[one["unit"]]["spent"] += kept - taken
            sums[one["unit"]]["signed"] += max(min(max(levels[:3]), kept) - taken, 0)
            sums[one["unit"]]["disputed"] += max(max(levels) - kept, 0)
    for gift in [record["gave"] for record in records if record["kind"] == "reversal" and "gave" in record]:
        sums[gift["unit"]]["gifts"] -= 1
        sums[gift["unit"]]["given"] -= gift["amount"]
    for gift in (record for record in records if record["kind"] == "donation"):
        sums[gift["unit"]]["gifts"] += 1
        sums[gift["unit"]]["given"] += gift["amount"]
    for _, sign, tape, start, end in (row for value in values for row in value["flows"]):
        sums[tape.partition("/")[2]]["left"] += end - start if sign == "+" else start - end
    return dict(sorted(sums.items()))


def traces(store_flows: StoreFlows, entries: list[bytes], entry: dict[str, int]) -> dict[str, Any]:
    """Every gift, followed; and the gifts behind some payments."""
    gifts = [
        trace_of(follow_gift(store_flows, f"{index}.{number}", AS_OF))
        for index, raw in enumerate(entries)
        for number, record in enumerate(parse(raw)["statement"]["records"])
        if record["kind"] == "donation"
    ]
    names = ("goods", "bounce", "desks", "abroad", "delivery", "grant", "late-feedback")
    places = [(name, parse(entries[entry[name]])["flows"]) for name in names]
    behind = [origins(store_flows, f"{entry[name]}.{row[0]}", row) for name, rows in places for row in rows if row[1] == "-"]
    return {"as_of": AS_OF, "backward": behind, "gifts": gifts}


def trace_of(trace: GiftTrace) -> dict[str, Any]:
    """A gift's trace as the file has it."""
    return {
        "gift": trace.ref, "party": trace.party, "fund": trace.fund, "unit": trace.unit, "amount": trace.amount,
        "received_on": trace.received_on, "ranges": ranges_of(trace), "totals": trace.totals(),
        "waiting_since": trace.waiting_since, "overdue": [one._asdict() for one in trace.overdue],
    }  # fmt: skip


def origins(store_flows: StoreFlows, ref: str, row: list[Any]) -> dict[str, Any]:
    """Which inflows stand behind units that a record took."""
    _, _, tape, start, end = row
    found = [
        {
            "start": origin.start, "end": origin.end, "ref": origin.ref, "tape": origin.tape,
            "at": [origin.at_start, origin.at_end], "path": list(origin.path), "shared": origin.shared,
        }
        for origin in backward(store_flows, tape, start, end)
    ]  # fmt: skip
    return {"of": ref, "tape": tape, "start": start, "end": end, "origins": found}


def mutated(story: Told, mutation: Mutation) -> dict[str, Any]:
    """A mutation's file: what is done, what must be found, and the log after it, from the first entry that changes."""
    forge = story.forge()
    outcome = mutation.make(forge)
    first = next(
        (at for at, pair in enumerate(zip(story.entries, forge.entries, strict=False)) if pair[0] != pair[1]),
        min(len(story.entries), len(forge.entries)),
    )
    value = {
        **described(mutation, outcome, forge.names),
        "findings": [found(one) for one in sorted({outcome.expect, *outcome.also, *kept(story, outcome)}, key=place)],
        "first": first, "entries": [shown(raw) for raw in forge.entries[first:]], "checkpoint": forge.note.decode(),
    }  # fmt: skip
    if forge.files:
        value["files"] = {path: to_base64(raw) if raw is not None else False for path, raw in forge.files.items()}
    if forge.policy is not None:
        value["policy"] = forge.policy.decode()
    if forge.as_of:
        value["as_of"] = forge.as_of
    return value


def mutated_bundle(story: Told, mutation: BundleMutation) -> dict[str, Any]:
    """The file of a mutation of a bundle: the whole bundle after it."""
    forge = BundleForge(story.bundles[mutation.of], story.forge())
    outcome = mutation.make(forge)
    value = {
        **described(mutation, outcome, forge.log.names),
        "findings": [found(one) for one in sorted({outcome.expect, *outcome.also}, key=place)],
        "bundle": made(forge).decode(),
    }  # fmt: skip
    if forge.policy is not None:
        value["policy"] = forge.policy.decode()
    return value


def described(mutation: Mutation | BundleMutation, outcome: Outcome, names: Iterable[str]) -> dict[str, Any]:
    """What every file of a mutation begins with."""
    expect = {**found(outcome.expect), "class": outcome.kind, "exit": EXIT_CODES[outcome.kind]}
    return {"name": mutation.name, "does": mutation.does, "holds": mutation.holds, "signs": sorted(names), "expect": expect}


def kept(story: Told, outcome: Outcome) -> Iterator[Found]:
    """Those of the log's own findings that are found in spite of the mutation."""
    if outcome.kept:
        yield from story.own_findings()


def found(finding: Found) -> dict[str, Any]:
    """A finding as the files have it; -1 means the whole log, or the whole entry."""
    return {"id": finding[0], "entry": finding[1], "record": finding[2]}


def place(finding: Found) -> tuple[int, int, str]:
    """The order of findings."""
    return finding[1], finding[2], finding[0]


def shown(raw: bytes) -> str | dict[str, str]:
    """Entry bytes as text, or as base64 where they are none."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"base64": to_base64(raw)}


def listed(files: Files) -> str:
    """The mutations as the page lists them."""
    cases = [json.loads(raw) for path, raw in sorted(files.items()) if path.startswith("mutations/")]
    return "".join(f"| `{case['name']}` | {where(case['expect'])} | {case['holds']} | {case['does']} |\n" for case in cases)


def where(expect: dict[str, Any]) -> str:
    """A finding in a cell of the table."""
    entry, record = expect["entry"], expect["record"]
    return f"`{expect['id']}`" + ("" if entry == WHOLE else f" {entry}" if record == WHOLE else f" {entry}.{record}")


def main() -> None:
    """Write the files, and the list of mutations at the end of their page."""
    files = built()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    lay_out(GOLDEN, files)
    before, line, _ = PAGE.read_text(encoding="utf-8").partition(TABLE)
    PAGE.write_text(before + line + listed(files), encoding="utf-8")
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes, in {GOLDEN.name}")


if __name__ == "__main__":
    main()
