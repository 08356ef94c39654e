"""`givetrail approve`: another signature on a statement that someone else made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ledger.canonical import from_base64, parse
from ledger.entries.statement import ENVELOPE_BYTES, open_statement, read_envelope, sign_statement
from ledger.errors import UsageError
from ledger.log.key import SigningKey
from ledger.store.location import holds_store
from ledger.writer.submission import Submission

from ..command import Command, ledger_directory
from ..describe import described
from ..files import check_output, output_option, read_foreign
from ..outcome import Outcome
from ..screen import hint
from ..session import Session, clock_option, opened, passphrase_option
from ..signing import keys_of, recorded, signer, speaker, wrote_envelope

SIGN_AGAIN = "sign it with --party {party} --officer {officer}"


@click.command("approve", cls=Command)
@click.argument("file")
@click.option("--party", metavar="P", help="The party whose officer signs. Needed if several parties have key files here.")
@click.option(
    "--officer", "officers", metavar="O", multiple=True,
    help="The officer who signs. Repeat for more. Default: the party's only key file.",
)
@click.option("--submit-only", is_flag=True, help="Record the statement as it is, without another signature.")
@click.option("--show", is_flag=True, help="Show what would be signed. Sign and record nothing.")
@click.option("--yes", is_flag=True, help="Sign without asking first.")
@output_option("Write the signed statement to FILE for the next signer, and record nothing.")
def command(file: str, show: bool, **words: Any) -> Outcome:
    """Show the statement in FILE, which `record --sign-only` wrote, and sign it. Then record it, or pass it on with -o.

    With --show or -o, the ledger's directory needs only keys/.
    """
    check_output(words["output"])
    submission = _read(file)
    directory = ledger_directory()
    if not holds_store(directory) and (show or words["output"]):
        return _approve(None, directory, submission, show, **words)
    with opened(write=not show and words["output"] is None) as session:
        return _approve(session, directory, submission, show, **words)


command.params.extend([passphrase_option(), clock_option()])


def _read(file: str) -> Submission:
    """Statement and signatures of an envelope, the signatures verified. Raises what `open_statement` raises, UsageError."""
    raw, signatures = read_envelope(read_foreign(file, ENVELOPE_BYTES).removesuffix(b"\n"))
    open_statement(raw, signatures)
    return raw, signatures


def _approve(
    session: Session | None, directory: Path, submission: Submission, show: bool, *, party: str | None, officers: tuple[str, ...],
    submit_only: bool, yes: bool, output: str | None,
) -> Outcome:  # fmt: skip
    names = [signer(session, key) for key, _ in submission[1]]
    lines = described(submission[0], names, session.books if session else None)
    if show:
        return Outcome({"statement": parse(submission[0]), "signed_by": names}, lambda _: lines)
    if not submit_only:
        keys = keys_of(directory, speaker(directory, party), officers)
        for line in lines:
            hint(line)
        _ask(yes)
        submission = _with_signatures(submission, keys)
    if output is not None:
        return wrote_envelope(session, submission, output)
    assert session is not None, "only -o and --show work without a ledger"
    return recorded(session, submission, SIGN_AGAIN)


def _ask(yes: bool) -> None:
    """Ask on a terminal; elsewhere the command line is the answer. Raises UsageError for a no."""
    if not yes and sys.stdin.isatty() and not click.confirm("Sign this?", err=True):
        raise UsageError("not signed, because you answered no; nothing was changed", rule="usage")


def _with_signatures(submission: Submission, keys: list[SigningKey]) -> Submission:
    """The statement with these signatures too, one for each key, sorted by key as in an entry."""
    raw, signatures = submission
    added = dict(signatures) | dict(sign_statement(raw, keys))
    return raw, tuple(sorted(added.items(), key=lambda pair: from_base64(pair[0], 32)))
