"""Following money (books §1, §4): where units went, and where they came from.

`forward` follows a range of a tape through every hop until each unit rests or has left, and reports each piece in the units it
started from. `backward` goes from a range to the inflows that brought it in. Neither recurses: a chain can be as long as a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from .flows import Hop, Target, by_tape, ins, outs
from .life import End, place_state
from .state import Books
from .tape import Span, behind, cut_spans, image, preimage


class Passage(NamedTuple):
    """A flow that an index finds: units [start, end) of the tape asked about, moved by a record."""

    start: int
    end: int
    entry: int
    record: int

    @property
    def ref(self) -> str:
        """The record's name."""
        return f"{self.entry}.{self.record}"


class Flows(Protocol):
    """What a trace reads from: a store's indexes, an audit's memory, or the entries of a bundle."""

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
    """Units [start, end) of the tape where the trace began, and what became of them: they are in `state`, at [at_start, at_end) of
    `tape`, or left the ledger from there; the fee of a gift is on no tape, "". `path` names the records they went through; the last
    one put them where they are."""

    start: int
    end: int
    state: str
    tape: str
    at_start: int
    at_end: int
    path: tuple[str, ...]
    level: str = ""


class Origin(NamedTuple):
    """Units [start, end) of the range that the trace began with came in by record `ref`, as units [at_start, at_end) of `tape`.

    `shared`: because of rounding between two units of account, a unit at an edge comes from two origins."""

    start: int
    end: int
    ref: str
    tape: str
    at_start: int
    at_end: int
    path: tuple[str, ...]
    shared: bool = False


