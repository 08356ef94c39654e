"""A signal breaks a call off in the middle, and the process goes on: nothing is built on what was not committed."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledger.errors import ReadOnly
from ledger.writer.sequencer import Answer
from tests.writer.on_disk import OnDisk, a_gift
from tests.writer.test_kill import check_signed, check_whole

SEED = 3


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """KeyboardInterrupt at some moment within, or never, when it took less."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_call_broken_off_at_any_moment_leaves_a_ledger_that_goes_on_truly(town: OnDisk):
    chance = random.Random(SEED)
    for _ in range(25):
        gifts = [a_gift(town, chance.randrange(1, 1000)) for _ in range(150)]
        try:
            with interrupted_after(chance.uniform(0.001, 0.08)):
                town.sequencer.submit(gifts)
        except KeyboardInterrupt:
            pass
        try:
            answers = town.sequencer.submit(gifts)
        except ReadOnly as refused:
            assert "open the ledger again" in refused.message
            answers = town.reopen().sequencer.submit(gifts)
        assert all(isinstance(answer, Answer) for answer in answers)
        assert len({answer.index for answer in answers}) == 150
    assert town.reopen().sequencer.tree_size == 4 + 25 * 150
    check_signed(town)
    check_whole(town.directory)


def test_a_source_of_statements_that_fails_leaves_a_ledger_that_goes_on(town: OnDisk):
    """Whoever makes the statements may raise in the middle; the groups before are durable, and signed with the next call."""

    def failing() -> Iterator[tuple]:
        for _ in range(300):
            yield a_gift(town)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        town.sequencer.submit(failing())
    assert town.sequencer.tree_size == 4 + 256
    assert town.sequencer.submit_one(a_gift(town)) == Answer(260, False)
    check_signed(town.reopen())
    check_whole(town.directory)
