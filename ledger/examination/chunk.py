"""Stretches of a log: entries of one shape that stand one after the other, examined together. The rest is examined one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, groupby, islice
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..books.alike import Series
from ..books.statement_context import Said
from ..canonical import checked_base64
from ..entries.leaf import statement_key
from ..entries.statement import RECORDS, STATEMENT_BYTES, pae
from ..errors import VerificationError
from ..findings.scope import Scope
from ..log.entry import ENTRY_BYTES, FLOWS_BYTES, decode_entry
from ..log.key import verify_statement_signature
from ..log.merkle import leaf_hash
from .entry_template import Shape, shape_of
from .examine import Brief, brief, fingerprints, weakness

# How much is remembered; and how many entries are examined alone, when that is full, before another shape takes the place of the
# one not seen for longest: to learn one takes as long as to examine fifty.
SHAPES = 16
FORMS = 8192
LEARNING_EVERY = 256


class Stretch(NamedTuple):
    """What is left to judge in the order of the log of entries that are right by themselves, and chained to one another.

    `hashes` are their leaf hashes; `size` counts their bytes, `signatures` those verified, in `drawn` of the entries; `prev` is
    that of the first; `bound` are the (index, leaf hash in hex) that the statements are bound to, each once; `flows` the flows of
    all, as one canonical list; `keys` as in a brief."""

    hashes: tuple[bytes, ...]
    size: int
    signatures: int
    drawn: int
    prev: str
    bound: Sequence[tuple[int, str]]
    series: Series
    flows: bytes
    keys: bytes


class Examiner:
    """Examines entries in a scope, and remembers the shapes and the forms of those it has seen."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._shapes: list[Shape] = []
        self._until_learning = 0
        self._forms: dict[Any, Said] = {}

    def examine(self, raws: Iterable[bytes], start: int) -> Iterator[Brief | Stretch]:
        """Examine the entries that stand from `start` on."""
        shape, waiting = None, list[tuple]()
        for index, raw in enumerate(raws, start):
            found = self._found(raw)
            if found is None or found[0] is not shape:
                yield from self._together(shape, waiting, index - len(waiting))
                waiting = []
            if found is None:
                yield self._alone(raw, index)
            else:
                shape = found[0]
                waiting.append((raw, *found[1:]))
        yield from self._together(shape, waiting, index + 1 - len(waiting) if waiting else start)

    def _found(self, raw: bytes) -> tuple[Shape, Sequence[bytes], Said] | None:
        """The shape of an entry, its parts, and its form."""
        for place, shape in enumerate(self._shapes):
            parts = shape.read(raw)
            if parts is not None:
                if place:
                    self._shapes.insert(0, self._shapes.pop(place))
                form = self._form(shape, parts)
                return (shape, parts, form) if form is not None else None
        return None

    def _form(self, shape: Shape, parts: Sequence[bytes]) -> Said | None:
        name = (shape, shape.form_name(parts))
        known = self._forms.get(name)
        if known is None:
            known = shape.form(parts)
            if known is None or any(map(weakness, known.signers)):
                return None
            if len(self._forms) >= FORMS:
                self._forms.clear()
            self._forms[name] = known
        return known

    def _alone(self, raw: bytes, index: int) -> Brief:
        seen = brief(raw, index, self._scope)
        self._until_learning -= 1
        if seen.said is not None and not seen.findings and (self._until_learning <= 0 or len(self._shapes) < SHAPES):
            self._learn(raw, seen.said)
        return seen

    def _learn(self, raw: bytes, said: Said) -> None:
        first = said.runs[0].first
        if len(said.runs) > 1 or first.alike is None or first.stands_alone():
            return
        shape = shape_of(decode_entry(raw))
        if shape is not None and shape not in self._shapes:
            self._shapes.insert(0, shape)
            del self._shapes[SHAPES:]
            self._until_learning = LEARNING_EVERY

    def _together(self, shape: Shape | None, waiting: Sequence[tuple], start: int) -> Iterable[Brief | Stretch]:
        if shape is not None and len(waiting) > 1:
            stretch = _Making(shape, waiting, start).stretch(self._scope)
            if stretch is not None:
                return [stretch]
        return [brief(raw, index, self._scope) for index, (raw, *_) in enumerate(waiting, start)]