class _Link(NamedTuple):
    """How units of one tape map back to units of the tape before (`parent` maps further back): [start, start + length) there are
    the units number `offset` … of `a` out, which became [base, base + b) here. `exact`: in a backward trace, no hop so far has
    changed amounts."""

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
        """The range of the tape before whose units map into this range; may be empty."""
        # The preimage is exact for all `a` units out. Clipping keeps those that were followed: where the images of two neighbours
        # share a unit, each link still counts only its own units.
        low, high = preimage(start - self.base, end - self.base, self.a, self.b)
        low, high = max(low, self.offset), min(high, self.offset + self.length)
        return low - self.offset + self.start, high - self.offset + self.start

    def forth(self, start: int, end: int) -> tuple[Span, bool]:
        """In a backward trace, a range of the tape reached, as a range of the tape it leads to; and whether rounding shares an
        edge."""
        # Unit u out became the values from u·b/a to (u+1)·b/a, so neighbours meet at a value, perhaps within a unit in. With b > a
        # each unit in belongs to one u (see `behind`), so both edges round down. With b ≤ a the range is rounded outwards, to every
        # unit in that got some of it. Either way neighbours touch or overlap by a unit: rounding leaves no unit uncovered.
        low, high = start - self.start + self.offset, end - self.start + self.offset
        if self.b > self.a:
            there = (low * self.b // self.a, high * self.b // self.a)
        else:
            there = (low * self.b // self.a, -(-high * self.b // self.a))
        return (there[0] + self.base, there[1] + self.base), bool(low * self.b % self.a or high * self.b % self.a)


Step = tuple[str, int, int, _Link | None]


def forward(flows: Flows, tape: str, start: int, end: int) -> list[Piece]:
    """What became of the units [start, end) of a tape: pieces that tile the range, ascending."""
    # Every hop maps the units out in order to units in (u ↦ ⌊u·b/a⌋), so a chain of hops is a map that never decreases, and what
    # maps into a range is a range: the preimage through each hop in turn. That is why following whole ranges is as exact as
    # following each unit. Each unit followed has one image at every hop. The outflows and the gaps between them tile every range,
    # so their preimages tile the range asked about. It ends because a record takes out only units that came in by an earlier
    # record, and units that come back come in by a later one: along a chain the records ascend. A log's fold sees to that; for a
    # bundle, `bundle.order.disorder` checks it.
    pieces: list[Piece] = []
    todo: list[Step] = [(tape, start, end, None)]
    while todo:
        name, low, high, link = todo.pop()
        at = low
        for passage in flows.outflows(name, low, high):
            cut, stop = max(passage.start, low), min(passage.end, high)
            pieces.extend(_resting(flows, link, name, at, cut))
            target, at = flows.target(passage.entry, passage.record), cut
            for hop, offset, reach in _hops_between(_hops(flows, target, passage.ref), name, cut, stop):
                _follow(flows, passage.ref, target.record, hop, offset, (name, at, reach, link), todo, pieces)
                at = reach
        pieces.extend(_resting(flows, link, name, at, high))
    return sorted(pieces)


def _hops(flows: Flows, target: Target, ref: str) -> Sequence[Hop]:
    """The hops of a record. If a purchase or an exchange is void, its units did not become anything: they came back."""
    came_back = flows.books.back.get(f"{ref}/0") is not None
    return [Hop(*out) for out in by_tape(outs(target.rows))] if came_back else target.record.hops(target.rows)


def _resting(flows: Flows, link: _Link | None, tape: str, start: int, end: int) -> list[Piece]:
    return _piece(link, start, end, place_state(flows.books, tape), "", tape, start) if start < end else []


def _follow(
    flows: Flows, ref: str, record: Any, hop: Hop, offset: int, step: Step, todo: list[Step], pieces: list[Piece]
) -> None:
    """Follow one hop of a record: on to the tape it feeds, or to the state in which it leaves the units."""
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
    """The range mapped back through every hop, as a piece; no piece if no unit maps into it."""
    low, high, path = start, end, []
    while link is not None:
        path.append(link.ref)
        low, high = link.back(low, high)
        link = link.parent
    return [Piece(low, high, state, tape, at, at + end - start, tuple(reversed(path)), level)] if low < high else []


def _hops_between(hops: Sequence[Hop], tape: str, start: int, end: int) -> Iterator[tuple[Hop, int, int]]:
    """The hops that take the units [start, end) of a tape, which are one flow of the record, in order. With each: the number of its
    first unit here among the units that the hop takes, and where the next hop begins. A payment for goods takes its units in one
    flow, but has a hop for each of the goods."""
    while start < end:
        hop, offset, reach = _hop_at(hops, tape, start)
        yield hop, offset, min(reach, end)
        start = reach


def _hop_at(hops: Sequence[Hop], tape: str, start: int) -> tuple[Hop, int, int]:
    """The hop that takes unit `start` of a tape, the number of that unit among those the hop takes, and the end of their range."""
    for hop in hops:
        offset = 0
        for low, high in hop.out if hop.out_tape == tape else ():
            if low <= start < high:
                return hop, offset + start - low, high
            offset += high - low
    raise AssertionError("the index names a flow that its record does not have")


def backward(flows: Flows, tape: str, start: int, end: int) -> list[Origin]:
    """The inflows that brought in the units [start, end) of a tape: origins that cover the range, ascending, without duplicates."""
    return sorted(origin for origin, _ in walk_back(flows, tape, start, end))


def walk_back(flows: Flows, tape: str, start: int, end: int) -> Iterator[tuple[Origin, bool]]:
    """The origins of `backward` one by one, in the order of the units that they brought in, reading only as much of the ledger as
    is asked for. With each, whether it maps unit for unit. If so, no other origin brought in these units, and a walk that begins
    where this origin ends continues as this walk does."""
    # `behind` gives every unit out that became any of the units in, and `forth` maps parts of it to ranges that leave no gap, so
    # the origins cover what was asked about. A walk ends for the same reason as in `forward`: along a chain back the records
    # descend. Skipping a way leaves no gap: the first way to the same units found their origins, and covered the same units asked
    # about.
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
    """The places that a backward walk has reached. Money that exchanges merged and spread again is reached in many ways. A way that
    leads to the same units, for the same units asked about, adds nothing."""

    def __init__(self, whole: Span) -> None:
        self._whole = whole
        self._first: dict[tuple[str, int, int], _Link | None] = {}
        self._images: dict[tuple[str, int, int], set[Span]] = {}
        self._origins: set[Origin] = set()

    def is_new(self, step: Step) -> bool:
        """Whether no earlier step led to the same units for the same units asked about."""
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
        """Whether the origin is new, by whatever path."""
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
    """The ranges from which a record fed these units; none if it brought them in from outside the ledger."""
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
    returned = target.record.brings_back(flows.books, passage.ref)
    if returned is None:
        for hop in target.record.hops(target.rows):
            if hop.into == tape and hop.span[0] <= passage.start < hop.span[1]:
                return hop.out_tape, hop.out, hop.span
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
    """The range mapped forth through every hop. Rounding up may reach beyond the range that was followed; the excess is cut off."""
    low, high, path, shared = start, end, [], False
    while link is not None:
        (low, high), rounded = link.forth(low, high)
        shared = shared or rounded
        path.append(link.ref)
        link = link.parent
        first, last = (link.start, link.start + link.length) if link else whole
        low, high = max(low, first), min(high, last)
    return (low, high), path, shared
