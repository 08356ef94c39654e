"""Chunks of a log: consecutive entries of gifts that are examined together. All other entries are examined one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from ..books.alike import Alike
from ..books.statement_context import JournalEntry
from ..canonical import checked_base64
from ..entries.leaf import statement_key
from ..entries.statement import RECORDS, STATEMENT_BYTES, pae
from ..errors import VerificationError
from ..findings.scope import Scope
from ..log.entry import ENTRY_BYTES, FLOWS_BYTES
from ..log.key import verify_statement_signature
from ..log.merkle import leaf_hash
from .entry_template import Columns, Parts, RecordTemplate, form_of, other_signatures, read, templates
from .examine import Brief, brief, fingerprints, weakness

# How many forms are kept in memory.
FORMS = 8192


class Chunk(NamedTuple):
    """Entries that are valid by themselves and chained to one another, reduced to what must be judged in the order of the log.

    `hashes` are their leaf hashes; `size` is their total of bytes, `signatures` the number of verified signatures, which are in
    `drawn` of the entries; `prev` is the `prev` of the first entry; `bound` are the (index, leaf hash in hex) that the statements
    are bound to, each once; `flows` are the bytes of each entry's flows; `keys` as in a brief."""

    hashes: tuple[bytes, ...]
    size: int
    signatures: int
    drawn: int
    prev: str
    bound: Sequence[tuple[int, str]]
    alike: Alike
    flows: Sequence[bytes]
    keys: bytes


class Examiner:
    """Examines entries in a scope, and remembers the forms of records that it has seen."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._templates = templates() if scope.keeps_books else ()
        self._forms: dict[Any, JournalEntry] = {}

    def examine(self, raws: Iterable[bytes], start: int) -> Iterator[Brief | Chunk]:
        """Examine consecutive entries, of which the first has index `start`."""
        for template, some in groupby(map(self._found, raws), itemgetter(0)):
            entries = list(some)
            if len(self._forms) > FORMS:
                self._forms.clear()
            chunk = _Making(template, entries, start, self._forms).chunk(self._scope) if template and len(entries) > 1 else None
            yield from [chunk] if chunk else [brief(raw, index, self._scope) for index, (_, raw, *_) in enumerate(entries, start)]
            start += len(entries)

    def _found(self, raw: bytes) -> tuple[RecordTemplate | None, bytes, Sequence[Any], int]:
        """The template of an entry's records, the entry, its parts, and the number of its records."""
        parts = read(raw) if self._templates else None
        if parts is not None:
            for template in self._templates:
                count = template.count(raw, *parts[-1])
                if count:
                    return template, raw, parts, count
        return None, raw, (), 0


