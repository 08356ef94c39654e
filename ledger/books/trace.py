"""Following money (books §1, §4): where units went, and where units came from. A trace is a composition of range overlaps.

`forward` follows a range of a tape through every hop until each unit rests or has left, and says each piece in the units it started
from. `backward` goes from a range to the inflows it came in by. Both work from what a `Flows` reader finds; neither looks at
more of the ledger than the money reached. Nothing recurses: a chain of hops may be as long as the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from .flows import Hop, Target, ins, outs
from .life import End, place_state
from .state import Books
from .tape import Span, behind, cut_spans, image, preimage


class Passage(NamedTuple):
    """A flow as an index finds it: units [start, end) of the tape asked about, moved by a record."""

    start: int
    end: int
    entry: int
    record: int

    @property
    def ref(self) -> str:
        """The record's name."""
        return f"{self.entry}.{self.record}"


class Flows(Protocol):
    """Where a trace reads: a store's indexes, an audit's memory, or the entries of a bundle."""

    books: Books

    def outflows(self, tape: str, start: int, end: int) -> Iterable[Passage]:
        """Flows out of a tape that overlap [start, end), ascending."""

    def inflows(self, tape: str, start: int, end: int) -> Iterable[Passage]:
        """Flows into a tape that overlap [start, end), gifts included, ascending."""

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound."""

    def claims_on(self, entry: int, record: int) -> Iterable[tuple[str, dict[str, Any]]]:
        """(reference of the record that claims, its facts) of every claim about a record, ascending."""


class Piece(NamedTuple):
    """Units [start, end) of the tape where the trace began, and what became of them: they are `state`, at [at_start, at_end) of
    `tape`, or left it there; `path` names the records they went through, the last one being that which put them where they are."""

    start: int
    end: int
    state: str
    tape: str
    at_start: int
    at_end: int
    path: tuple[str, ...]
    level: str = ""


class Origin(NamedTuple):
    """Units [start, end) of what the trace began with came in by record `ref` as units [at_start, at_end) of `tape`.

    `shared`: at an edge a unit stands behind two origins (rounding where two units of account differ)."""

    start: int
    end: int
    ref: str
    tape: str
    at_start: int
    at_end: int
    path: tuple[str, ...]
    shared: bool = False


class _Link(NamedTuple):
    """How units of one tape map back to those of the tape before: [start, start + length) there are the units `offset` … of `a`
    out, which became [base, base + b) here. `exact`: of a walk back, no hop so far has changed amounts."""

    parent: _Link | None
    ref: str
    start: int
    length: int
    offset: int
    a: int
    b: int
    base: int
    exact: bool = False

    def back(self, start: int, end: int) -> Span:
        """A range here, as the range there that maps into it; may be empty."""
        low, high = preimage(start - self.base, end - self.base, self.a, self.b)
        low, high = max(low, self.offset), min(high, self.offset + self.length)
        return low - self.offset + self.start, high - self.offset + self.start

    def forth(self, start: int, end: int) -> tuple[Span, bool]:
        """A range of the tape that a backward trace reached, as the range of the tape it came from, and whether it is shared."""
        low, high = start - self.start + self.offset, end - self.start + self.offset
        if self.b > self.a:
            there = (low * self.b // self.a, high * self.b // self.a)
        else:
            there = (low * self.b // self.a, -(-high * self.b // self.a))
        return (there[0] + self.base, there[1] + self.base), bool(low * self.b % self.a or high * self.b % self.a)


Step = tuple[str, int, int, _Link | None]


def forward(flows: Flows, tape: str, start: int, end: int) -> list[Piece]:
    """What became of the units [start, end) of a tape: pieces that tile the range, ascending."""
    pieces: list[Piece] = []
    todo: list[Step] = [(tape, start, end, None)]
    while todo:
        name, low, high, link = todo.pop()
        at = low
        for passage in flows.outflows(name, low, high):
            cut, stop = max(passage.start, low), min(passage.end, high)
            pieces.extend(_resting(flows, link, name, at, cut))
            target, at = flows.target(passage.entry, passage.record), cut
            for hop, offset, reach in _hops_between(target.record.hops(target.rows), name, cut, stop):
                _follow(flows, passage.ref, target.record, hop, offset, (name, at, reach, link), todo, pieces)
                at = reach
        pieces.extend(_resting(flows, link, name, at, high))
    return sorted(pieces)


def _resting(flows: Flows, link: _Link | None, tape: str, start: int, end: int) -> list[Piece]:
    return _piece(link, start, end, place_state(flows.books, tape), "", tape, start) if start < end else []


def _follow(
    flows: Flows, ref: str, record: Any, hop: Hop, offset: int, step: Step, todo: list[Step], pieces: list[Piece]
) -> None:
    """Through one hop of a record: on to the tape it feeds, or to the state in which it leaves the units."""
    tape, start, end, link = step
    size = sum(high - low for low, high in hop.out)
    into = hop.span if hop.into else (0, size)
    here = _Link(link, ref, start, end - start, offset, size, into[1] - into[0], into[0])
    if hop.into:
        low, high = image(offset, offset + end - start, size, here.b)
        todo.append((hop.into, low + here.base, high + here.base, here))
        return
    last = (End(offset, offset + end - start, hop.state),) if hop.state else ()
    for part in last or record.ends(flows.books, ref, offset, offset + end - start):
        if part.tape:
            back = _Link(here, part.ref, part.start, part.end - part.start, part.start, size, size, part.at - part.start)
            todo.append((part.tape, part.at, part.at + part.end - part.start, back))
        else:
            pieces.extend(_piece(here, part.start, part.end, part.state, part.level, tape, part.start - offset + start))


def _piece(link: _Link | None, start: int, end: int, state: str, level: str, tape: str, at: int) -> list[Piece]:
    """Map a range back through every hop; nothing where no unit maps into it."""
    low, high, path = start, end, []
    while link is not None:
        path.append(link.ref)
        low, high = link.back(low, high)
        link = link.parent
    return [Piece(low, high, state, tape, at, at + end - start, tuple(reversed(path)), level)] if low < high else []


def _hops_between(hops: Sequence[Hop], tape: str, start: int, end: int) -> Iterator[tuple[Hop, int, int]]:
    """The hops that take the units [start, end) of a tape, which are one flow of the record, in order: the number of the first unit
    among those the hop takes, and where the next hop begins. A payment for goods takes its units in one flow, and has a hop for
    each of the goods."""
    while start < end:
        hop, offset, reach = _hop_at(hops, tape, start)
        yield hop, offset, min(reach, end)
        start = reach


def _hop_at(hops: Sequence[Hop], tape: str, start: int) -> tuple[Hop, int, int]:
    """The hop that takes unit `start` of a tape, that unit's number among those the hop takes, and the end of their range."""
    for hop in hops:
        offset = 0
        for low, high in hop.out if hop.out_tape == tape else ():
            if low <= start < high:
                return hop, offset + start - low, high
            offset += high - low
    raise AssertionError("the index names a flow that its record does not have")


