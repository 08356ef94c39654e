"""`python -m tests.mutations [NUMBER] [--seed SEED] [--in PATH] [--seconds S] [--again] [--learn [--tests PATH]]`:
see docs/how-to/mutate.md."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from tests.mutations.lines import Lines
from tests.mutations.mutants import TESTS_S, Mutants, Outcome, order
from tests.mutations.sites import Site, sites_of

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("ledger/books", "ledger/log", "ledger/audit", "ledger/store")
FILES = ("ledger/writer/sequencer.py",)
TESTS = ("books", "log", "audit", "store", "sequencer", "golden", "attacks", "trace", "recovery", "mirror")
KNOWN = ROOT / "build" / "mutations" / "lines.json"
ALIVE = KNOWN.with_name("alive.json")
NUMBER, SEED = 100, 20261129
QUICK = ["-m", "not long and not strangers", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", "--no-header"]


def paths() -> list[str]:
    """What is changed."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in found] + list(FILES)


def named(words: list[str], name: str, default: str) -> str:
    return words[words.index(name) + 1] if name in words else default


def where_and_what(site: Site) -> str:
    return f"{site.path}:{site.line}:{site.column} {site.function}: {site.what}"


def drawn(words: list[str]) -> list[Site]:
    """So many sites, by the seed."""
    within = named(words, "--in", "ledger")
    sites = [site for path in paths() if path.startswith(within) for site in sites_of(ROOT, path)]
    random.Random(int(named(words, "--seed", str(SEED)))).shuffle(sites)
    return sites[: int(words[0]) if words and words[0].isdigit() else NUMBER]


def main(words: list[str]) -> int:
    """Print what became of each, and how many were killed."""
    sites = [Site(*one) for one in json.loads(ALIVE.read_text())] if "--again" in words else drawn(words)
    if not sites:
        print("nothing to change: no run has left any alive, or no such path is covered")
        return 2
    tests_in = [named(words, "--tests", "")] if "--tests" in words else [f"tests/{name}" for name in TESTS]
    where = [*QUICK, *[str(ROOT / place) for place in tests_in]]
    if "--learn" in words or not KNOWN.exists():
        ended = pytest.main(where, plugins=[Lines(ROOT, paths(), KNOWN)])
        if ended:
            return int(ended)
    told = json.loads(KNOWN.read_text())
    outcomes: list[Outcome] = []
    seconds = float(named(words, "--seconds", str(TESTS_S)))

    def say(outcome: Outcome) -> None:
        outcomes.append(outcome)
        print(f"\n{outcome.how:9} {outcome.seconds:5.1f} s  {where_and_what(outcome.site)}", flush=True)

    pytest.main(where, plugins=[Mutants(ROOT, sites, order(told), say, seconds)])
    alive = [outcome.site for outcome in outcomes if not outcome.how.startswith("killed")]
    ALIVE.write_text(json.dumps(alive))
    print(f"\n{len(outcomes) - len(alive)} of {len(outcomes)} killed")
    for site in sorted(alive):
        print(f"  {where_and_what(site)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
