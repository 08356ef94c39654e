"""Witnesses on the command line: how they are named, how they are asked after something was recorded, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.clock import utc_at
from ledger.directory.alarms import known_of
from ledger.directory.anchor import recall
from ledger.directory.creation import Watched
from ledger.directory.small_files import policy_in
from ledger.errors import Conflict, GiveTrailError, Unverifiable, UsageError, shown
from ledger.log.note import VerifierKey
from ledger.log.policy import NONE, Policy, Witness

from .screen import entries, hint, plain

if TYPE_CHECKING:
    from ledger.witnessing.round import Asked, Round

TURNS = 30
FORM = "NAME=VKEY@URL, such as north=north.example/w1+1a2b3c4d+BAbc…@https://north.example"


def watched_by(texts: Sequence[str], quorum: str | None) -> Watched:
    """The witnesses and the quorum that the command line names. Raises UsageError, FormatError."""
    witnesses = [_witness(text) for text in texts]
    if quorum is None:
        return _parsed(witnesses, len(witnesses) // 2 + 1 if witnesses else 0)
    if quorum == NONE:
        return _parsed(witnesses, 0)
    if not (quorum.isascii() and quorum.isdecimal() and 1 <= int(quorum[:4]) <= len(witnesses)):
        words = f"--quorum {shown(quorum)}: must be `none`, or 1 to the number of witnesses, which is {len(witnesses)}"
        raise UsageError(words, rule="usage", where="quorum")
    return _parsed(witnesses, int(quorum))


def _witness(text: str) -> Witness:
    name, is_named, rest = text.partition("=")
    key, is_at, url = rest.rpartition("@")
    if not (name and is_named and is_at):
        raise UsageError(f"--witness {shown(text)}: must be {FORM}", rule="usage", where="witness")
    from ledger.network.fetch import base_of

    return Witness(name, VerifierKey.parse(key), base_of(url).removesuffix("/"))


def _parsed(witnesses: Sequence[Witness], threshold: int) -> Watched:
    """The witnesses, if a policy can name them together. Raises FormatError."""
    some_log = VerifierKey("log", bytes(32))
    Policy.parse(Policy.for_log(some_log, witnesses, threshold).format())
    return Watched(witnesses, threshold)


def ask_after(directory: Path) -> None:
    """Ask the witnesses of a ledger's policy, if it has any, about what was just recorded, and say on stderr what came of it. What
    was recorded stays recorded, whatever they answer."""
    try:
        policy = policy_in(directory)
        if policy.with_addresses:
            for line in told(_round(directory)):
                hint(line)
        elif policy.asks_witnesses:
            hint("not published: the trust policy asks for witnesses, but has the address of none; add it to their lines")
    except Conflict:
        hint("witnesses: another process asks them already")
    except GiveTrailError as error:
        hint(f"witnesses were not asked: {plain(error.message)}")


def _round(directory: Path) -> Round:
    """A round. What speaks HTTP is imported only now, because most commands on most ledgers ask nobody."""
    from ledger.witnessing.round import ask_witnesses

    return ask_witnesses(directory)


def wait_for_quorum(directory: Path) -> None:
    """Ask the witnesses about what was just recorded, before any answer is given. Raises Unverifiable, rule "witness-quorum", if it
    is not published then; what was recorded stays recorded."""
    done = _asked_in_turn(directory)
    for line in told(done):
        hint(line)
    if not done.published:
        words = "the quorum of witnesses has not cosigned it, and this ledger holds its answers until then"
        raise Unverifiable(f"{words}; `givetrail witness` asks again", rule="witness-quorum", where=str(directory))


def _asked_in_turn(directory: Path) -> Round:
    """A round, after that of another process if one is asking. Raises Conflict if that takes too long, and what `ask_witnesses`
    raises."""
    for _ in range(TURNS):
        with suppress(Conflict):
            return _round(directory)
        time.sleep(1)
    return _round(directory)


def is_new_here(directory: Path) -> bool:
    """Whether a ledger whose policy has witnesses has never asked one from this directory, or this machine has never signed for its
    log: it was restored, or copied from another machine. They are asked before anything is signed, because they may have seen more
    than is here."""
    try:
        policy = policy_in(directory)
        is_known = any(recall(log.vkey.format()) is not None for log in policy.logs)
    except GiveTrailError:
        return False
    return bool(policy.with_addresses) and not (is_known and any(known_of(directory, one).asked_at for one in policy.witnesses))


def told(done: Round) -> Iterator[str]:
    """What came of a round, in lines."""
    cosigned = [one for one in done.asked if one.what == "cosigned"]
    said = ", ".join(f"{plain(one.witness)} ({utc_at(one.time)})" for one in cosigned) or "nobody"
    yield f"{entries(done.tree_size)}: cosigned by {said}"
    for one in done.asked:
        if one.what != "cosigned":
            yield f"{_WORDS[one.what]}: {plain(one.witness)}: {plain(one.why)}"
    if not done.published:
        yield "not published yet: the trust policy asks for more cosignatures; `givetrail witness` asks again"
    if done.stopped:
        yield f"stopped: {plain(done.stopped)}"


def as_document(done: Round) -> dict[str, object]:
    """The same as a document."""
    return {**done._asdict(), "asked": [_asked(one) for one in done.asked]}


def _asked(one: Asked) -> dict[str, object]:
    return {"witness": one.witness, "result": one.what, "time": utc_at(one.time) if one.time else "", "why": one.why}


_WORDS = {"no-answer": "no answer", "refused": "refused", "false": "false answer", "alarm": "ALARM"}