def backward(flows: Flows, tape: str, start: int, end: int) -> list[Origin]:
    """Which inflows the units [start, end) of a tape came in by: origins that cover the range, ascending, none twice."""
    return sorted(origin for origin, _ in walk_back(flows, tape, start, end))


def walk_back(flows: Flows, tape: str, start: int, end: int) -> Iterator[tuple[Origin, bool]]:
    """The origins of `backward` one after the other, in the order of the units that they stand behind, looking at no more of the
    ledger than is asked for. With each, whether it is unit for unit: then nothing else stands behind these units, and a walk that
    begins where it ends goes on as this one does."""
    ways = _Ways((start, end))
    todo = [_entering(flows, [(tape, start, end, None)])]
    while todo:
        found = next(todo[-1], None)
        if found is None:
            todo.pop()
            continue
        passage, (name, low, high, link) = found
        cut, stop = max(passage.start, low), min(passage.end, high)
        steps = _steps_back(flows, passage, name, cut, stop, link)
        if steps:
            todo.append(_entering(flows, [step for step in steps if ways.is_new(step)]))
            continue
        exact = link is None or link.exact
        origin = _origin(link, passage.ref, name, cut, stop, (start, end))
        if exact or ways.is_first(origin):
            yield origin, exact


def _entering(flows: Flows, steps: Sequence[Step]) -> Iterator[tuple[Passage, Step]]:
    for step in steps:
        for passage in flows.inflows(*step[:3]):
            yield passage, step


