"""The verifier in the browser and the command line say the same of every bundle: verdict, findings, sentence, sums."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random

import pytest

from ledger.bundle.trace_bundle import make_bundle
from ledger.entries.store_flows import StoreFlows
from ledger.log.tile import CHECKPOINT
from tests.audit.mirror import GIFT, Small, bundled, edited, make_small
from tests.bundle import test_bundle
from tests.golden.reading import GOLDEN, MUTATIONS, golden
from tests.trace.telling import PLACE, UNEVEN, Telling
from tests.verifier.asking import Case, Said, check_alike
from tests.verifier.tampering import changed, flipped, forged, without_some
from tests.writer.on_disk import TRUST, OnDisk

TRUSTED = TRUST.format().decode()
SMALL, LARGE = (60, 10_000), (10**14, 2**53)
"""What comes in is at most so many units at a time; by numbers below this one it is chosen what is done."""
FILLED = {"general": 89, "school": 46, "books": 40}
"""How many of the largest gifts come into a fund before; those of a project together are below 2^53."""
MUCH_LATER = "2027-06-01"
"""By then, what the random ledgers wait for is overdue: their own days are few."""
GOLDEN_POLICY = (GOLDEN / "trust.policy").read_text()
BUNDLES = {name: (GOLDEN / f"{name}.json").read_bytes() for name in golden("report.json")["bundles"]}


def verdicts(said: list[Said]) -> Counter[str]:
    return Counter(one.verdict for one in said)


@contextmanager
def own_state() -> Iterator[Path]:
    """A folder in which ledgers keep what they keep outside their directory."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", f"{place}/state")
        yield Path(place)


@cache
def small() -> Small:
    with own_state() as place:
        return make_small(place)


def test_the_golden_bundles_and_every_mutation_of_them():
    cases = [Case(name, bundle, GOLDEN_POLICY) for name, bundle in BUNDLES.items()]
    suites = [golden(f"mutations/{name}.json") for name in MUTATIONS]
    cases += [
        Case(suite["name"], suite["bundle"].encode(), suite.get("policy", GOLDEN_POLICY)) for suite in suites if "bundle" in suite
    ]
    said = verdicts(check_alike(cases))
    assert said == {"verified": 4, "failed": 12, "could not verify": 2}


@pytest.mark.parametrize("many", [20, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", list(BUNDLES))
def test_golden_bundles_with_bits_flipped_and_values_changed(name: str, many: int):
    chance, bundle = Random(name), BUNDLES[name]
    cases = [*flipped(name, bundle, GOLDEN_POLICY, chance, many), *changed(name, bundle, GOLDEN_POLICY, chance, many)]
    cases += without_some(name, bundle, GOLDEN_POLICY)
    cases += [Case(f"{name}: cut off at {length}", bundle[:length], GOLDEN_POLICY) for length in range(0, len(bundle), 4001)]
    said = verdicts(check_alike(cases))
    assert said["failed"] > many // 4 and said["could not verify"] > many // 4


@pytest.mark.parametrize("many", [60, pytest.param(600, marks=pytest.mark.long)])
def test_a_small_bundle_with_bits_flipped_and_values_changed(many: int):
    chance, bundle = Random(3), small().bundle
    cases = [Case("as it is", bundle, TRUSTED), Case("without a policy", bundle, "")]
    cases += flipped("small", bundle, TRUSTED, chance, many)
    cases += changed("small", bundle, TRUSTED, chance, many)
    said = verdicts(check_alike(cases))
    assert said["failed"] > many // 4 and said["could not verify"] > many // 4


def test_what_the_tests_of_the_audit_do_to_a_bundle():
    cases = [
        Case(f"gift {gift}", test_bundle.changed(small(), gift=gift), TRUSTED) for gift in ("3.1", "0.0", "9.0", "", "3.00", "-3.0")
    ]
    ranges = test_bundle.parse_bundle(small().bundle).ranges
    cases += [Case(name, test_bundle.changed(small(), ranges=claim(ranges)), TRUSTED) for name, claim in test_bundle.CLAIMS.items()]
    for name, (index, edit) in test_bundle.CROOKED.items():
        entries = [edited(raw, edit) if at == index else raw for at, raw in enumerate(small().entries)]
        cases.append(Case(name, bundled(entries, GIFT, ranges), TRUSTED))
    for name, moves in test_bundle.COLLUSION.items():
        more = [test_bundle.allocated(small(), number, *move) for number, move in enumerate(moves)]
        cases.append(Case(name, bundled([*small().entries, *more], GIFT, []), TRUSTED))
    garbage = [b"", b"{}", b"[]", b"null", b'"x"', b"\xff", b"{" * 2000, test_bundle.EMPTY, small().bundle + b"\n"]
    cases += [Case(repr(raw[:20]), raw, TRUSTED) for raw in garbage]
    assert "verified" not in verdicts(check_alike(cases))


@cache
def told(seed: int) -> tuple[list[bytes], dict[str, bytes]]:
    """A ledger of random steps, which the books allowed: its entries, and the bundle of every gift. Of the odd ones amounts are up
    to 10^14 and positions up to 2^53 - 1, because some tapes are half full before."""
    chance, (most, draw) = Random(seed), LARGE if seed % 2 else SMALL
    with own_state() as place:
        ledger = OnDisk(place / "ledger")
        ledger.play(PLACE)
        if seed % 2:
            for fund, many in FILLED.items():
                gifts = [f"donation {10**14 - chance.randrange(9)} CNY -> {fund}" for _ in range(many)]
                ledger.play(f"hope: {'; '.join(gifts)}")
        kinds = ["gift"] * 4 + [chance.choice(UNEVEN) for _ in range(60)]
        drawn = [(kind, *(chance.randrange(draw) for _ in range(3))) for kind in kinds]
        # At the end, somebody acknowledges the whole of most payments and deliveries.
        drawn += [("receipt", at, 4 * chance.randrange(draw), chance.randrange(draw)) for at in range(20)]
        telling = Telling(ledger, most).tell(drawn)
        note = (ledger.directory / CHECKPOINT).read_bytes()
        store_flows = StoreFlows(ledger.sequencer.store, ledger.books)
        bundles = {gift.ref: make_bundle(store_flows, gift.ref, note) for gift in telling.gifts}
        entries = ledger.entries()
        ledger.close()
    return entries, bundles


@pytest.mark.parametrize("seed", range(4))
def test_ledgers_freshly_made_and_then_forged_by_everybody_together(seed: int):
    """The bundle of every gift; then nothing is signed falsely: what is found comes from what the entries say and move."""
    entries, bundles = told(seed)
    made = [Case(f"gift {ref} of ledger {seed}", bundle, TRUSTED) for ref, bundle in bundles.items()]
    assert verdicts(check_alike(made)) == {"verified": len(bundles)}
    late = check_alike(made, as_of=MUCH_LATER)
    assert verdicts(late) == {"verified": len(bundles)} and sum("is overdue" in one.sentence for one in late) > 1
    chance, cases = Random(seed), []
    for ref in chance.sample(list(bundles), 4):
        cases += forged(f"gift {ref} of ledger {seed}", entries, bundles[ref], chance, 15)
    said = verdicts(check_alike(cases))
    assert said["verified"] > 3 and said["failed"] > 3
