"""Every attack is answered as its case says: the finding, its class, the verdict, the exit code, and nothing besides."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ledger.findings.table import RULES

from .auditing import WAYS, Answer, audit
from .case import ATTACKERS, AUDITORS, POLICY, REFUSED, UNSEEN, VERDICTS, Artefacts, Attack, Case, Found, unknown
from .corpus import ALL, DEFECTS, OWN, cases
from .forging import crowded, story
from .scene import the_story

EXIT_CODES = {"broken": 3, "unknown": 4, "audit": 0}
# A server that sends a page in a file's place says that it has no such file.
SENT_AS_A_PAGE = {"tile-that-is-a-page", "checkpoint-no-note"}
NAMED = {"ids": lambda attack: attack.name}


@cache
def untouched() -> frozenset[Found]:
    """What an audit finds in the story's log as it is: a recovery, and what is overdue on its last day."""
    with TemporaryDirectory(prefix="givetrail-attacks-") as place:
        return frozenset(audit(story().artefacts(), Path(place)).found)


def check(case: Case, answer: Answer) -> None:
    """The answer is the one that the case asks for."""
    outcome = case.outcome
    if outcome.kind == REFUSED:
        assert (answer.verdict, answer.exit_code, set(answer.found)) == (REFUSED, outcome.exit_code, {outcome.expect})
        return
    check_classes(answer)
    assert (answer.exit_code, answer.verdict) == (outcome.exit_code, VERDICTS[outcome.exit_code]), answer
    found = set(answer.found) - untouched()
    if outcome.kind == UNSEEN:
        assert not found, answer
        return
    assert answer.found.get(outcome.expect) == outcome.kind in classes_of(outcome.expect[0]), answer
    assert outcome.more or found == {outcome.expect, *outcome.also} - untouched(), answer


def check_classes(answer: Answer) -> None:
    """Verdict and exit code follow from the classes of what was found, and these from the table."""
    assert all(kind in classes_of(found[0]) for found, kind in answer.found.items())
    worst = next((kind for kind in ("broken", "unknown") if kind in answer.found.values()), "audit")
    assert answer.exit_code == EXIT_CODES[worst], answer


def classes_of(id: str) -> set[str]:
    """The classes that a finding can have: a rule of conduct is `audit` where the record names it as broken."""
    return {RULES[id].kind, "audit"} if RULES[id].conduct else {RULES[id].kind}


# The mutations of the golden ledger differ in what the books say, which is judged in one place however the log is read.
BOTH = [
    pytest.param(attack, way, id=f"{attack.name}-{way}", marks=[pytest.mark.long] if attack not in OWN and way != "folder" else [])
    for attack in ALL if not attack.defect for way in WAYS
]  # fmt: skip


@pytest.mark.parametrize("attack,way", BOTH)
def test_the_attack_is_answered(attack: Attack, way: str, tmp_path: Path):
    for case in cases(attack):
        if way == "url" and attack.name in SENT_AS_A_PAGE:
            case = case._replace(outcome=unknown("missing"))
        check(case, audit(case.artefacts, tmp_path / case.name, **WAYS[way]))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "attack", [pytest.param(attack, marks=pytest.mark.xfail(strict=True, reason=attack.defect)) for attack in DEFECTS], **NAMED
)
def test_a_hole_in_the_verifier(attack: Attack, way: str, tmp_path: Path):
    """These are not found although they could be. When one is, take `defect` off the attack and make the page again."""
    case = cases(attack)[0]
    check(case, audit(case.artefacts, tmp_path / case.name, **WAYS[way]))


@pytest.mark.parametrize("way", WAYS)
def test_untouched_logs_and_bundles_verify(way: str, tmp_path: Path):
    for number, log in enumerate((story(), crowded())):
        answer = audit(log.artefacts(), tmp_path / f"log-{number}", **WAYS[way])
        assert (answer.verdict, answer.exit_code, set(answer.found)) == ("verified", 0, untouched())
    for name, raw in the_story().bundles.items():
        answer = audit(story().artefacts()._replace(files=None, bundle=raw), tmp_path, **WAYS[way])
        shown = {found for found in untouched() if name == "refunded" and found[0] == "return-against-receipt"}
        assert (answer.verdict, answer.exit_code, set(answer.found)) == ("verified", 0, shown), name


def test_the_corpus_is_large_and_its_names_are_its_own():
    names = [attack.name for attack in ALL]
    assert len(names) == len(set(names)) and len(OWN) >= 100
    assert len({case.name for attack in ALL for case in cases(attack)}) == sum(len(cases(attack)) for attack in ALL)
    for attack in ALL:
        assert attack.does.endswith(".") and attack.attacker in ATTACKERS and cases(attack), attack.name
        assert all(case.auditor in AUDITORS for case in cases(attack))


def fingerprint(artefacts: Artefacts) -> str:
    """A digest of all that is handed out."""
    files = sorted((artefacts.files or {}).items())
    return hashlib.sha256(repr(artefacts._replace(files=dict(files))).encode()).hexdigest()


def test_no_two_attacks_hand_out_the_same():
    """Each differs from all others in what the auditor gets, but for those that leave an honest log as it is."""
    honest = story().artefacts().files
    first: dict[tuple[str, ...], str] = {}
    for attack in ALL:
        handed_out = [case.artefacts for case in cases(attack)]
        digests = tuple(map(fingerprint, handed_out))
        assert handed_out[0].files == honest or digests not in first, (attack.name, first.get(digests))
        first[digests] = attack.name


def test_what_is_unseen_says_why_and_is_seen_by_somebody():
    """Either with something an auditor can hold, or with what is in no ledger and is named."""
    for attack in ALL:
        outcomes = [case.outcome for case in cases(attack)]
        for number, outcome in enumerate(outcomes):
            if outcome.kind == UNSEEN:
                assert outcome.reason.endswith("."), attack.name
                assert outcome.needs or any(later.kind != UNSEEN for later in outcomes[number + 1 :]), attack.name
        assert outcomes[0].kind != UNSEEN or cases(attack)[0].auditor == POLICY


def test_every_rule_has_an_attack():
    """But what a day, a clock, a list of known overseers, a challenge, the token of a timestamp or an unknown type of key raises, a
    silent server, and damage beside the log."""
    reached = {case.outcome.expect[0] for attack in ALL for case in cases(attack) if case.outcome.expect}
    assert set(RULES) - reached <= {
        "overdue-receipt", "future", "overseer-unknown", "inclusion-promise", "timestamp", "unknown-witness", "unreachable",
        "derived", "database",
    }  # fmt: skip
