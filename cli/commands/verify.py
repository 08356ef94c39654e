"""`givetrail verify`: checks a ledger's directory, an exported folder, a server of tiles, or a trace bundle, with a trust
policy."""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ledger.amount import to_text
from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.overseers import MAX_OVERSEERS_BYTES, Known, parse_overseers
from ledger.audit.requirements import MAX_REQUIREMENTS_BYTES, parse_requirements
from ledger.audit.target import is_url, open_source
from ledger.audit.verify import verify
from ledger.books.gift import GiftTrace, sentence
from ledger.books.state import Books
from ledger.bundle.kept_checkpoint import KEPT_BYTES, note_kept
from ledger.bundle.trace_bundle import BUNDLE_BYTES
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.disk.durable import write_durably
from ledger.errors import (
    Conflict,
    FormatError,
    NotFound,
    StorageError,
    Unverifiable,
    UsageError,
)
from ledger.findings.report import PARTLY, Report, verdict_of
from ledger.findings.scope import AREAS, scope_of
from ledger.inclusion_promises.challenge import CHALLENGE_BYTES, pose
from ledger.inclusion_promises.judging import ChallengeQuestion
from ledger.log.checkpoint import checkpoint_in
from ledger.log.note import MAX_NOTE_BYTES
from ledger.log.policy import Policy
from ledger.log_files.source import Source
from ledger.store.location import FILE_NAME as DATABASE
from ledger.store.location import holds_store

from ..command import JSON, Command, Day
from ..done_so_far import AGAIN, so_far
from ..files import STREAM, read_foreign, spoken
from ..outcome import FOR_PROGRAMS, Outcome
from ..remote import hinting_at_http, naming, read_policy, refuse_reference, roots_in
from ..screen import Counter, cores, entries, hint, plain
from ..verdict import as_ndjson, as_sarif, lines

MALFORMED = "database"
FORMATS = {"ndjson": as_ndjson, "sarif": as_sarif}
SEED_BITS = 48
WEB_PAGE_BEFORE = b"\xef\xbb\xbf \t\r\n"
# Options that have no meaning for a bundle, which is one gift, not a log.
OF_A_LOG = ("requirements", "timestamp_roots", "since", "save", "at_size", "only", "sample", "challenge", "jobs", "state")


