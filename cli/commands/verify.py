"""`givetrail verify`: a ledger's directory, an exported folder, a server of tiles, or a trace bundle, against a trust policy."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click

from ledger.audit.consistency import Earlier
from ledger.audit.target import is_url, open_source
from ledger.audit.verify import KEPT_HERE, verify
from ledger.books.gift import sentence
from ledger.bundle.held import HELD_BYTES, note_held
from ledger.bundle.trace_bundle import BUNDLE_BYTES
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.canonical import JsonObject
from ledger.directory.anchor import damaged, recall
from ledger.directory.opening import open_reader
from ledger.directory.source import DirectorySource
from ledger.disk.durable import write_durably
from ledger.entries.log_keys import ended_logs
from ledger.errors import (
    Conflict,
    FormatError,
    GiveTrailError,
    InputError,
    NotFound,
    StorageError,
    Unverifiable,
    UsageError,
    VerificationError,
)
from ledger.findings.report import PARTLY, Report, verdict_of
from ledger.findings.scope import AREAS, scope_of
from ledger.log.checkpoint import checkpoint_in, open_checkpoint
from ledger.log.note import MAX_NOTE_BYTES, VerifierKey
from ledger.log.policy import Policy
from ledger.log_files.source import Source
from ledger.store.location import FILE_NAME as DATABASE

from ..command import JSON, Command, Day
from ..files import STREAM, read_foreign, spoken
from ..outcome import FOR_PROGRAMS, Outcome
from ..remote import hint_at_http, naming, read_policy, refuse_reference
from ..screen import Counter, hint, plain
from ..sofar import AGAIN, so_far
from ..verdict import as_ndjson, as_sarif, lines

MALFORMED = "database"
FORMATS = {"ndjson": as_ndjson, "sarif": as_sarif}
SEED_BITS = 48
WEB_PAGE_BEFORE = b"\xef\xbb\xbf \t\r\n"
# What a bundle, which is one gift and no log, has no use for.
OF_A_LOG = ("since", "save", "at_size", "as_of", "only", "sample", "jobs", "state")


def _areas(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(area.strip() for area in value.split(",")) if value else ()


@click.command("verify", cls=Command, on_ledger=False)
@click.argument("target")
@click.option("--trust", metavar="FILE", help="The trust policy: whose word counts. Without it nothing is verified (exit 4).")
@click.option("--since", multiple=True, metavar="FILE", help="A checkpoint seen before, or a proof: the log has to extend it.")
@click.option("--save", metavar="FILE", help="Keep the checkpoint in FILE once all is verified, for --since the next time.")
@click.option("--at-size", type=click.IntRange(1), metavar="N", help="Check the first N entries, and that the log extends them.")
@click.option("--as-of", type=Day(), metavar="YYYY-MM-DD", help="The day on which lateness is judged; default: the last entry's.")
@click.option("--only", callback=_areas, metavar="LIST", help=f"Check only these of {', '.join(AREAS)}; integrity always.")
@click.option("--sample", type=float, metavar="SHARE", help="Verify signatures of this share of the statements, by chance: 0.05.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Draw the sample of an earlier run again.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes that examine entries; default: one a core.")
@click.option("--state", metavar="DIR", help="Keep in DIR how far it came, and go on from there the next time.")
@click.option("--format", "form", type=click.Choice(["text", *FOR_PROGRAMS]), default="text", help="Default: text.")
@click.option("--fail-on", type=click.Choice(["audit"]), help="Exit 5 where audit findings remain.")
def command(target: str, trust: str | None, form: str, fail_on: str | None, **options: object) -> Outcome:
    """Check TARGET: a ledger's directory, an exported folder, the http(s) address of a log, or a trace bundle (a file; - is stdin).

    Says the day on which lateness is judged, what was checked, what was not, every finding, and the verdict on the last line.
    With --only or --sample a log is partly verified at best (exit 7).
    """
    if form == "json":
        click.get_current_context().meta[JSON] = True
    refuse_reference(target)
    policy = read_policy(trust) if trust is not None else None
    report: BundleReport | Report
    if not is_url(target) and (target == STREAM or Path(target).is_file()):
        _refuse_for_a_bundle(options)
        of_bundle = _verified_bundle(target, policy)
        report, value = of_bundle, _bundle(target, of_bundle)
    else:
        of_log = _log(target, policy, options)
        report, value = of_log, of_log.as_json()
        hint_at_http(target, value["findings"])
    _, value["exit_code"] = verdict_of(report.findings, report.verdict != PARTLY, fail_on == "audit")
    raw = FORMATS[form](value) if form in FORMATS else None
    return Outcome(value, lines, value["exit_code"], raw)


def _refuse_for_a_bundle(options: dict[str, Any]) -> None:
    for name in OF_A_LOG:
        if options[name] not in (None, ()):
            words = f"--{name.replace('_', '-')}: a bundle is one gift, not the log; leave it out"
            raise UsageError(words, rule="usage", where=name)


def _log(target: str, policy: Policy | None, options: dict[str, Any]) -> Report:
    if not is_url(target) and not Path(target).is_dir():
        raise NotFound(f"{target}: is no directory and no file; name a ledger, an export or a bundle", rule="target", where=target)
    if options["seed"] is not None and options["sample"] is None:
        raise UsageError("--seed: goes with --sample", rule="usage", where="seed")
    if options["save"] and (options["at_size"] or options["only"] or options["sample"]):
        words = "--save: keeps what was verified whole; leave --at-size, --only and --sample out"
        raise UsageError(words, rule="usage", where="save")
    report, note = _verified(target, policy, options)
    if options["save"]:
        _save(Path(options["save"]), note, report)
    return report


def _verified(target: str, policy: Policy | None, options: dict[str, Any]) -> tuple[Report, bytes]:
    """Verify a log. Raises Unverifiable where its database cannot be read: that is no verdict."""
    seed = options["seed"] if options["seed"] is not None else secrets.randbits(SEED_BITS)
    scope = scope_of(options["only"], 1.0 if options["sample"] is None else options["sample"], seed)
    earlier = [_seen(name, policy) for name in options["since"]]
    try:
        with closing(open_source(target)) as source, Counter("verifying", _to_go_on(options["state"])) as count:
            report = verify(
                source, policy, as_of=options["as_of"] or "", earlier=[*_kept_here(source, policy), *earlier],
                at_size=options["at_size"], scope=scope, jobs=options["jobs"] or cores(),
                state=Path(options["state"]) if options["state"] else None, progress=count,
            )  # fmt: skip
            report = report._replace(not_checked=(*_not_readable(source, policy), *report.not_checked))
            return report, source.checkpoint() if report.origin else b""
    except StorageError as error:
        if error.rule != MALFORMED and not (error.rule == "storage" and Path(error.where).name == DATABASE):
            raise
        raise Unverifiable(error.message, rule=error.rule, where=error.where) from None


def _to_go_on(state: str | None) -> str:
    """What to type after an interrupt."""
    return f"{AGAIN}: it goes on from {plain(state)}" if state else f"{AGAIN}; with --state DIR it would go on from where it was"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seen(name: str, policy: Policy | None) -> Earlier:
    """A checkpoint saved before, or held by a bundle or a proof: signed as the policy asks, or of a log that the policy does not
    name, which the one that is verified may continue, and then names its key. Raises UsageError without a policy; what `note_held`
    and `Policy.check` raise, with the file's name."""
    if policy is None:
        raise UsageError("--since: needs --trust, the policy that says who may have signed it", rule="usage", where="since")
    raw = read_foreign(name, HELD_BYTES)
    with naming(spoken(name)):
        note = note_held(raw)
        checkpoint = checkpoint_in(note)
        known = any(log.vkey.name == checkpoint.origin for log in policy.logs)
        return Earlier(name, policy.check(note) if known else checkpoint, note)


