"""Each kind is known wherever it has to be, and nothing is known there that no kind says."""

from __future__ import annotations

import pytest

from ledger.books import kinds
from ledger.books.record import KINDS
from ledger.books.rule import SETTLED, WORDS
from tests.rules.places import TWINS, in_javascript, left_out, words_in

assert kinds, "importing the package registers the kinds"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_is_known_wherever_it_has_to_be(kind: str):
    missing = left_out(kind)
    assert not missing, "\n".join(missing)


def test_every_word_is_said_by_some_kind():
    said = {word for made in KINDS.values() for rows in (made.demands, made.moves, made.remembers) for word in words_in(rows)}
    assert set(WORDS) == said


def test_javascript_has_the_words_that_a_bundle_decides_and_no_others():
    for does, place in TWINS.items():
        wanted = {word.name for word in WORDS.values() if word.does == does and word.decidable}
        assert in_javascript()[place.partition(": ")[2]] == wanted, place
    assert in_javascript()["SETTLED"] == set(SETTLED), "claims.js"
