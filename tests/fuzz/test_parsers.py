"""Every target of the table under Hypothesis: valid bytes, changed, are accepted or refused in words, and none for ever."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.examples import examples
from tests.fuzz.known import is_known
from tests.fuzz.mutation import SHAPES, mutated
from tests.fuzz.targets import TARGETS, judged

PATIENCE_S = 60
EXAMPLES = 400
# A whole audit takes as long as a hundred readings of a note.
SLOW = {"audit": 40, "verify-bundle": 250, "bundle": 250}

NEVER_RAISE = {"examine", "brief", "audit"}


@contextmanager
def ending() -> Iterator[None]:
    """Turns a reading that does not end into a failure. Nothing is measured: the slowest takes a hundredth of this."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError(f"has not ended after {PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(name: str, raw: bytes) -> str:
    """What a target answers: accepted, or the rule. Raises what it raises otherwise, unless it is known."""
    try:
        with ending():
            error = judged(name, raw)
    except Exception as error:
        if is_known(name, error):
            return "known"
        raise
    return error.rule if error else "accepted"


@pytest.mark.parametrize("name", TARGETS)
def test_examples_are_accepted(name: str):
    seeds = examples(name)
    for raw in seeds[:: 1 + len(seeds) // 20]:
        assert judged(name, raw) is None


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_do_harm(name: str):
    seeds = examples(name)

    @settings(
        max_examples=SLOW.get(name, EXAMPLES), derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from(seeds), st.randoms(use_true_random=False))
    def attack(raw: bytes, chance: Random) -> None:
        tried(name, mutated(raw, TARGETS[name].shape, chance, seeds))

    attack()


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(raw=st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_any_bytes_do_no_harm(name: str, raw: bytes):
    tried(name, raw)


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in NEVER_RAISE])
def test_changes_reach_behind_the_first_check(name: str):
    """Changed bytes that are all refused for one reason, or all accepted, would test nothing."""
    seeds, chance = examples(name), Random(1)
    answers = {tried(name, mutated(chance.choice(seeds), TARGETS[name].shape, chance, seeds)) for _ in range(150)}
    assert len(answers) > 1, answers


@pytest.mark.parametrize("shape", SHAPES)
def test_changes_repeat_and_differ(shape: str):
    raw, others = examples("gifts")[3], examples("gifts")
    once = [mutated(raw, shape, Random(seed), others) for seed in range(50)]
    assert once == [mutated(raw, shape, Random(seed), others) for seed in range(50)]
    assert len(set(once)) > 40


def test_what_fails_is_seen(monkeypatch: pytest.MonkeyPatch):
    def broken(raw: bytes) -> None:
        raise KeyError(raw)

    monkeypatch.setitem(TARGETS, "note", TARGETS["note"]._replace(read=broken))
    with pytest.raises(KeyError):
        tried("note", b"x")
