"""Asks the verifier of api/verifier, in one Node process for many questions, and puts what Python says into the same words."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.books.gift import sentence
from ledger.bundle.verification import verify_bundle
from ledger.canonical import to_base64
from ledger.errors import InputError, Unverifiable
from ledger.log.policy import Policy

RUN = Path(__file__).with_name("run.mjs")
OLDEST_NODE = 20
TIMEOUT_S = 280


class Case(NamedTuple):
    """A bundle and the text of a policy, "" for none. `name` says what was done to it."""

    name: str
    bundle: bytes
    policy: str


class Said(NamedTuple):
    """What a verifier says: the verdict, the findings without their sentences, the gift in one sentence or "", the sums of its
    ranges, how many entries were read, whether witnesses have cosigned, the day as of which overdue items were judged, and what was
    not checked."""

    verdict: str
    findings: frozenset[tuple[str, int, int]]
    sentence: str
    totals: tuple[tuple[str, int], ...]
    entries: int
    witnessed: bool
    as_of: str
    not_checked: tuple[str, ...] = ()


def absent(what: str) -> None:
    """Skip a test for want of a program; in CI, where all of them are installed, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; CI has to install it")
    pytest.skip(what)


def node() -> str:
    """The path of Node; skips where there is none that is new enough."""
    path = shutil.which("node")
    if path is None:
        absent("node is not installed")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.match(r"v(\d+)", version)[1]) < OLDEST_NODE:
        absent(f"node is {version.strip()}; its WebCrypto has Ed25519 from v{OLDEST_NODE} on")
    return path


def ask(questions: Iterable[dict[str, Any]], run: Path = RUN) -> list[Any]:
    """The answers of run.mjs, or of a copy of it, in order."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    command = [node(), "--no-warnings", str(run)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def reports(cases: Sequence[Case], run: Path = RUN, **more: str) -> list[dict[str, Any]]:
    """What the browser's verifier answers on each bundle."""
    answers = ask(({"bundle": to_base64(case.bundle), "policy": case.policy, **more} for case in cases), run)
    assert len(answers) == len(cases)
    return answers


def unreadable(rule: str) -> Said:
    """What is said of bytes that are no bundle. Of those with several faults the two may come upon another first: where they
    were cut off, what is not canonical, what is not where it should be."""
    id = "bundle" if rule in ("bundle", "canonical", "missing") else rule
    return Said("could not verify", frozenset({(id, -1, -1)}), "", (), 0, False, "")


def said_in_javascript(report: dict[str, Any]) -> Said:
    """A report of the browser's verifier."""
    if not report["origin"]:
        (finding,) = report["findings"]
        return unreadable(finding["id"])
    found = frozenset((one["id"], one["entry"], one["record"]) for one in report["findings"])
    gift = report["gift"] or {"sentence": "", "totals": {}}
    totals, entries = tuple(gift["totals"].items()), report["checked"]["entries"]
    said = (gift["sentence"], totals, entries, report["witnessed"], report["as_of"])
    return Said(report["verdict"], found, *said, tuple(report["not_checked"]))


def said_in_python(case: Case, as_of: str = "") -> Said:
    """What `givetrail verify` says. Of bytes that it does not judge, a browser can only say that it could not verify."""
    try:
        policy = Policy.parse(case.policy.encode()) if case.policy else None
        report = verify_bundle(case.bundle, policy, as_of=as_of)
    except (InputError, Unverifiable) as error:
        return unreadable(error.rule)
    found = frozenset((one.rule, one.entry, one.record) for one in report.findings)
    gift = (sentence(report.trace), tuple(report.trace.totals().items())) if report.trace else ("", ())
    return Said(report.verdict, found, *gift, report.entries, report.witnessed, report.as_of, report.not_checked)


def check_alike(cases: Sequence[Case], as_of: str = "") -> list[Said]:
    """Both say the same of every bundle, to the last finding and the last word, on that day or on the bundle's last. What they
    say."""
    in_python = [said_in_python(case, as_of) for case in cases]
    in_javascript = [said_in_javascript(report) for report in reports(cases, as_of=as_of)]
    rows = zip(cases, in_python, in_javascript, strict=True)
    unlike = [f"{case.name}\n  python     {one}\n  javascript {other}" for case, one, other in rows if one != other]
    assert not unlike, "\n".join([f"{len(unlike)} of {len(cases)} bundles", *unlike[:10]])
    return in_python
