"""Who makes a statement and who signs it: the options of every command that records something, and where the statement goes.

A statement is submitted at once; or with `--sign-only` it is written to a file, for `approve` to add signatures and submit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from ledger.books.mandate import mandate_of
from ledger.canonical import JsonObject, to_base64
from ledger.entries.leaf import find_keys, statement_key
from ledger.entries.statement import normalised, read_statement, write_envelope
from ledger.errors import SchemaError, Unverifiable, UsageError, shown
from ledger.log.key import SigningKey
from ledger.writer.author import Author
from ledger.writer.sequencer import Answer
from ledger.writer.submission import Submission

from .advice import Flags, advising, by_options, must_be_party
from .afterwards import tell
from .done_so_far import AGAIN, so_far
from .files import check_output, spoken, written
from .outcome import Outcome
from .screen import hint
from .session import Session, author, clock_option, load_key, officers_here, opened, parties_here, passphrase_option, said_in

TAKEN = frozenset({
    "party", "officer", "cosign", "statement-id", "sign-only", "output", "passphrase-file", "ledger", "json", "help", "reference",
    "destroy-on",
})  # fmt: skip
KEY_LENGTH = 44


COSIGN = "add --cosign {name}"
"""What to type so that an officer signs too, of `name`, that is PARTY/OFFICER, or `party` and `officer`."""
NO_FLAGS: Flags = {}
Make = Callable[[Session, str], list[JsonObject]]


class Signing(NamedTuple):
    """The values of the options. `officers` are names of key files of the party; `cosign` are PARTY/OFFICER of other parties."""

    party: str | None
    officers: tuple[str, ...]
    cosign: tuple[str, ...]
    statement_id: str | None
    sign_only: bool
    output: str | None

    @classmethod
    def take(cls, words: dict[str, Any]) -> Signing:
        """Take the options out of a command's words. Raises UsageError if they contradict each other."""
        signing = cls(*(words.pop(f"sign_{name}") for name in cls._fields))
        if signing.sign_only != (signing.output is not None):
            raise UsageError("--sign-only and -o FILE go together; give both or neither", rule="usage", where="output")
        check_output(signing.output)
        return signing


def signing_options() -> Iterator[click.Option]:
    """The options behind `Signing`, and the passphrase of the key files."""
    yield click.Option(
        ["--party", "sign_party"], metavar="P", help="The party that speaks. Needed if several parties have key files here."
    )
    default = "The officer who signs for it. Repeat for more. Default: its only key file."
    yield click.Option(["--officer", "sign_officers"], metavar="O", multiple=True, help=default)
    yield click.Option(
        ["--cosign", "sign_cosign"], metavar="P/O", multiple=True,
        help="Who signs too: a second officer of the party, or an officer of another, such as an auditor. Repeat for more.",
    )
    yield click.Option(
        ["--statement-id", "sign_statement_id"], metavar="UUID",
        help="A UUID of your own, so that repeating the command records nothing twice. Default: a random one.",
    )
    yield click.Option(
        ["--sign-only", "sign_sign_only"], is_flag=True, help="Write the signed statement to -o FILE, and record nothing."
    )
    yield click.Option(["-o", "--output", "sign_output"], metavar="FILE", help="The file that --sign-only writes; - is stdout.")
    yield passphrase_option()
    yield clock_option()


def speaker(directory: Path, party: str | None) -> str:
    """The party that makes the statement: the one named, or else the only one with key files here. Raises UsageError."""
    here = parties_here(directory)
    if party is None and len(here) != 1:
        found = f"has key files of {', '.join(here)}" if here else "has no key files"
        raise UsageError(f"--party: {directory / 'keys'} {found}; say which party speaks", rule="usage", where="party")
    return party or here[0]


def keys_of(directory: Path, party: str, officers: Sequence[str]) -> list[SigningKey]:
    """The keys of these officers, or else the party's only key. Raises UsageError."""
    here, folder = officers_here(directory, party), directory / "keys" / party
    if not officers and not here:
        words = f"{folder}: has no key file of an officer; put OFFICER.pem there from a backup, or name another party"
        raise UsageError(words, rule="key-file", where=str(folder))
    if not officers and len(here) != 1:
        raise UsageError(
            f"--officer: {folder} has key files of {', '.join(here)}; say who signs for {party}",
            rule="usage",
            where="officer",
        )
    return [load_key(directory, party, officer) for officer in officers or here]


def cosigners(directory: Path, cosign: Sequence[str]) -> list[SigningKey]:
    """The key of each PARTY/OFFICER. Raises UsageError."""
    keys = []
    for name in cosign:
        keys.append(load_key(directory, *party_and_officer(name)))
    return keys


def party_and_officer(name: str) -> tuple[str, str]:
    """The two parts of PARTY/OFFICER, the form that --cosign takes. Raises UsageError."""
    party, slash, officer = name.partition("/")
    if not slash:
        raise UsageError(f"--cosign {shown(name)}: give it as PARTY/OFFICER", rule="usage", where="cosign")
    return party, officer


