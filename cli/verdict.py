"""A verification's report for people and for programs: text, JSON, one JSON value per line, SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from ledger import __version__
from ledger.amount import to_text
from ledger.canonical import JsonObject
from ledger.findings.report import AUDIT_EXIT, PARTLY, PARTLY_EXIT, VERIFIED, spoken
from ledger.findings.table import RULES

from .screen import counted, entries, plain

HOLDS = (0, AUDIT_EXIT, PARTLY_EXIT)
COLOURS = {0: "green", 3: "red", 4: "yellow", AUDIT_EXIT: "yellow", PARTLY_EXIT: "yellow"}
LEVELS = {"broken": "error", "unknown": "warning", "audit": "note"}
ONE = {"entries": "entry"}
"""The counted things whose plural does not end in -s alone."""
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def lines(value: JsonObject) -> Iterator[str]:
    """The report as text. The first line has the day that decides what is overdue; the last line is the verdict."""
    root = f", root {value['root']}" if value.get("root") else ""
    day = f" as of {value['as_of']}" if value["as_of"] else ""
    yield f"{plain(value['target'])}{day}: {plain(value['origin'] or 'unknown log')}, {entries(value['tree_size'])}{root}"
    if value["cosigned_by"]:
        yield f"cosigned by {', '.join(map(_cosigned, value['cosigned_by']))}"
    yield from _signed(value.get("units", {}))
    if value.get("gift") and value["verdict"] == VERIFIED:
        yield _headline(value["gift"]["signed"], f"{value['gift']['given']} given", value["gift"]["disputed"])
        yield f"gift {value['gift']['ref']}: {value['gift']['sentence']}"
    if value["checked"]:
        yield "checked: " + ", ".join(counted(count, ONE.get(what, what[:-1]), what) for what, count in value["checked"].items())
    if count := value.get("unpublished"):
        yield f"unpublished: {entries(count)} more, saved but not published yet; the next record, or `givetrail witness`, publishes"
    if value.get("last_entry"):
        yield f"last entry: {value['last_entry']}{' (not published yet)' if value.get('unpublished') else ''}"
    if value.get("records"):
        yield "records: " + ", ".join(f"{kind} ({count})" for kind, count in value["records"].items())
    yield from _sums(value.get("units", {}))
    yield from map(_judged_by, value.get("judged_by", ()))
    if count := value.get("unreferenced"):
        words = "for which nobody besides its party and the operator said a rate; see /v1/unreferenced"
        yield f"without a reference: {counted(count, 'exchange')}, {words}"
    yield from map(_challenge, value.get("challenges", ()))
    yield from map(_stamp, value.get("stamps", ()))
    yield from map(_bounds, value.get("bounds", ()))
    yield from value["not_checked"]
    yield from _findings(value)
    yield _verdict(value)


def _cosigned(row: JsonObject) -> str:
    time = f"{row['time'][:10]} {row['time'][11:-1]} UTC" if row["time"] else "after the year 9999"
    return f"{plain(row['witness'])} ({time}{', ahead of the clock here' if row['ahead'] else ''})"


def _signed(units: dict[str, dict[str, int]]) -> Iterator[str]:
    """The headline: how much of what was spent was signed by somebody else."""
    for unit, sums in units.items():
        if sums["spent"] or sums["disputed"]:
            signed, spent, disputed = (to_text(sums[which], sums["exponent"], unit) for which in ("signed", "spent", "disputed"))
            yield _headline(signed, f"{spent} spent", disputed if sums["disputed"] else None)


def _headline(signed: str, whole: str, disputed: str | None) -> str:
    return f"signed by somebody else: {signed} of {whole}" + (f"; {disputed} disputed" if disputed else "")


def _challenge(row: JsonObject) -> str:
    record = f" by {row['record']}" if row["record"] else ""
    return f"challenge {plain(row['name'])}: {row['outcome']}{record}: {plain(row['why'])}"


def _sums(units: dict[str, dict[str, int]]) -> Iterator[str]:
    for unit, sums in units.items():
        given, left = (to_text(sums[which], sums["exponent"], unit) for which in ("given", "left"))
        gifts = f"{given} given in {counted(sums['gifts'], 'gift')}, " if sums["gifts"] else ""
        if gifts or sums["left"]:
            yield f"funds: {gifts}{left} left"


def _judged_by(row: JsonObject) -> str:
    own = ", about itself" if row["own"] else ""
    return f"judged by: {row['name']} of {row['place']}, said by {row['by']} ({row['ref']}){own}"


def _stamp(row: JsonObject) -> str:
    where = "not recorded" if row["entry"] is None else f"recorded in entry {row['entry']}"
    said = f"timestamp: {entries(row['size'])}, stamped at {row['time']} by {plain(row['authority'])}; {where}"
    return f"{said}; {'verified' if row['verified'] else row['why']}"


def _bounds(row: JsonObject) -> str:
    which = f"entry {row['first']}" if row["first"] == row["last"] else f"entries {row['first']} to {row['last']}"
    sides = [f"after {row['after']}" if row["after"] else "", f"before {row['before']}" if row["before"] else ""]
    return f"{which}: made {' and '.join(filter(None, sides)) or 'at a time that no verified timestamp bounds'}"


def _findings(value: JsonObject) -> Iterator[str]:
    for finding in value["findings"]:
        bold = click.style(finding["id"], bold=True)
        yield f"finding: {finding['class']} {bold} at {_where(finding)}: {plain(finding['message'])}"
    if left := value.get("left_out"):
        yield f"finding: {sum(left.values())} more, not listed: " + ", ".join(f"{rule} ({count})" for rule, count in left.items())
    if value["findings"]:
        yield "`givetrail explain ID` says what a finding means"
    for note in value.get("evidence", ()):
        yield f"evidence: {plain(note['name'])}"
        yield from (f"  {plain(line)}" for line in note["note"].splitlines())


def _where(finding: JsonObject) -> str:
    entry, record = finding["entry"], finding["record"]
    return "log" if entry < 0 else f"entry {entry}" if record < 0 else f"{entry}.{record}"


def _verdict(value: JsonObject) -> str:
    words = spoken(value["verdict"], value["witnessed"])
    count = sum(finding["class"] == "audit" for finding in value["findings"])
    if value["exit_code"] in HOLDS:
        words += f" ({', '.join(value['areas'])})" if value["verdict"] == PARTLY else ""
        words += f", with {counted(count, 'audit finding')}" if count else ""
    return click.style(words, fg=COLOURS[value["exit_code"]], bold=True)


def as_ndjson(value: JsonObject) -> bytes:
    """One line for each finding, then one for the rest of the report, which has the verdict."""
    rest = {name: member for name, member in value.items() if name != "findings"}
    rows = [{"type": "finding", **finding} for finding in value["findings"]] + [{"type": "report", **rest}]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_sarif(value: JsonObject) -> bytes:
    """A SARIF log of one run: the findings are its results, the verdict is in its properties."""
    about = (
        "as_of", "verdict", "witnessed", "areas", "checked", "not_checked", "origin", "tree_size", "root", "left_out",
        "unpublished", "last_entry", "unreferenced", "cosigned_by", "passed_over",
    )  # fmt: skip
    run = {
        "tool": {"driver": {"name": "givetrail", "version": __version__, "rules": [_rule(name) for name in RULES]}},
        "invocations": [{"executionSuccessful": value["exit_code"] in HOLDS, "exitCode": value["exit_code"]}],
        "results": [_result(value, finding) for finding in value["findings"]],
        "properties": {name: value[name] for name in about if name in value},
    }
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2).encode() + b"\n"


def _rule(name: str) -> JsonObject:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.means},
        "help": {"text": rule.do},
        "defaultConfiguration": {"level": LEVELS[rule.kind]},
        "properties": {"class": rule.kind, "area": rule.area},
    }


def _result(value: JsonObject, finding: JsonObject) -> JsonObject:
    logical = {"fullyQualifiedName": _where(finding), "kind": "record" if finding["record"] >= 0 else "entry"}
    physical = {"artifactLocation": {"uri": value["target"]}}
    return {
        "ruleId": finding["id"],
        "level": LEVELS[finding["class"]],
        "message": {"text": finding["message"]},
        "locations": [{"physicalLocation": physical, "logicalLocations": [logical]}],
    }