def _kept_here(source: Source, policy: Policy | None) -> Iterator[Earlier]:
    """What this machine last signed for a ledger's own directory, which may be an older copy put back, and for the logs that it
    continues."""
    if policy is None or not isinstance(source, DirectorySource):
        return
    for vkey in (log.vkey for log in policy.logs):
        with suppress(VerificationError, Unverifiable, InputError):
            open_checkpoint(source.checkpoint(), vkey)
            for one in (vkey, *_continued(source.name)):
                note = recall(one.format())
                if note is not None and damaged(one) is None:
                    yield Earlier(KEPT_HERE, open_checkpoint(note, one), note)


def _not_readable(source: Source, policy: Policy | None) -> Iterator[str]:
    """What is kept outside a ledger's own directory and cannot be compared, for it is damaged."""
    if policy is not None and isinstance(source, DirectorySource):
        for found in filter(None, (damaged(log.vkey) for log in policy.logs)):
            yield f"{KEPT_HERE}: {found.words}; `givetrail repair` mends it"


def _continued(directory: str) -> Iterator[VerifierKey]:
    """The keys of the logs that a ledger continues; none where its books cannot be read, which the verification does without."""
    with suppress(GiveTrailError):
        store, books = open_reader(Path(directory))
        with closing(store):
            yield from ended_logs(books).values()


def _save(path: Path, note: bytes, report: Report) -> None:
    """Keep the checkpoint of a log that was verified; never over that of another log, or of a later state. Raises Conflict."""
    if report.exit_code:
        hint(f"{plain(path)}: was not written; the log is not verified")
        return
    if os.path.lexists(path):
        kept = checkpoint_in(read_foreign(str(path), MAX_NOTE_BYTES))
        if kept.origin != report.origin or kept.tree_size > report.tree_size:
            words = f"{path}: holds {kept.origin} at {kept.tree_size} entries; name another file for {report.origin}"
            raise Conflict(f"{words} at {report.tree_size}", rule="save", where=str(path))
    write_durably(path, note)
    so_far().made = f"{plain(path)} is written"
    hint(f"{plain(path)}: the checkpoint of {report.tree_size} entries; next time: --since {plain(path)}")


def _verified_bundle(target: str, policy: Policy | None) -> BundleReport:
    """Verify a bundle; what is raised names the file. Raises FormatError (`bundle`) for a web page that was saved instead of it."""
    raw, name = read_foreign(target, BUNDLE_BYTES), spoken(target)
    if raw.lstrip(WEB_PAGE_BEFORE).startswith(b"<"):
        words = "is a web page and no trace bundle; download the bundle itself, which the page of the gift links to"
        raise FormatError(f"{name}: {words}", rule="bundle", where=name)
    with naming(name):
        return verify_bundle(raw, policy)


def _bundle(target: str, report: BundleReport) -> JsonObject:
    value = report._asdict()
    trace, entries = value.pop("trace"), value.pop("entries")
    gift = {"ref": trace.ref, "sentence": sentence(trace), "totals": trace.totals()} if trace is not None else None
    findings = [finding.as_json() for finding in report.findings]
    said = {"checked": {"entries": entries}, "gift": gift, "not_checked": list(report.not_checked), "findings": findings}
    return {"target": target, **value, **said}
