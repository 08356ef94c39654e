"""What stands in brackets at the end of an error is explained, as a finding is."""

from __future__ import annotations

import json

from api.http.glossary import WORDS
from api.http.meanings import MEANINGS
from ledger.books.levels import LEVELS
from ledger.findings.table import RULES


def test_every_id_is_explained(run):
    for id_ in {*MEANINGS, *RULES}:
        ended, value = run("explain", id_), json.loads(run("explain", id_, "--json").stdout)
        assert ended.exit_code == 0 and ended.stdout.count("What to do: ") == (id_ in RULES) + (id_ in MEANINGS)
        for known, said in ((RULES, value["finding"]), (MEANINGS, value["error"])):
            assert (said is not None) == (id_ in known)
            assert said is None or (said["means"] in ended.stdout and said["do"] in ended.stdout)
        assert ("names it in its `breach`" in ended.stdout) == (id_ in RULES and RULES[id_].conduct)


def test_all_ids_are_listed_once(run):
    listed = [line.split()[0] for line in run("explain").stdout.splitlines()]
    assert len(listed) == len(set(listed)) and set(listed) == {*MEANINGS, *RULES}


def test_no_other_id_is(run):
    assert run("explain", "disk_full").stderr.endswith("[finding]\n")
    assert "(near: breach" in run("explain", "brech").stderr


def test_every_word_is_explained_and_first(run):
    assert set(LEVELS) < WORDS.keys()
    for word, meaning in WORDS.items():
        ended = run("explain", word)
        assert ended.exit_code == 0 and ended.stdout.splitlines()[0].endswith(f"{word}: {meaning}")
    first, second, *_ = run("explain", "breach").stdout.splitlines()
    assert first.startswith("The word breach: a rule of conduct that a record breaks") and second.startswith("The finding breach: ")