class _Making:
    """A chunk being built: entries with records of one template, by columns."""

    def __init__(
        self, template: RecordTemplate, found: Sequence[tuple[Any, ...]], start: int, forms: dict[Any, JournalEntry]
    ) -> None:
        self._template, self._start, self._forms = template, start, forms
        _, self._raws, parts, self._counts = zip(*found, strict=True)
        self._parts = Parts(*zip(*parts, strict=True))
        self._ends = list(accumulate(self._counts))

    def chunk(self, scope: Scope) -> Chunk | None:
        """The entries as one chunk; None if anything is wrong with one of them."""
        hashes, afters = list(map(leaf_hash, self._raws)), self._afters()
        places = zip(self._raws, self._parts.records, strict=True)
        records = self._template.columns([memoryview(raw)[start:end] for raw, (start, end) in places])
        if records is None or not (self._is_in_line(hashes, afters) and self._is_small()):
            return None
        drawn = [scope.draws(index) for index in range(self._start, self._start + len(hashes))]
        try:
            signatures = self._verify(drawn)
            alike = self._alike(records, afters)
        except (VerificationError, ValueError):
            return None
        return Chunk(
            hashes=tuple(hashes),
            size=sum(map(len, self._raws)),
            signatures=signatures,
            drawn=sum(drawn),
            prev=self._parts.prev[0].decode(),
            bound=tuple(dict.fromkeys(afters)),
            alike=alike,
            flows=self._parts.flows,
            keys=self._keys(alike, records),
        )

    def _spread(self, values: Iterable[Any]) -> Iterator[Any]:
        """Each entry's value, repeated for each of its records."""
        return chain.from_iterable(map(repeat, values, self._counts))

    def _afters(self) -> list[tuple[int, str]]:
        """The entry that each statement is bound to, and its leaf hash in hex."""
        known = {}
        for text in set(self._parts.after):
            index, _, leaf = text.decode().partition(":")
            known[text] = (int(index), leaf)
        return [known[text] for text in self._parts.after]

    def _is_in_line(self, hashes: Sequence[bytes], afters: Sequence[tuple[int, str]]) -> bool:
        """Whether each entry names its own place and the hash of the one before, and is bound to an entry before it."""
        places = range(self._start, self._start + len(hashes))
        return (
            list(self._parts.indexes) == [b"%d" % place for place in places]
            and list(self._parts.prev[1:]) == [leaf.hex().encode() for leaf in hashes[:-1]]
            and all([after < place for (after, _), place in zip(afters, places, strict=True)])
        )

    def _is_small(self) -> bool:
        """Whether everything is within its size limit."""
        return (
            max(map(len, self._raws)) <= ENTRY_BYTES
            and max(map(len, self._parts.statement)) <= STATEMENT_BYTES
            and max(map(len, self._parts.flows)) <= FLOWS_BYTES
            and max(self._counts) <= RECORDS
        )

    def _verify(self, drawn: Sequence[bool]) -> int:
        """Verify the signatures of the entries that were drawn; return how many signatures these are. Raises VerificationError."""
        parts, verified = self._parts, 0
        signed = zip(parts.statement, parts.key, parts.signature, parts.others, strict=True)
        for statement, key, signature, others in compress(signed, drawn):
            message = pae(statement)
            verify_statement_signature(checked_base64(key), checked_base64(signature), message)
            verified += 1
            for other, by_other in other_signatures(others) if others else ():
                verify_statement_signature(checked_base64(other), checked_base64(by_other), message)
                verified += 1
        return verified

    def _alike(self, records: Columns, afters: Sequence[tuple[int, str]]) -> Alike:
        """The entries as the books see them. Raises ValueError if a record or a form is invalid."""
        template = self._template
        template.judge_lists(records)
        amounts, shares = template.amounts(records)
        which, forms = self._which(records, afters)
        moments = groupby(zip(self._parts.time, self._parts.signed_at, strict=True))
        return Alike(
            index=self._start,
            forms=forms,
            counts=self._counts,
            which=which,
            amounts=amounts,
            shares=shares,
            moments=tuple([(time.decode(), signed_at.decode()) for (time, signed_at), _ in moments]),
        )

    def _which(self, records: Columns, afters: Sequence[tuple[int, str]]) -> tuple[Sequence[int], list[JournalEntry]]:
        """The number of each record's form, and the forms. Raises ValueError if one is invalid.

        Two records have different forms if they differ in a member that varies in this chunk and that counts as constant within a
        form. The lowest `after` of a form is taken as the lowest of all statements with the same party and signers."""
        said_by = self._said_by()
        lowest: dict[Any, int] = {}
        for said, (after, _) in zip(said_by, afters, strict=True):
            lowest[said] = min(after, lowest.get(said, after))
        constants = self._template.telling(records)
        telling = [column for column in constants if len(set(column)) > 1]
        if telling or len(lowest) > 1:
            names = list(zip(self._spread(said_by), *telling, strict=True))
            firsts = dict(zip(reversed(names), reversed(range(len(names))), strict=True))
            numbers = {name: number for number, name in enumerate(firsts)}
            which, places = [numbers[name] for name in names], list(firsts.values())
        else:
            which, places = [0] * sum(self._counts), [0]
        return which, [self._form(place, said_by, constants, lowest) for place in places]

    def _said_by(self) -> list[tuple[bytes, ...]]:
        """What identifies who made each statement: the keys that signed it, its ledger and its party."""
        parts = self._parts
        return [
            (key, *[other for other, _ in other_signatures(others)], ledger, party) if others else (key, ledger, party)
            for key, others, ledger, party in zip(parts.key, parts.others, parts.ledger, parts.party, strict=True)
        ]

    def _form(
        self, place: int, said_by: Sequence[tuple[bytes, ...]], constants: Sequence[Sequence[bytes]], lowest: dict[Any, int]
    ) -> JournalEntry:
        """The form of the record at this place in the chunk, with the context of its statement. Raises ValueError if it is
        invalid."""
        entry = bisect_right(self._ends, place)
        said, time = said_by[entry], self._parts.time[entry]
        name = (said, *[column[place] for column in constants])
        known = self._forms.get(name)
        if known is None:
            number = place - self._ends[entry] + self._counts[entry]
            known = form_of(said[:-2], self._parts.statement[entry], number, time)
            if known is None or any(map(weakness, known.signers)):
                raise ValueError("no form")
            self._forms[name] = known
        return known._replace(index=self._start + entry, time=time.decode(), after=lowest[said])

    def _keys(self, alike: Alike, records: Columns) -> bytes:
        """The fingerprints of all unique keys of the statements and their records."""
        said = zip(self._parts.party, self._parts.id, strict=True)
        keys = [statement_key(party.decode(), id.decode()).encode() for party, id in said]
        before = [form.runs[0].first.key_before_reference(form.party).encode() for form in alike.forms]
        references = zip(alike.which, records.get("channel_ref", ()), strict=False)
        return fingerprints(keys + [before[form] + reference for form, reference in references if reference])