def _areas(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(area.strip() for area in value.split(",")) if value else ()


@click.command("verify", cls=Command, on_ledger=False)
@click.argument("target")
@click.option(
    "--trust", metavar="FILE", help="The trust policy: the log key and witnesses that you trust. Without it, the result is exit 4."
)
@click.option(
    "--since", multiple=True, metavar="FILE",
    help="A checkpoint you saw before, or a proof. The log must continue from it. Repeat for more.",
)
@click.option("--save", metavar="FILE", help="Save the checkpoint in FILE if everything is verified, for --since next time.")
@click.option(
    "--at-size", type=click.IntRange(1), metavar="N", help="Check the first N entries, and that the log continues from them."
)
@click.option(
    "--as-of", type=Day(), metavar="YYYY-MM-DD",
    help="The day that decides what is overdue, unless the last entry's day is later.",
)
@click.option(
    "--only", callback=_areas, metavar="LIST", help=f"Check only some of {', '.join(AREAS)}. Integrity is always checked."
)
@click.option(
    "--sample", type=float, metavar="SHARE", help="Verify the signatures of a random share of the statements, such as 0.05."
)
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Draw the same sample as the run that printed this seed.")
@click.option(
    "--overseers", metavar="FILE",
    help="The auditors, inspectors and regulators that you know: on each line the id of a party and its key.",
)
@click.option(
    "--requirements", metavar="FILE",
    help="What the law asks, and rates of exchange, as you know them: records of kinds requirement and rate, as JSON.",
)
@click.option(
    "--challenge", multiple=True, metavar="FILE",
    help="A challenge to judge: it is upheld, answered or refused. Repeat for more.",
)
@click.option(
    "--timestamp-roots", metavar="FILE", help="Root certificates, in PEM, of the timestamp authorities that you trust.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N",
    help="The number of processes that check entries. Default: one for each core.",
)
@click.option("--state", metavar="DIR", help="Save progress in DIR, and continue from there next time.")
@click.option(
    "--format", "form", type=click.Choice(["text", *FOR_PROGRAMS]), default="text", help="How to print the result. Default: text."
)
@click.option("--fail-on", type=click.Choice(["audit"]), help="End with exit code 5 if there are audit findings.")
def command(target: str, trust: str | None, form: str, fail_on: str | None, overseers: str | None, **options: object) -> Outcome:
    """Check TARGET: a ledger's directory, an exported folder, the http(s) address of a log, or a trace bundle (a file; - is stdin).

    It prints the day that decides what is overdue, what was checked, what was not, every finding, and the verdict on the last line.
    With --only or --sample, a log can only be partly verified (exit 7).
    """
    if form == "json":
        click.get_current_context().meta[JSON] = True
    refuse_reference(target)
    policy = read_policy(trust) if trust is not None else None
    known = _overseers(overseers)
    report: BundleReport | Report
    if not is_url(target) and (target == STREAM or Path(target).is_file()):
        _refuse_for_a_bundle(options)
        of_bundle = _verified_bundle(target, policy, known, str(options["as_of"] or ""))
        report, value = of_bundle, _bundle(target, of_bundle)
    else:
        report = _log(target, policy, {**options, "overseers": known or ()})
        value = report.as_json()
    _, value["exit_code"] = verdict_of(report.findings, report.verdict != PARTLY, fail_on == "audit")
    raw = FORMATS[form](value) if form in FORMATS else None
    return Outcome(value, lines, value["exit_code"], raw)


def _refuse_for_a_bundle(options: dict[str, Any]) -> None:
    for name in OF_A_LOG:
        if options[name] not in (None, ()):
            words = f"--{name.replace('_', '-')}: works only for a log, and this is the bundle of one gift; leave it out"
            raise UsageError(words, rule="usage", where=name)


def _log(target: str, policy: Policy | None, options: dict[str, Any]) -> Report:
    if not is_url(target) and not Path(target).is_dir():
        raise NotFound(f"{target}: no such file or directory; name a ledger, export or bundle", rule="target", where=target)
    if options["seed"] is not None and options["sample"] is None:
        raise UsageError("--seed: works only with --sample; give both, or leave it out", rule="usage", where="seed")
    if options["save"] and (options["at_size"] or options["only"] or options["sample"]):
        words = "--save: saves only a log that was verified completely; leave out --at-size, --only and --sample"
        raise UsageError(words, rule="usage", where="save")
    if options["challenge"] and (policy is None or options["at_size"] or options["only"] or options["sample"]):
        words = "--challenge: needs --trust, and is judged by the whole log; leave out --at-size, --only and --sample"
        raise UsageError(words, rule="usage", where="challenge")
    report, note = _verified(target, policy, options)
    if options["save"]:
        _save(Path(options["save"]), note, report)
    return report


def _verified(target: str, policy: Policy | None, options: dict[str, Any]) -> tuple[Report, bytes]:
    """Verify a log. Raises Unverifiable if its database cannot be read, which is not a verdict."""
    seed = options["seed"] if options["seed"] is not None else secrets.randbits(SEED_BITS)
    scope = scope_of(options["only"], 1.0 if options["sample"] is None else options["sample"], seed)
    earlier = [_seen(name, policy) for name in options["since"]]
    try:
        counter = Counter("verifying", _to_go_on(options["state"]))
        with closing(open_source(target)) as source, hinting_at_http(target, source), counter as count:
            kept, unreadable = _kept_here(source, policy)
            judging = _judging(options["challenge"], source, policy)
            report = verify(
                source, policy, as_of=options["as_of"] or "", now=utc_now(), earlier=[*kept, *earlier, *judging.checkpoints],
                questions=[judging] if options["challenge"] else (),
                at_size=options["at_size"], scope=scope, overseers=options["overseers"],
                requirements=_requirements(options["requirements"]), timestamp_roots=roots_in(options["timestamp_roots"]),
                jobs=options["jobs"] or cores(), state=Path(options["state"]) if options["state"] else None, progress=count,
            )  # fmt: skip
            challenges = tuple(outcome.as_json() for outcome in judging.outcomes)
            report = report._replace(not_checked=(*unreadable, *report.not_checked), challenges=challenges)
            return report, source.checkpoint() if report.origin else b""
    except StorageError as error:
        if error.rule != MALFORMED and not (error.rule == "storage" and Path(error.where).name == DATABASE):
            raise
        raise Unverifiable(error.message, rule=error.rule, where=error.where) from None


def _overseers(name: str | None) -> Known | None:
    """The overseers in a file, None if none is named. Raises UsageError, FormatError, SizeError, with the file's name."""
    if name is None:
        return None
    with naming(spoken(name)):
        return parse_overseers(read_foreign(name, MAX_OVERSEERS_BYTES))


def _requirements(name: str | None) -> Books | None:
    """The requirements and rates in a file. Raises UsageError, FormatError, SizeError, with the file's name."""
    if name is None:
        return None
    with naming(spoken(name)):
        return parse_requirements(read_foreign(name, MAX_REQUIREMENTS_BYTES))


def _to_go_on(state: str | None) -> str:
    """The command to type after an interrupt."""
    return f"{AGAIN}: it continues from {plain(state)}" if state else f"{AGAIN}; with --state DIR it could continue here"


def _seen(name: str, policy: Policy | None) -> KnownCheckpoint:
    """A checkpoint that was saved before, or is from a bundle or a proof. It must be signed as the policy requires, or be from a
    log that the policy does not name and that the verified log may continue. Raises UsageError without a policy; and what
    `note_kept` and `Policy.check` raise, with the file's name."""
    if policy is None:
        raise UsageError("--since: needs --trust, which says whose signatures count; give both", rule="usage", where="since")
    raw = read_foreign(name, KEPT_BYTES)
    with naming(spoken(name)):
        note = note_kept(raw)
        checkpoint = checkpoint_in(note)
        known = any(log.vkey.name == checkpoint.origin for log in policy.logs)
        return KnownCheckpoint(name, policy.check(note) if known else checkpoint, note)


def _judging(names: tuple[str, ...], source: Source, policy: Policy | None) -> ChallengeQuestion:
    """The question what becomes of the challenges in these files. Raises UsageError, and what `parse_challenge` raises for a file
    that is not a challenge, with the file's name; a challenge whose promise is false is refused, which is not an error."""
    posed = []
    for name in names:
        assert policy is not None, "checked before"
        raw = read_foreign(name, CHALLENGE_BYTES)
        with naming(spoken(name)):
            posed.append(pose(spoken(name), raw, policy, source))
    return ChallengeQuestion(posed)


def _kept_here(source: Source, policy: Policy | None) -> tuple[list[KnownCheckpoint], list[str]]:
    """For a ledger's own directory, the checkpoints that this machine keeps outside it; see `kept_here`."""
    if policy is None or is_url(source.name) or not holds_store(source.name):
        return [], []
    from ledger.audit.local_checkpoints import kept_here, not_readable  # a folder is verified without SQLite and the writer

    return list(kept_here(source, policy)), list(not_readable(policy))


def _save(path: Path, note: bytes, report: Report) -> None:
    """Save the checkpoint of a verified log, but never over one of another log or of a later state. Raises Conflict."""
    if report.exit_code:
        hint(f"{plain(path)}: was not written, because the log is not verified")
        return
    if os.path.lexists(path):
        kept = checkpoint_in(read_foreign(str(path), MAX_NOTE_BYTES))
        if kept.origin != report.origin or kept.tree_size > report.tree_size:
            words = f"{path}: has a checkpoint of {kept.origin} at {kept.tree_size} entries; name another file for {report.origin}"
            raise Conflict(f"{words} at {report.tree_size}", rule="save", where=str(path))
    write_durably(path, note)
    so_far().made = f"{plain(path)} is written"
    hint(f"{plain(path)}: the checkpoint of {entries(report.tree_size)}; next time: --since {plain(path)}")


def _verified_bundle(target: str, policy: Policy | None, overseers: Known | None, as_of: str) -> BundleReport:
    """Verify a bundle; every error names the file. Raises FormatError (`bundle`) if a web page was saved instead."""
    raw, name = read_foreign(target, BUNDLE_BYTES), spoken(target)
    if raw.lstrip(WEB_PAGE_BEFORE).startswith(b"<"):
        words = "is a web page, not a trace bundle; open the gift's page and download the trace bundle itself"
        raise FormatError(f"{name}: {words}", rule="bundle", where=name)
    with naming(name):
        return verify_bundle(raw, policy, overseers, as_of, utc_now())


def _gift(trace: GiftTrace) -> JsonObject:
    totals = trace.totals()
    disputed = to_text(totals["disputed"], trace.exponent, trace.unit) if "disputed" in totals else None
    return {
        "ref": trace.ref, "signed": to_text(trace.signed, trace.exponent, trace.unit),
        "given": to_text(trace.amount, trace.exponent, trace.unit), "disputed": disputed,
        "sentence": sentence(trace), "totals": totals,
    }  # fmt: skip


def _bundle(target: str, report: BundleReport) -> JsonObject:
    value = report._asdict()
    trace, entries = value.pop("trace"), value.pop("entries")
    gift = _gift(trace) if trace is not None else None
    findings = [finding.as_json() for finding in report.findings]
    said = {
        "checked": {"entries": entries}, "gift": gift, "not_checked": list(report.not_checked), "findings": findings,
        "cosigned_by": [one._asdict() for one in report.cosigned_by], "passed_over": list(report.passed_over),
    }  # fmt: skip
    return {"target": target, **value, **said}