class _Ways:
    """Where a walk back was. Money that was crushed together and spread again is reached by many ways; where one of them leads to
    the same units, for the same units asked about, it says nothing new."""

    def __init__(self, whole: Span) -> None:
        self._whole = whole
        self._first: dict[tuple[str, int, int], _Link | None] = {}
        self._images: dict[tuple[str, int, int], set[Span]] = {}
        self._origins: set[Origin] = set()

    def is_new(self, step: Step) -> bool:
        """Whether the step leads where none did."""
        tape, start, end, link = step
        place = (tape, start, end)
        if place not in self._first:
            self._first[place] = link
            return True
        images = self._images.setdefault(place, {self._image(step, self._first[place])})
        image = self._image(step, link)
        new = image not in images
        images.add(image)
        return new

    def is_first(self, origin: Origin) -> bool:
        """Whether the origin was not found yet, by whatever path."""
        bare = origin._replace(path=())
        new = bare not in self._origins
        self._origins.add(bare)
        return new

    def _image(self, step: Step, link: _Link | None) -> Span:
        (low, high), _, _ = _forth(link, step[1], step[2], self._whole)
        return low, high


def _steps_back(
    flows: Flows, passage: Passage, tape: str, start: int, end: int, link: _Link | None
) -> list[Step]:
    """The ranges out of which a record fed these units; none where it took them from outside the ledger."""
    target = flows.target(passage.entry, passage.record)
    out_tape, spans, into = _source(flows, target, tape, passage)
    if not spans:
        return []
    a, b = sum(high - low for low, high in spans), into[1] - into[0]
    low, high = behind(start - into[0], end - into[0], a, b)
    exact = a == b and (link is None or link.exact)
    steps: list[Step] = []
    offset = 0
    for first, last in spans:
        cut, stop = max(first, first + low - offset), min(last, first + high - offset)
        if cut < stop:
            here = _Link(link, passage.ref, cut, stop - cut, offset + cut - first, a, b, into[0], exact)
            steps.append((out_tape, cut, stop, here))
        offset += last - first
    return steps


def _source(flows: Flows, target: Target, tape: str, passage: Passage) -> tuple[str, Sequence[Span], Span]:
    for hop in target.record.hops(target.rows):
        if hop.into == tape and hop.span[0] <= passage.start < hop.span[1]:
            return hop.out_tape, hop.out, hop.span
    returned = target.record.brings_back(flows.books, passage.ref)
    if returned is None:
        return "", (), (0, 0)
    entry, record, first, last = returned
    payment = flows.target(entry, record)
    spans = [span for _, span in outs(payment.rows)]
    ((_, into),) = ins(target.rows)
    return outs(payment.rows)[0][0], cut_spans(spans, first, last), into


def _origin(link: _Link | None, ref: str, tape: str, start: int, end: int, whole: Span) -> Origin:
    (low, high), path, shared = _forth(link, start, end, whole)
    return Origin(low, high, ref, tape, start, end, tuple(reversed(path)), shared)


def _forth(link: _Link | None, start: int, end: int, whole: Span) -> tuple[Span, list[str], bool]:
    """Map a range forth through every hop. Rounded up it may reach beyond what was followed there; that is cut off."""
    low, high, path, shared = start, end, [], False
    while link is not None:
        (low, high), rounded = link.forth(low, high)
        shared = shared or rounded
        path.append(link.ref)
        link = link.parent
        first, last = (link.start, link.start + link.length) if link else whole
        low, high = max(low, first), min(high, last)
    return (low, high), path, shared
