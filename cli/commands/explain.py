"""`givetrail explain`: what a finding of `verify`, an error, or a word means."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import click

from api.http.glossary import WORDS
from api.http.meanings import MEANINGS
from ledger.canonical import JsonObject
from ledger.errors import NotFound, shown
from ledger.findings.table import RULES

from ..command import Command
from ..outcome import Outcome
from ..screen import table

CLASSES = {
    "broken": "broken, so the verdict is failed (exit 3)", "unknown": "unknown, so the verdict is could not verify (exit 4)",
    "audit": "audit, which people judge (exit 5 with --fail-on audit)",
}  # fmt: skip
FOLDS = {"applies": "The record still counts.", "skips": "The record does not count.", "-": "It is not about a single record."}


@click.command("explain", cls=Command, on_ledger=False)
@click.argument("id_", metavar="[ID]", required=False)
def command(id_: str | None) -> Outcome:
    """Explain ID, the id of a finding or of an error (in brackets at its end), and say what to do; or a word of the glossary, such
    as the level of a receipt. Without ID, list all findings and errors."""
    if id_ is None:
        errors = [_error(name) for name in MEANINGS if name not in RULES]
        return Outcome({"findings": [_finding(name) for name in RULES], "errors": errors}, _list_lines)
    if id_ not in RULES and id_ not in MEANINGS and id_ not in WORDS:
        words = f"{shown(id_)}: is not a finding, an error or a word of the glossary{_near(id_)}; `givetrail explain` lists the ids"
        raise NotFound(words, rule="finding", where="id")
    value = {
        "id": id_, "word": WORDS.get(id_), "finding": _finding(id_) if id_ in RULES else None,
        "error": _error(id_) if id_ in MEANINGS else None,
    }  # fmt: skip
    return Outcome(value, _lines)


def _near(id_: str) -> str:
    near = get_close_matches(id_, {*RULES, *MEANINGS, *WORDS}, 3)
    return f" (near: {', '.join(sorted(near))})" if near else ""


def _finding(id_: str) -> JsonObject:
    rule = RULES[id_]
    return {
        "id": id_, "area": rule.area, "class": rule.kind, "conduct": rule.conduct, "fold": rule.fold, "means": rule.means,
        "do": rule.do,
    }  # fmt: skip


def _error(id_: str) -> JsonObject:
    means, do = MEANINGS[id_]
    return {"id": id_, "means": means, "do": do}


def _lines(value: JsonObject) -> Iterator[str]:
    word, finding, error = value["word"], value["finding"], value["error"]
    if word is not None:
        yield f"{'The word ' if finding or error else ''}{value['id']}: {word}"
    if finding is not None:
        yield f"{'The finding ' if word else ''}{value['id']}: {finding['means']}"
        yield f"Area: {finding['area']}. Class: {CLASSES[finding['class']]}. {FOLDS[finding['fold']]}"
        if finding["conduct"]:
            yield f"A record that names it in its `breach` is of class {CLASSES['audit']}."
        yield f"What to do: {finding['do']}"
    if error is not None:
        yield f"{'The error ' if finding or word else ''}{value['id']}: {error['means']}"
        yield f"What to do: {error['do']}"


def _list_lines(value: JsonObject) -> list[str]:
    findings = [(row["id"], row["class"], row["means"]) for row in value["findings"]]
    return table([*findings, *((row["id"], "error", row["means"]) for row in value["errors"])])
