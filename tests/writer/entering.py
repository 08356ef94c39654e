"""A process that enters gifts for ever: `python -m tests.writer.entering DIRECTORY FIRST [before|between]`.

Gift number n is always the same statement, so that who was not answered can send it again. After every answer it prints the gift's
number and the entry's index. With `before` it kills itself where a checkpoint is to be published for the third time, with `between`
when that checkpoint is kept outside the directory, and not yet in it.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from pathlib import Path

from ledger.directory import anchor
from ledger.directory.opening import open_writer
from ledger.disk.durable import write_durably
from ledger.entries.statement import sign_statement, write_statement
from ledger.log.tile import CHECKPOINT
from ledger.writer.sequencer import Answer, Sequencer
from ledger.writer.submission import Submission
from tests.language import ORIGIN, key
from tests.writer.on_disk import TRUST, numbered_id

TIME = "2026-09-07T10:00:00Z"
CALLS = [1, 7, 2, 140, 30, 300, 3]
SEEN = 3
VKEY = TRUST.logs[0].vkey.format()


def gift(number: int, seen: str) -> Submission:
    """Gift number n: n + 1 minor units."""
    record = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": number + 1, "channel": "cash"}
    record["received_on"] = TIME[:10]
    raw = write_statement(
        ledger=ORIGIN, party="hope", id=numbered_id(f"gift {number}"), signed_at=TIME, records=[record], after=(SEEN, seen)
    )
    return raw, sign_statement(raw, [key("hope.li")])


def seen_by_all(sequencer: Sequencer) -> str:
    """The hash that every gift is bound to."""
    return sequencer.store.tile(0, 0)[SEEN * 32 :][:32].hex()


def killing_itself(directory: Path, when: str):
    """A place to publish, until it is called for the third time."""
    calls = itertools.count(1)

    def publish(checkpoint, note: bytes) -> None:
        last = next(calls) == 3
        if not last or when == "between":
            write_durably(anchor.anchor_path(VKEY), note)
        if not last:
            write_durably(directory / CHECKPOINT, note)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    return publish


def main(directory: Path, first: int, when: str = "") -> None:
    """Enter gifts from number `first` on, in calls of changing length."""
    sequencer = open_writer(directory, clock=lambda: TIME)
    if when:
        publish = killing_itself(directory, when)
        key_of_log = key("the.log")
        sequencer = Sequencer(sequencer.store, sequencer.books, ORIGIN, key_of_log, publish, lambda: TIME)
    seen = seen_by_all(sequencer)
    for length in itertools.cycle(CALLS):
        numbers = range(first, first + length)
        for number, answer in zip(numbers, sequencer.submit([gift(n, seen) for n in numbers]), strict=True):
            assert isinstance(answer, Answer), answer
            print(number, answer.index, flush=True)
        first += length


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
