"""The places where a kind has to be known besides its class, and what is missing there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from api.pages import names
from api.pages.locale import DEFAULT, LANGUAGES, voice_of
from ledger.books.record import KINDS
from ledger.books.rule import SETTLED, WORDS, Row
from ledger.canonical import parse
from ledger.findings.table import RULES
from tests.golden.reading import MUTATIONS, golden, golden_entries
from tests.verifier.asking import RUN, ask

TWINS = {
    "demands": "demands.js: DEMANDED", "moves": "rules.js: LEGS", "remembers": "memory.js: REMEMBERED",
    "nests": "rules.js: NESTING",
}  # fmt: skip


@cache
def in_javascript(run: Path = RUN) -> dict[str, set[str]]:
    """The words that the verifier in the browser has, by the name of their table."""
    (known,) = ask([{"known": True}], run)
    return {table: set(words) for table, words in known["words"].items()}


@cache
def in_golden() -> tuple[frozenset[str], frozenset[str]]:
    """The kinds of which the golden ledger has a record, or a mutation of it, and the rules that its mutations break."""
    cases = [golden(f"mutations/{name}.json") for name in MUTATIONS]
    lines = [*golden_entries(), *(one.encode() for case in cases for one in case.get("entries", ()) if isinstance(one, str))]
    return frozenset(_kinds(lines)), frozenset(case["expect"]["id"] for case in cases)


def _kinds(lines: Iterable[bytes]) -> Iterator[str]:
    for line in lines:
        try:
            yield from (record["kind"] for record in parse(line)["statement"]["records"])
        except Exception:  # A mutation may be no entry at all.
            continue


def words_in(rows: Iterable[Row]) -> Iterator[str]:
    """Every word of rows, those within them too."""
    for row in rows:
        yield row.word
        yield from words_in(arg for arg in row.args if isinstance(arg, Row))


def left_out(kind: str, run: Path = RUN) -> list[str]:
    """What a kind lacks, each with its place."""
    made: Any = KINDS[kind]
    words = sorted({*words_in(made.demands), *words_in(made.moves), *words_in(made.remembers)})
    return [*_without_words(kind), *_without_a_twin(words, run), *_without_a_vector(kind, words)]


def _without_words(kind: str) -> Iterator[str]:
    if kind not in names.KINDS:
        yield f"api/pages/names.py: KINDS has no words for `{kind}`"
        return
    for language in sorted(set(LANGUAGES) - {DEFAULT}):
        if voice_of(language).say(names.KINDS[kind]) == names.KINDS[kind]:
            yield f"api/pages/translations: {language} does not say {names.KINDS[kind]!r}"


def _without_a_twin(words: Iterable[str], run: Path) -> Iterator[str]:
    there = in_javascript(run)
    for word in words:
        place = TWINS[WORDS[word].does]
        if WORDS[word].decidable and word not in there[place.partition(": ")[2]]:
            yield f"api/verifier/{place} has no `{word}`"
        if word in SETTLED and word not in there["SETTLED"]:
            yield f"api/verifier/claims.js: SETTLED has no `{word}`"


def _without_a_vector(kind: str, words: Iterable[str]) -> Iterator[str]:
    there, broken = in_golden()
    if kind not in there:
        yield f"tests/golden/story.py: no record is a `{kind}`"
    for word in words:
        for rule in WORDS[word].breaks:
            if rule not in RULES:
                yield f"ledger/findings/table.py: RULES has no `{rule}`, which `{word}` breaks"
            elif rule not in broken:
                yield f"tests/golden: no mutation breaks `{rule}`, as `{word}` can"
