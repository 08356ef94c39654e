"""Makes a ledger: its keys, entry 0, and its operator's first statements. It is made whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..canonical import JsonObject, to_base64
from ..clock import Clock, utc_now
from ..disk.atomic_directory import made_beside
from ..disk.durable import take_away
from ..entries.statement import read_statement, sign_statement, write_statement
from ..errors import UsageError
from ..log.key import SigningKey
from ..log.note import VerifierKey
from ..log.policy import Policy, Witness
from ..log.tile import CHECKPOINT
from ..store.location import FILE_NAME
from ..writer.author import Author
from ..writer.sequencer import Sequencer
from ..writer.submission import Submission
from .anchor import SUFFIXES, anchor_path
from .opening import LOG_KEY, begin, key_path, open_writer
from .publication import POLICY, SIGNED

FOLDER_MODE = 0o777
More = Sequence[tuple[str, list[JsonObject]]]


class Watched(NamedTuple):
    """The witnesses of a new log, and how many of them must cosign a checkpoint; 0 if it is published without them."""

    witnesses: Sequence[Witness] = ()
    threshold: int = 0


UNWATCHED = Watched()


def create(
    directory: Path,
    *,
    origin: str,
    first_record: JsonObject,
    operator: str,
    statement_id: str,
    more: More = (),
    passphrase: bytes | None = None,
    keys: tuple[SigningKey, SigningKey] | None = None,
    watched: Watched = UNWATCHED,
    clock: Clock = utc_now,
) -> Sequencer:
    """Make a ledger with its log key, its operator's first key and entry 0 in a new or empty directory, and open it for writing.

    `first_record` is the `ledger` record without its keys; `more` are (statement id, records) of the operator's next statements;
    `keys` are (log, operator); without them new ones are made. `watched` says which witnesses its policy names. If it fails or is
    killed, the directory is as it was, and the call can be repeated. Raises UsageError if the directory is not empty; StorageError;
    and whatever `submit_one` raises.
    """
    _refuse_ledger(directory)
    log_key, operator_key = keys or (SigningKey.generate(), SigningKey.generate())
    record = {**first_record, "key": to_base64(operator_key.public), "log_key": to_base64(log_key.public)}
    vkey = VerifierKey(origin, log_key.public)
    first = _first(origin, operator, statement_id, record, operator_key, clock)
    kept = [anchor_path(vkey.format()).with_suffix(end) for end in SUFFIXES]
    with ExitStack() as on_failure:
        on_failure.callback(take_away, [path for path in kept if not os.path.lexists(path)])
        with made_beside(directory, FOLDER_MODE, last=FILE_NAME) as new:
            log_key.save(new / LOG_KEY, passphrase)
            operator_key.save(key_path(new, operator, record["officer"]), passphrase)
            sequencer = begin(new, Policy.for_log(vkey, *watched), log_key, clock, directory)
            with closing(sequencer.store):
                sequencer.submit_one(first)
                _say_more(sequencer, operator, operator_key, more, clock)
        on_failure.pop_all()
    return open_writer(directory, passphrase, clock)


def _refuse_ledger(directory: Path) -> None:
    if any(os.path.lexists(directory / name) for name in (FILE_NAME, LOG_KEY, POLICY, CHECKPOINT, SIGNED)):
        raise UsageError(f"{directory}: already contains a ledger, or part of one; give a new directory", rule="directory")


def _first(
    origin: str, operator: str, statement_id: str, record: JsonObject, key: SigningKey, clock: Clock
) -> Submission:  # fmt: skip
    statement = write_statement(
        ledger=origin, party=operator, id=statement_id, signed_at=clock(), records=[record], after=None
    )
    read_statement(statement)
    return statement, sign_statement(statement, [key])


def _say_more(sequencer: Sequencer, operator: str, key: SigningKey, more: More, clock: Clock) -> None:
    for id_, records in more:
        author = Author(sequencer.origin, operator, (key,), clock, partial(str, id_))
        sequencer.submit_one(author.submission(records, sequencer.head()))
