"""The corpus as files: `python -m tests.attacks.make DIR` writes every case; without DIR it writes the page's tables.

    DIR/bundles/<case>.json, DIR/bundles/index.json     a bundle each, and what a verifier must say of it
    DIR/logs/<case>/…, DIR/logs/index.json              a folder laid out as C2SP tlog-tiles says each, and the same

Each index is a list of {"name", "does", "attacker", "auditor", "policy", "verdict", "exit"}: `policy` is the text of the trust
policy, empty for none. Where something must be found there is "expect": {"id", "class", "entry", "record"}, -1 for the whole; where
nothing can be, "unseen" says why. A log may have "earlier", checkpoints that the auditor kept, and "as_of", the day of judgement.
"defect" says why this program does not find it yet. Of each sort there are cases without any attack, whose `attacker` is empty.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.golden.forge import lay_out

from .adopted import ADOPTED
from .case import POLICY, REFUSED, UNSEEN, VERDICTS, WHOLE, Artefacts, Case
from .corpus import ALL, OWN, WRITTEN_IN, cases
from .forging import TRUST, crowded, story
from .scene import the_story

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "attacks.md"
TABLES = "<!-- From here on: python -m tests.attacks.make -->\n"
HEAD = "| attack | attacker holds | auditor holds | must find | what is done |\n|---|---|---|---|---|\n"


def described(case: Case) -> dict[str, Any]:
    """A case as an index has it."""
    outcome, artefacts = case.outcome, case.artefacts
    value: dict[str, Any] = {
        "name": case.name, "does": case.attack.does, "attacker": case.attack.attacker, "auditor": case.auditor,
        "policy": artefacts.policy.decode(), "exit": outcome.exit_code,
        "verdict": REFUSED if outcome.kind == REFUSED else VERDICTS[outcome.exit_code],
    }  # fmt: skip
    if outcome.expect:
        id, entry, record = outcome.expect
        value["expect"] = {"id": id, "class": outcome.kind, "entry": entry, "record": record}
    if outcome.kind == UNSEEN:
        value |= {"unseen": outcome.reason} | ({"needs": outcome.needs} if outcome.needs else {})
    if case.attack.defect and case == cases(case.attack)[0]:
        value["defect"] = case.attack.defect
    return {**value, **looked_at(artefacts)}


def looked_at(artefacts: Artefacts) -> dict[str, Any]:
    """What else the auditor of a log has in hand."""
    value: dict[str, Any] = {"earlier": [note.decode() for _, note in artefacts.earlier]} if artefacts.earlier else {}
    return {**value, **({"as_of": artefacts.as_of} if artefacts.as_of else {})}


def untouched() -> Iterator[tuple[dict[str, Any], Artefacts]]:
    """Logs and bundles that nobody has tampered with."""
    said = {"does": "Nothing is changed.", "attacker": "", "auditor": POLICY, "policy": TRUST.decode()}
    said |= {"exit": 0, "verdict": VERDICTS[0]}
    for name, log in (("story", story()), ("crowd", crowded())):
        yield {"name": f"untouched-{name}", **said}, log.artefacts()
    for name, raw in the_story().bundles.items():
        yield {"name": f"untouched-{name}", **said}, Artefacts(TRUST, bundle=raw)


def written(directory: Path) -> dict[str, int]:
    """Write every case below a directory; how many bundles and logs."""
    listed: dict[str, list[dict[str, Any]]] = {"bundles": [], "logs": []}
    every = [*untouched(), *((described(case), case.artefacts) for attack in ALL for case in cases(attack))]
    for value, artefacts in every:
        sort = "logs" if artefacts.files is not None else "bundles"
        listed[sort].append(value)
        files = artefacts.files if artefacts.files is not None else {f"{value['name']}.json": artefacts.bundle}
        lay_out(directory / sort / (value["name"] if sort == "logs" else ""), files)
    for sort, values in listed.items():
        index = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
        lay_out(directory / sort, {"index.json": index})
    return {sort: len(values) for sort, values in listed.items()}


def tables() -> str:
    """The corpus as the page lists it: a table for every file of attacks, and the names of what was taken over."""
    parts = []
    for module in WRITTEN_IN:
        rows = [row for attack in OWN if attack.run.__module__ == module.__name__ for row in rows_of(cases(attack))]
        title = " ".join((module.__doc__ or "").split())
        parts.append(f"## `{module.__name__.rpartition('.')[2]}`\n\n{title}\n\n{HEAD}{''.join(rows)}")
    names = textwrap.fill(", ".join(f"`{attack.name}`" for attack in ADOPTED), 140, break_on_hyphens=False)
    golden = "[golden.md](golden.md) says what they do and what must be found."
    parts.append(f"## Taken over from the golden ledger\n\n{golden}\n\n{names}\n")
    return "\n".join(parts)


def rows_of(heard: tuple[Case, ...]) -> Iterator[str]:
    """The rows of an attack, one for each auditor."""
    for number, case in enumerate(heard):
        name, does = (f"`{case.attack.name}`", case.attack.does) if not number else ("", "the same")
        holds = case.attack.attacker if not number else ""
        yield f"| {name} | {holds} | {case.auditor} | {answered(case, number)} | {does} |\n"


def answered(case: Case, number: int) -> str:
    """What must be found, in a cell."""
    outcome = case.outcome
    if outcome.kind == UNSEEN:
        return f"unseen: {outcome.reason}" + (f" It would take: {outcome.needs}" if outcome.needs else "")
    id, entry, record = outcome.expect or ("", WHOLE, WHOLE)
    where = "" if entry == WHOLE else f" {entry}" if record == WHOLE else f" {entry}.{record}"
    words = f"refused: `{id}`" if outcome.kind == REFUSED else f"`{id}`{where}"
    return f"{words}; not found yet: {case.attack.defect}" if case.attack.defect and not number else words


def main(*arguments: str) -> None:
    """Write the files to a directory, or the page's tables."""
    if arguments:
        counts = written(Path(arguments[0]))
        print(", ".join(f"{count} {sort}" for sort, count in counts.items()), "in", arguments[0])
        return
    before, line, _ = PAGE.read_text(encoding="utf-8").partition(TABLES)
    PAGE.write_text(before + line + tables(), encoding="utf-8")
    print(f"{len(OWN)} attacks and {len(ADOPTED)} of the golden ledger, in {PAGE.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