def key_named(directory: Path, word: str) -> tuple[str, SigningKey | None]:
    """The public key that --key gives: in base64, or as PARTY/OFFICER, whose key file here can sign too. Raises UsageError."""
    if len(word) == KEY_LENGTH and word.endswith("="):
        return word, None
    if word.count("/") != 1:
        words = f"--key {shown(word)}: give PARTY/OFFICER, if its key file is here, or the public key in base64"
        raise UsageError(words, rule="usage", where="key")
    key = load_key(directory, *word.split("/"))
    return to_base64(key.public), key


def state(signing: Signing, make: Make, extra: Sequence[SigningKey] = (), flags: Flags = NO_FLAGS) -> Outcome:
    """Open the ledger, make records with `make(session, party)`, sign them, and submit or write the statement. `flags` are the
    options of their fields, if they are made from options."""
    with opened(write=not signing.sign_only) as session, by_options(flags):
        party = speaker(session.directory, signing.party)
        for name in (party, *(party_and_officer(name)[0] for name in signing.cosign)):
            must_be_party(session.books, name)
        session = repeating(session, party, signing.statement_id)
        keys = [*keys_of(session.directory, party, signing.officers), *cosigners(session.directory, signing.cosign), *extra]
        records = make(session, party)
        if not signing.sign_only:
            return said(session, author(session, party, keys, signing.statement_id), records, signing.statement_id)
        submission = _signed(author(session, party, keys, signing.statement_id), records, session.head())
        return wrote_envelope(session, submission, signing.output or "")


def repeating(session: Session, party: str, statement_id: str | None) -> Session:
    """The same session, which knows the entry of the party's statement with this id if there is one."""
    place = find_keys(session.store, [statement_key(party, statement_id)])[0] if statement_id else None
    return session if place is None else session._replace(repeated=place[0])


def said(
    session: Session, author: Author, records: list[JsonObject], statement_id: str | None, how: str = COSIGN
) -> Outcome:
    """Submit a statement of these records, or say where it was recorded before. After an interrupt it can be repeated by its id."""
    if session.repeated >= 0 and said_in(session.store.entry(session.repeated)) == normalised(records):
        return _known(session.repeated, statement_id or "", len(records))
    submission = _signed(author, records, session.head())
    more = "" if statement_id else f" with --statement-id {read_statement(submission[0]).id}"
    return recorded(session, submission, how, more)


def _known(entry: int, statement_id: str, count: int) -> Outcome:
    hint(f"already recorded, at entry {entry}; to record the same again, give another --statement-id")
    return Outcome(_value(Answer(entry, True), statement_id, count), lambda value: value["records"])


def _signed(author: Author, records: list[JsonObject], head: tuple[int, str]) -> Submission:
    """The statement. An unknown kind or member is a mistake here; in a foreign log it could be newer than this program."""
    submission = author.submission(records, head)
    try:
        read_statement(submission[0])
    except Unverifiable as error:
        raise SchemaError(error.message, rule=error.rule, where=error.where) from None
    return submission


def recorded(session: Session, submission: Submission, how: str, more: str = "") -> Outcome:
    """Submit a statement; the outcome names its records. If a signature is missing, the error says `how` to add it. After an
    interrupt the message says to run the same command again, with
    `more` words: it answers with what was recorded, or records it."""
    so_far().again = f"{AGAIN}{more}, which records nothing twice"
    statement = read_statement(submission[0])
    before = mandate_of(session.books, statement.party)
    with advising(session, submission, how):
        answer = session.submit(submission)
    value = _value(answer, statement.id, len(statement.records))
    so_far().recorded = f"{'was already recorded' if answer.known else 'recorded'} as {' to '.join(_ends(value['records']))}"
    so_far().again = ""
    if answer.known:
        hint(f"the same statement was already recorded, at entry {answer.index}")
    else:
        tell(session, statement, answer, before)
    return Outcome(value, lambda value: value["records"])


def _ends(refs: list[str]) -> list[str]:
    return refs if len(refs) == 1 else [refs[0], refs[-1]]


def _value(answer: Answer, statement_id: str, count: int) -> JsonObject:
    refs = [f"{answer.index}.{number}" for number in range(count)]
    return {"entry": answer.index, "records": refs, "known": answer.known, "statement": statement_id}


def wrote_envelope(session: Session | None, submission: Submission, output: str) -> Outcome:
    """Write the envelope of a statement; the outcome says who signed it."""
    raw, signatures = submission
    names = [signer(session, key) for key, _ in signatures]
    value = {"file": output, "statement": read_statement(raw).id, "signed_by": names}
    return written(output, write_envelope(raw, signatures), value, [f"{spoken(output, 'stdout')}: signed by {', '.join(names)}"])


def signer(session: Session | None, key: str) -> str:
    """PARTY/OFFICER of a key that the ledger knows; otherwise the key itself."""
    row = session.books.key.get(key) if session is not None else None
    return f"{row.party}/{row.officer}" if row else key
