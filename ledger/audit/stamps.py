"""Timestamps, as an audit looks at them: what the operator recorded of them, their tokens, and the times of the entries around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..books.clock import SIGNED_AHEAD_S
from ..books.gift import split_ref
from ..books.moment import seconds
from ..books.stamp import stamps
from ..books.stamp_rows import StampRow
from ..books.state import Books
from ..errors import InputError, Unverifiable, VerificationError
from ..findings.finding import WHOLE, Finding
from ..findings.report import Stamp
from ..log.checkpoint import Checkpoint
from ..log.entry import decode_entry
from ..log.merkle import subtree_root
from ..log_files.source import Source
from ..log_files.tiled import nodes

if TYPE_CHECKING:  # reading certificates takes longer to import than a small log to verify
    from cryptography.x509 import Certificate

    from ..log.timestamp_token import Token

STAMP_RULE = "timestamp"
APART_S = SIGNED_AHEAD_S
"""How much later than a stamp over it the time of an entry may be, because two clocks are never equal."""
NO_ROOTS, MISSING = "not checked: no roots given", "not checked: its token is missing"
NOT_CHECKED = "Not checked: who signed the timestamps, because no root certificates were given (--timestamp-roots)"


class Stamps:
    """The timestamps of the first `size` entries of a log whose tiles were compared with its entries. `roots` are certificates that
    the verifier trusts, None if none were given. `judge` fills `findings` and `seen`."""

    def __init__(self, source: Source, signed: Checkpoint, size: int, books: Books, roots: Sequence[Certificate] | None) -> None:
        self._source, self._signed, self._size, self._books, self._roots = source, signed, size, books, roots
        self._node = nodes(source, signed.tree_size)
        self.findings: list[Finding] = []
        self.seen: list[Stamp] = []

    def judge(self) -> None:
        """Look at all of them. Findings: `consistency`, `timestamp`, `time`, and `missing` or `unreachable` if the source fails.
        Raises StorageError."""
        recorded: dict[int, list[StampRow]] = {}
        for row in stamps(self._books):
            recorded.setdefault(row.size, []).append(row)
        try:
            for size in sorted({*self._source.stamped(), *recorded}):
                if size <= self._size:
                    self._judge(size, recorded.get(size, []))
        except Unverifiable as error:
            self.findings.append(Finding(WHOLE, WHOLE, error.rule, error.message))

    def _judge(self, size: int, rows: Sequence[StampRow]) -> None:
        checkpoint = Checkpoint(self._origin_at(size), size, subtree_root(0, size, self._node))
        for row in rows:
            if row.root != checkpoint.root.hex():
                had = f"at {size} entries the log has root {checkpoint.root.hex()}, so this stamp is of another history"
                self.findings.append(Finding(*split_ref(row.ref), "consistency", f"root {row.root}: {had}"))
        try:
            token = self._token(checkpoint, rows)
            verified, why = self._verified(token)
        except (InputError, VerificationError) as error:
            place = split_ref(rows[0].ref) if rows else (WHOLE, WHOLE)
            self.findings.append(Finding(*place, STAMP_RULE, f"timestamps/{size}.tsr: {error.message}"))
            token, verified, why = None, False, "false"
        if token is not None and verified:
            self.findings.extend(self._too_late(size, token))
        for row in rows:
            self.seen.append(Stamp(size, row.time, row.authority, split_ref(row.ref)[0], verified, why))
        if token is not None and not rows:
            self.seen.append(Stamp(size, token.time, token.authority, None, verified, why))

    def _origin_at(self, size: int) -> str:
        """The name under which the log signed a tree of that size: that of a log that ended, where it was not larger."""
        ended = sorted((row.size, origin) for origin, row in self._books.ended.all())
        return next((origin for most, origin in ended if size <= most), self._signed.origin)

    def _token(self, checkpoint: Checkpoint, rows: Sequence[StampRow]) -> Token | None:
        """The token of a checkpoint, None if it is missing. Raises VerificationError, FormatError, SizeError."""
        raw = self._source.stamp(checkpoint.tree_size)
        if raw is None:
            return None
        from ..log.timestamp_token import check_imprint, read_token

        token = read_token(raw)
        check_imprint(token, checkpoint)
        for row in rows:
            if (row.digest, row.time) != (token.digest, token.time):
                words = f"{row.ref} records a token of {row.time} with SHA-256 {row.digest}"
                raise VerificationError(f"it is of {token.time} and has SHA-256 {token.digest}, but {words}", rule=STAMP_RULE)
        return token

    def _verified(self, token: Token | None) -> tuple[bool, str]:
        """Whether an authority that the verifier trusts signed the token, and why not. Raises VerificationError, FormatError."""
        if token is None or self._roots is None:
            return False, MISSING if token is None else NO_ROOTS
        from ..log.timestamp_token import verify_token

        try:
            verify_token(token, self._roots)
        except Unverifiable:
            return False, "not checked: no root given for its authority"
        return True, ""

    def _too_late(self, size: int, token: Token) -> Iterator[Finding]:
        """A finding if the last entry under a stamp says that it was made after it. The entries before are not later than the last,
        or that is a finding already; where the clock was turned back, the log has said so itself."""
        time = self._time_of(size - 1)
        if not time or seconds(time) - seconds(token.time) <= APART_S:
            return
        turned = (int(entry) for entry, _ in self._books.clock.all() if int(entry) >= size)
        if any("" < self._time_of(entry) < time for entry in turned):
            return
        message = f"time {time}: {token.authority} stamped the log with this entry in it at {token.time} already"
        yield Finding(size - 1, WHOLE, "time", message)

    def _time_of(self, index: int) -> str:
        """The time of an entry; "" if it cannot be read."""
        try:
            return decode_entry(next(self._source.entries(index, index + 1))).time
        except (InputError, StopIteration):
            return ""


def not_checked(seen: Sequence[Stamp]) -> list[str]:
    """What to say of timestamps that could not be verified for want of certificates."""
    return [NOT_CHECKED] if any(one.why == NO_ROOTS for one in seen) else []