class _Making:
    """A stretch in the making: entries of one shape, by columns."""

    def __init__(self, shape: Shape, found: Sequence[tuple], start: int) -> None:
        self._shape, self._start = shape, start
        self._raws, self._parts, self._forms = zip(*found, strict=True)
        self._columns = list(zip(*self._parts, strict=True))
        self._rows = [shape.rows(parts) for parts in self._parts]

    def stretch(self, scope: Scope) -> Stretch | None:
        """The entries as one stretch; None where anything is wrong with one of them."""
        hashes = [leaf_hash(raw) for raw in self._raws]
        afters = self._afters()
        if not (self._is_in_line(hashes, afters) and self._is_small()):
            return None
        drawn = [scope.draws(index) for index in range(self._start, self._start + len(hashes))]
        try:
            self._verify(drawn)
            columns = self._shape.columns(list(chain.from_iterable(self._rows)))
        except (VerificationError, ValidationError):
            return None
        return Stretch(
            hashes=tuple(hashes),
            size=sum(map(len, self._raws)),
            signatures=sum(drawn) * len(self._shape.keys),
            drawn=sum(drawn),
            prev=self._columns[self._shape.prev][0].decode(),
            bound=tuple(dict.fromkeys(afters)),
            series=self._series(afters, columns["amount"]),
            flows=b"[%b]" % b",".join(self._columns[self._shape.flows]),
            keys=fingerprints(self._keys(columns)),
        )

    def _afters(self) -> list[tuple[int, str]]:
        """What each statement is bound to: an entry, and its leaf hash in hex."""
        texts = self._columns[self._shape.after]
        known = {}
        for text in set(texts):
            index, _, leaf = text.decode().partition(":")
            known[text] = (int(index), leaf)
        return [known[text] for text in texts]

    def _is_in_line(self, hashes: Sequence[bytes], afters: Sequence[tuple[int, str]]) -> bool:
        """Whether each names its place and the hash of the one before, and is bound to an entry before it."""
        places = range(self._start, self._start + len(hashes))
        return (
            list(self._columns[self._shape.index]) == [b"%d" % place for place in places]
            and list(self._columns[self._shape.prev][1:]) == [leaf.hex().encode() for leaf in hashes[:-1]]
            and all([after < place for (after, _), place in zip(afters, places, strict=True)])
        )

    def _is_small(self) -> bool:
        """Whether nothing is larger than may be."""
        shape, columns = self._shape, self._columns
        return (
            max(map(len, self._raws)) <= ENTRY_BYTES
            and max(map(len, columns[shape.statement])) <= STATEMENT_BYTES
            and max(map(len, columns[shape.flows])) <= FLOWS_BYTES
            and max(map(len, self._rows)) <= RECORDS
        )

    def _verify(self, drawn: Sequence[bool]) -> None:
        """Verify the signatures of the entries that were drawn. Raises VerificationError."""
        columns = self._columns
        messages = list(map(pae, compress(columns[self._shape.statement], drawn)))
        for key, signature in zip(self._shape.keys, self._shape.signatures, strict=True):
            signed = zip(compress(columns[key], drawn), compress(columns[signature], drawn), messages, strict=True)
            for public, given, message in signed:
                verify_statement_signature(checked_base64(public), checked_base64(given), message)

    def _series(self, afters: Sequence[tuple[int, str]], amounts: Sequence[int]) -> Series:
        forms: dict[int, Said] = {}
        for index, (form, (after, _)) in enumerate(zip(self._forms, afters, strict=True), self._start):
            known = forms.get(id(form))
            if known is None:
                time = self._columns[self._shape.time][index - self._start].decode()
                forms[id(form)] = form._replace(index=index, after=after, time=time)
            elif after < known.after:
                forms[id(form)] = known._replace(after=after)
        numbers = {name: number for number, name in enumerate(forms)}
        rest = iter(amounts)
        moments = groupby(zip(self._columns[self._shape.time], self._columns[self._shape.signed_at], strict=True))
        return Series(
            index=self._start,
            forms=tuple(forms.values()),
            which=[numbers[id(form)] for form in self._forms],
            amounts=[tuple(islice(rest, len(rows))) for rows in self._rows],
            moments=tuple([(time.decode(), signed_at.decode()) for (time, signed_at), _ in moments]),
        )

    def _keys(self, columns: dict[str, list[Any]]) -> Iterator[str]:
        """What the statements, and their records, have that may exist once."""
        for form, name in zip(self._forms, self._columns[self._shape.id], strict=True):
            yield statement_key(form.party, name.decode())
        forms = {id(form): form for form in self._forms}
        of_rows = [id(form) for form, rows in zip(self._forms, self._rows, strict=True) for _ in rows] if len(forms) > 1 else []
        for name, form in forms.items():
            own = [other == name for other in of_rows]
            mine = {field: list(compress(column, own)) for field, column in columns.items()} if own else columns
            yield from form.runs[0].first.keys_of_run(form.party, mine)
