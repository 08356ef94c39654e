"""An open ledger, for reading or for writing, with the keys in its directory."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from ledger.books.field import SLUG_WORDS
from ledger.books.state import Books
from ledger.canonical import SLUG, JsonObject, parse, to_base64
from ledger.clock import utc_now
from ledger.directory.alarms import holds, why_stopped
from ledger.directory.opening import key_path, open_reader, open_writer
from ledger.entries.leaf import read_leaf
from ledger.entries.log_keys import vkey_of
from ledger.errors import GiveTrailError, Refused, StorageError, UsageError, shown
from ledger.imports.entering import local_today
from ledger.log.key import SigningKey
from ledger.log.merkle import leaf_hash
from ledger.store.protocol import Store
from ledger.writer.author import Author
from ledger.writer.sequencer import Answer, Sequencer
from ledger.writer.submission import Submission

from .command import ledger_directory
from .done_so_far import so_far
from .files import read_bytes
from .screen import hint, plain
from .witnesses import ask_after, is_new_here, wait_for_quorum

PASSPHRASE = "givetrail.passphrase-file"
PASSPHRASE_BYTES = 1024
SHOWN = 8
"""How many names a message lists."""
CLOCK = "givetrail.clock-is-right"


class Session(NamedTuple):
    """An open ledger. `sequencer` is None if it is open for reading only."""

    directory: Path
    store: Store
    books: Books
    sequencer: Sequencer | None = None
    repeated: int = -1
    """The entry of the statement that is repeated under the same id; -1 if there is none."""

    @property
    def origin(self) -> str:
        """The name of the log."""
        return vkey_of(self.books).name

    @property
    def today(self) -> str:
        """The ledger's local day; for a repeated statement, the day of the first time."""
        said_at = read_leaf(self.store.entry(self.repeated)).statement.signed_at if self.repeated >= 0 else utc_now()
        return local_today(self.books, said_at)

    def head(self) -> tuple[int, str]:
        """The head that a statement made now names as `after`."""
        if self.sequencer is not None:
            return self.sequencer.head()
        last = self.store.tree_size - 1
        return last, leaf_hash(self.store.entry(last)).hex()

    @property
    def writer(self) -> Sequencer:
        """The sequencer; only in a session that is open for writing."""
        assert self.sequencer is not None, "the ledger is open for reading"
        return self.sequencer

    def submit(self, submission: Submission) -> Answer:
        """Enter a statement; only in a session that is open for writing."""
        return self.writer.submit_one(submission)


@contextmanager
def opened(*, write: bool) -> Iterator[Session]:
    """The ledger that the command line names, open while the block runs. Raises NotFound, UsageError, Conflict, StorageError."""
    directory = ledger_directory()
    if write:
        is_new = is_new_here(directory)  # before the ledger is opened, which signs
        sequencer = open_writer(directory, passphrase())
        sequencer.clock_is_right = bool(click.get_current_context().meta.get(CLOCK))
        session = Session(directory, sequencer.store, sequencer.books, sequencer)
        if not sequencer.read_only_because and is_new:
            ask_after(directory)
            sequencer.read_only_because = why_stopped(directory)
    else:
        session = Session(directory, *open_reader(directory))
    with closing(session.store):
        before = session.store.tree_size
        try:
            yield session
        except Refused as error:
            raise _naming_file(session, error) from None
        finally:
            so_far().recorded = so_far().recorded or entered(session.store, before)
            has_new = write and session.store.tree_size > before
            if has_new and not holds(directory):
                so_far().then = partial(ask_after, directory)
    if has_new and holds(directory):
        wait_for_quorum(directory)


def _naming_file(session: Session, error: Refused) -> Refused:
    """The refusal. If the refused key is in the file of an officer who has another key in the ledger, the message names that
    file."""
    owners = {(row.party, row.officer) for _, row in session.books.key.all()}
    for party in parties_here(session.directory) if error.rule == "key-standing" else ():
        for officer in officers_here(session.directory, party):
            key = key_in_file(session.directory, party, officer)
            text = to_base64(key.public) if key else ""
            if text and text in error.message and (party, officer) in owners and session.books.key.get(text) is None:
                path = key_path(session.directory, party, officer)
                words = f"{path}: is not the key that the ledger has for {party}/{officer}: it is damaged, or another key"
                return Refused(f"{words}; put the file back from a backup", rule=error.rule, where=str(path))
    return error


