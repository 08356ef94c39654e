"""`givetrail explain`: what a finding of `verify` means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ledger.audit.finding import RULES
from ledger.errors import NotFound, shown

from ..command import Command
from ..outcome import Outcome
from ..screen import table

CLASSES = {
    "broken": "broken: the verdict is failed (exit 3)", "unknown": "unknown: the verdict is could not verify (exit 4)",
    "audit": "audit: for people to judge (exit 5 with --fail-on audit)",
}  # fmt: skip
FOLDS = {"applies": "The record is applied all the same.", "skips": "The record is left out.", "-": "It concerns no single record."}


@click.command("explain", cls=Command, on_ledger=False)
@click.argument("id_", metavar="[ID]", required=False)
def command(id_: str | None) -> Outcome:
    """Say what the finding ID means, and what to do; without ID, list them all."""
    if id_ is None:
        return Outcome({"findings": [_value(name) for name in RULES]}, _list_lines)
    if id_ not in RULES:
        raise NotFound(f"finding {shown(id_)}: no such id; `givetrail explain` lists them all", rule="finding", where="id")
    return Outcome(_value(id_), _lines)


def _value(id_: str) -> dict[str, Any]:
    rule = RULES[id_]
    return {"id": id_, "area": rule.area, "class": rule.kind, "fold": rule.fold, "means": rule.means, "do": rule.do}


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{value['id']}: {value['means']}"
    yield f"Of {value['area']}. Class {CLASSES[value['class']]}. {FOLDS[value['fold']]}"
    yield f"What to do: {value['do']}"


def _list_lines(value: dict[str, Any]) -> list[str]:
    return table([(row["id"], row["class"], row["means"]) for row in value["findings"]])
