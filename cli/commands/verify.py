"""`givetrail verify`: a ledger's directory, an exported folder, or a trace bundle, against a trust policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click

from ledger.amount import to_text
from ledger.anchor import recall
from ledger.audit.bundle import BundleReport, verify_bundle
from ledger.audit.source import DirectorySource, Source, open_source
from ledger.audit.tree import Earlier
from ledger.audit.verify import KEPT_HERE, Report, verify
from ledger.books.gift import sentence
from ledger.bundle import BUNDLE_BYTES
from ledger.errors import InputError, NotFound, StorageError, Unverifiable, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.note import MAX_NOTE_BYTES
from ledger.log.policy import MAX_POLICY_BYTES, Policy

from ..command import Command, Day
from ..files import STREAM, read_bytes
from ..outcome import Outcome
from ..screen import Counter, plain

AUDIT = 5
MALFORMED = "database"
COLOURS = {0: "green", 3: "red", 4: "yellow", AUDIT: "yellow"}


@click.command("verify", cls=Command, on_ledger=False)
@click.argument("target")
@click.option("--trust", metavar="FILE", help="The trust policy: whose word counts. Without it nothing is verified (exit 4).")
@click.option("--since", multiple=True, metavar="FILE", help="A checkpoint of this log saved before: the log has to extend it.")
@click.option("--fail-on", type=click.Choice(["audit"]), help="Exit 5 where audit findings remain.")
@click.option("--as-of", type=Day(), metavar="YYYY-MM-DD", help="The day on which lateness is judged; default: the last entry's.")
def command(target: str, trust: str | None, since: tuple[str, ...], fail_on: str | None, as_of: str | None) -> Outcome:
    """Check TARGET: a ledger's directory, an exported folder, or a trace bundle (a file; - is stdin).

    Says what was checked, what was not, every finding, and the verdict on the last line.
    """
    policy = Policy.parse(read_bytes(trust, MAX_POLICY_BYTES)) if trust is not None else None
    if target == STREAM or Path(target).is_file():
        if since:
            raise UsageError("--since: a bundle is one gift, not the log; leave it out", rule="usage", where="since")
        if as_of is not None:
            raise UsageError("--as-of: a bundle is judged on the day of its last entry; leave it out", rule="usage", where="as_of")
        report = verify_bundle(read_bytes(target, BUNDLE_BYTES), policy)
        return _outcome(_bundle(target, report), fail_on)
    if not Path(target).is_dir():
        raise NotFound(f"{target}: is no directory and no file; name a ledger, an export or a bundle", rule="target", where=target)
    earlier = [(name, _seen(name, policy)) for name in since]
    return _outcome(_value(_verified(Path(target), policy, as_of or "", earlier)), fail_on)


def _seen(name: str, policy: Policy | None) -> Checkpoint:
    """A checkpoint saved before, signed as the policy asks. Raises UsageError without a policy, VerificationError, FormatError."""
    if policy is None:
        raise UsageError("--since: needs --trust, the policy that says who may have signed it", rule="usage", where="since")
    return policy.check(read_bytes(name, MAX_NOTE_BYTES))


def _kept_here(source: Source, policy: Policy | None) -> Iterator[Earlier]:
    """What this machine last signed for a ledger's own directory, which may be an older copy put back."""
    for log in policy.logs if policy is not None and isinstance(source, DirectorySource) else ():
        note = recall(log.vkey.format())
        with suppress(VerificationError, Unverifiable, InputError):
            open_checkpoint(source.checkpoint(), log.vkey)
            if note is not None:
                yield KEPT_HERE, open_checkpoint(note, log.vkey)


def _verified(target: Path, policy: Policy | None, as_of: str, earlier: Sequence[Earlier]) -> Report:
    """Verify a directory or folder. Raises Unverifiable where its database cannot be read: that is no verdict."""
    try:
        with closing(open_source(target)) as source, Counter("verifying") as count:
            return verify(source, policy, as_of=as_of, earlier=[*_kept_here(source, policy), *earlier], progress=count)
    except StorageError as error:
        if error.rule != MALFORMED:
            raise
        raise Unverifiable(error.message, rule=error.rule, where=error.where) from None


def _value(report: Report | BundleReport) -> dict[str, Any]:
    listed = {"not_checked": list(report.not_checked), "findings": [finding.as_json() for finding in report.findings]}
    return {**report._asdict(), **listed}


def _bundle(target: str, report: BundleReport) -> dict[str, Any]:
    value = _value(report)
    trace, entries = value.pop("trace"), value.pop("entries")
    gift = {"ref": trace.ref, "sentence": sentence(trace), "totals": trace.totals()} if trace is not None else None
    return {"target": target, **value, "checked": {"entries": entries}, "gift": gift}


def _outcome(value: dict[str, Any], fail_on: str | None) -> Outcome:
    if fail_on == "audit" and value["exit_code"] == 0 and any(finding["class"] == "audit" for finding in value["findings"]):
        value["exit_code"] = AUDIT
    return Outcome(value, _lines, value["exit_code"])


def _lines(value: dict[str, Any]) -> Iterator[str]:
    root = f", root {value['root']}" if value.get("root") else ""
    yield f"{plain(value['target'])}: {plain(value['origin'] or 'unknown log')}, {value['tree_size']} entries{root}"
    if value.get("gift") and value["verdict"] == "verified":
        yield f"gift {value['gift']['ref']}: {value['gift']['sentence']}"
    if value["checked"]:
        yield "checked: " + ", ".join(f"{count} {what}" for what, count in value["checked"].items())
    if value.get("records"):
        yield "records: " + ", ".join(f"{count} {kind}" for kind, count in value["records"].items())
    for unit, sums in value.get("units", {}).items():
        given, left = (to_text(sums[which], sums["exponent"], unit) for which in ("given", "left"))
        gifts = f"{given} given in {sums['gifts']} gift{'' if sums['gifts'] == 1 else 's'}, " if sums["gifts"] else ""
        if gifts or sums["left"]:
            yield f"funds: {gifts}{left} left"
    for words in value["not_checked"]:
        yield f"not checked: {words}"
    yield from _finding_lines(value)
    yield _verdict(value)


def _finding_lines(value: dict[str, Any]) -> Iterator[str]:
    for finding in value["findings"]:
        entry, record = finding["entry"], finding["record"]
        where = "log" if entry < 0 else f"entry {entry}" if record < 0 else f"{entry}.{record}"
        yield f"finding: {finding['class']} {click.style(finding['id'], bold=True)} at {where}: {plain(finding['message'])}"
    if value.get("left_out"):
        yield f"finding: {value['left_out']} more"


def _verdict(value: dict[str, Any]) -> str:
    count = sum(finding["class"] == "audit" for finding in value["findings"])
    audit = f", with {count} audit finding{'s' if count > 1 else ''}" if value["verdict"] == "verified" and count else ""
    return click.style(value["verdict"] + audit, fg=COLOURS[value["exit_code"]], bold=True)