def said_in(raw: bytes) -> list[JsonObject]:
    """The records of an entry."""
    records: list[JsonObject] = parse(read_leaf(raw).entry.statement_raw)["records"]
    return records


def entered(store: Store, before: int) -> str:
    """What was recorded since the ledger had `before` entries, in words; "" if nothing was, or if it cannot be read."""
    with suppress(StorageError):
        now = store.tree_size
        if now == before + 1:
            said = len(read_leaf(store.entry(before)).statement.records)
            return f"recorded as {before}.0" + (f" to {before}.{said - 1}" if said > 1 else "")
        if now > before:
            return f"recorded as entries {before} to {now - 1}"
    return ""


def author(session: Session, party: str, keys: Sequence[SigningKey], statement_id: str | None = None) -> Author:
    """The author of a party's statements on this ledger, with this machine's clock. Its statements get a random id unless one is
    given.

    A key that is named twice signs once.
    """
    once = {key.public: key for key in keys}
    return Author(session.origin, party, tuple(once.values()), utc_now, lambda: statement_id or str(uuid.uuid4()))


def passphrase_option() -> click.Option:
    """`--passphrase-file FILE`."""

    def keep(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.meta[PASSPHRASE] = value

    return click.Option(
        ["--passphrase-file"], metavar="FILE", expose_value=False, callback=keep,
        help="A file with the passphrase of the key files in its first line. Default: GIVETRAIL_PASSPHRASE.",
    )  # fmt: skip


def clock_option() -> click.Option:
    """`--clock-is-right`."""

    def keep(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta[CLOCK] = True

    return click.Option(
        ["--clock-is-right"], is_flag=True, expose_value=False, callback=keep,
        help="Record although this computer's clock is far ahead of the last entry: the clock is right.",
    )  # fmt: skip


def passphrase() -> bytes | None:
    """The passphrase of the key files: the first line of --passphrase-file, or else GIVETRAIL_PASSPHRASE, or else None."""
    name = click.get_current_context().meta.get(PASSPHRASE)
    if name:
        line = read_bytes(name, PASSPHRASE_BYTES).partition(b"\n")[0].removesuffix(b"\r")
        if not line:
            raise UsageError(f"{name}: the first line is empty; write the passphrase there", rule="key-file", where=name)
        return line
    return os.environb.get(b"GIVETRAIL_PASSPHRASE") or None


def slug(text: str, where: str) -> str:
    """A word that may be part of a file name. Raises UsageError."""
    if not re.fullmatch(SLUG, text):
        raise UsageError(f"{where} {shown(text)}: must be {SLUG_WORDS}", rule="slug", where=where)
    return text


def parties_here(directory: Path) -> list[str]:
    """The parties that have key files in the directory."""
    return sorted({path.parent.name for path in (directory / "keys").glob("*/*.pem")})


def officers_here(directory: Path, party: str) -> list[str]:
    """The names of a party's key files, without their suffix."""
    return sorted(path.stem for path in (directory / "keys" / slug(party, "party")).glob("*.pem"))


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Some of the names, those first that are most like one that is wrong."""
    near = get_close_matches(name, names, SHOWN)
    told = list(dict.fromkeys([*near, *names]))
    return [*told[:SHOWN], *(["…"] if len(told) > SHOWN else [])]


def load_key(directory: Path, party: str, officer: str) -> SigningKey:
    """An officer's key. Raises UsageError."""
    here = parties_here(directory)
    if here and slug(party, "party") not in here:
        told = ", ".join(nearest(party, here))
        words = f"{directory / 'keys'}: has no key files of {party}, but of {told}; correct the name, or put its key files there"
        raise UsageError(words, rule="key-file", where=str(directory / "keys" / party))
    return SigningKey.load(key_path(directory, slug(party, "party"), slug(officer, "officer")), passphrase())


def key_in_file(directory: Path, party: str, officer: str) -> SigningKey | None:
    """An officer's key, or None if its file cannot be opened. If other users can read the file, a warning names it."""
    try:
        return load_key(directory, party, officer)
    except GiveTrailError as error:
        if error.rule == "key-mode":
            hint(f"warning: {plain(error.message)}")
        return None
