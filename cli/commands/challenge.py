"""`givetrail challenge`: whether an inclusion promise was kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import click

from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.entries.inclusion_promise import ENVELOPE_BYTES, Signed, open_inclusion_promise
from ledger.errors import Unverifiable, UsageError, VerificationError
from ledger.findings.report import Report
from ledger.inclusion_promises.challenge import format_challenge, has_passed, make_challenge
from ledger.inclusion_promises.judging import unreliable
from ledger.inclusion_promises.search import Answer, SearchQuestion
from ledger.log.policy import Policy
from ledger.log_files.source import Source

from ..command import Command
from ..done_so_far import AGAIN, so_far
from ..files import STREAM, read_foreign, spoken, write_bytes
from ..outcome import Outcome
from ..remote import hinting_at_http, naming, read_policy, refuse_reference
from ..screen import Counter, cores, entries, plain

KEPT, BROKEN, ABSENT = "kept", "broken", "not there"


@click.command("challenge", cls=Command, on_ledger=False)
@click.argument("receipt")
@click.argument("target")
@click.option("--trust", metavar="FILE", required=True, help="The trust policy: the log key and witnesses that you trust.")
@click.option(
    "-o", "--output", metavar="FILE", help="The challenge file to write if the gift is missing. Default: RECEIPT.challenge.json."
)
def command(receipt: str, target: str, trust: str, output: str | None) -> Outcome:
    """Look for the gift of the inclusion promise RECEIPT (a file) in TARGET: a ledger's directory, an exported folder, or the
    address of a log.

    It ends with 0 if the gift is there as promised. It ends with 3 if it is there, but late or different; or if it is not there
    after the time promised: then it writes a challenge file. It ends with 4 if the time is not over yet.
    """
    if output == STREAM:
        raise UsageError("-o -: the challenge goes to a file; name one", rule="usage", where="output")
    refuse_reference(target)
    policy = read_policy(trust)
    raw = read_foreign(receipt, ENVELOPE_BYTES)
    with naming(spoken(receipt)):
        signed = open_inclusion_promise(raw)
    counter = Counter("verifying", AGAIN)
    with closing(open_source(target)) as source, hinting_at_http(target, source), counter as count:
        report, answer = _asked(signed, source, policy, count)
        if answer.refused:
            raise VerificationError(f"{spoken(receipt)}: {answer.refused}", rule="inclusion-promise-false")
        if answer.ref:
            return _found(signed, report, answer)
        return _not_found(signed, report, source, policy, output or f"{receipt.removesuffix('.json')}.challenge.json")


def _asked(signed: Signed, source: Source, policy: Policy, count: Counter) -> tuple[Report, Answer]:
    """What a whole verification says, and the log's answer. Raises Unverifiable if nothing that the log says counts."""
    search = SearchQuestion([signed])
    report = verify(source, policy, now=utc_now(), questions=[search], jobs=cores(), progress=count)
    fault = unreliable(report)
    if fault is not None or not search.answers:
        why = f"{fault.rule} at {fault.where}: {fault.message}" if fault else "it could not be read to its end"
        words = f"the log cannot be relied on ({why}); run `givetrail verify`, which says more"
        raise Unverifiable(words, rule=fault.rule if fault else "missing")
    return report, search.answers[0]


def _found(signed: Signed, report: Report, answer: Answer) -> Outcome:
    faults = answer.faults(signed.promise)
    told = {
        "outcome": BROKEN if faults else KEPT, "record": answer.ref, "entered_at": answer.entered_at, "gift": answer.said,
        "void": answer.void, "faults": list(faults), "challenge": None,
    }  # fmt: skip
    return Outcome(_value(signed, report) | told, _lines, VerificationError.exit_code if faults else 0)


def _not_found(signed: Signed, report: Report, source: Source, policy: Policy, output: str) -> Outcome:
    """Write the challenge file if its checkpoint proves that the time is over. Raises Unverifiable otherwise."""
    challenge, enter_by = make_challenge(signed, source), signed.promise.enter_by
    passed = has_passed(challenge, policy)
    if not passed:
        raise Unverifiable(_wait(enter_by, utc_now()), rule="inclusion-promise-waits")
    write_bytes(output, format_challenge(challenge))
    so_far().made = f"{plain(output)} is written"
    told = {
        "outcome": ABSENT, "record": "", "entered_at": "", "gift": "", "void": False,
        "faults": [f"{enter_by} has passed: {passed}"], "challenge": output,
    }  # fmt: skip
    return Outcome(_value(signed, report) | told, _lines, VerificationError.exit_code)


def _wait(enter_by: str, now: str) -> str:
    if now <= enter_by:
        return f"the gift is not in the log yet, and was promised by {enter_by}; ask again after that"
    return (
        f"the gift is not in the log, and was promised by {enter_by}. By this computer's clock that is over, but nothing in the "
        "log proves it yet: ask again when the log has a later entry, or a checkpoint that the policy's witnesses cosigned later"
    )


def _value(signed: Signed, report: Report) -> JsonObject:
    promise = signed.promise.model_dump()
    return {"target": report.target, "origin": report.origin, "tree_size": report.tree_size, "inclusion_promise": promise}


def _lines(value: JsonObject) -> Iterator[str]:
    promise = value["inclusion_promise"]
    yield f"{plain(promise['party'])} promised reference {plain(promise['reference'])} by {promise['enter_by']}"
    if value["record"]:
        void = "; it was declared void since" if value["void"] else ""
        yield f"{value['record']}: {plain(value['gift'])}, entered at {value['entered_at']}{void}"
    else:
        yield f"not among the {entries(value['tree_size'])} of {plain(value['origin'])}"
    yield from map(plain, value["faults"])
    if value["challenge"]:
        yield f"{plain(value['challenge'])}: the challenge; anyone can judge it with `givetrail verify --challenge`"
    yield "inclusion promise kept" if value["outcome"] == KEPT else "inclusion promise broken"
