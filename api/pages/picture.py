"""The picture that other sites show beside a link to a project: the mark, and how far its money has come, as bars (PNG). It has no
words, because a server has no typeface for every name; the link beside it has them."""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

from ledger.view.snapshot import Snapshot
from ledger.view.traceability import STAGES

from .badge import facts_of
from .page_request import Asked, Page
from .shares import BAR
from .totals import Reach

WIDTH, HEIGHT = 1200, 630
MARGIN, GAP = 60, 30
MARK, BELOW = 150, 60
"""The size of the mark, and the space below it."""
MOST_BARS = 3
INNER = WIDTH - 2 * MARGIN
STEP = 12
"""The size of a pattern, in pixels."""
INK = (22, 24, 26)
EMPTY_PLACE, INK_PLACE, STAGE_PLACE = 1, 2, 3
"""Where the colours are in the palette; 0 is the ground."""
GROUND = (255, 255, 255)
EMPTY = (217, 217, 212)
COLOURS = {
    "reported": (10, 77, 51), "reported-self": (10, 77, 51), "signed": (44, 125, 81), "self": (44, 125, 81), "paid": (163, 95, 0),
    "disputed": (168, 32, 106), "allocated": (43, 102, 168), "held": (79, 131, 184), "fee": (115, 82, 154),
    "written-off": (155, 44, 34),
}  # fmt: skip
"""The colours of the stages on a light background, as in pages.css."""
PIECES = ((16, 66), (79, 129), (142, 192), (205, 255), (268, 318))
"""The pieces of the ring of the mark, in degrees clockwise from the right."""


def picture(snapshot: Snapshot, asked: Asked) -> Page:
    """A PNG of 1200 by 630 pixels. Raises NotFound."""
    bars = [bar for bar in facts_of(snapshot, asked)["reach"] if bar.row.base][:MOST_BARS]
    return Page("", {}, raw=png(rows_of(bars)))


def rows_of(bars: list[Reach]) -> list[bytes]:
    """The rows of pixels, each pixel the number of a colour: the mark, and a bar for each of the first units."""
    ground = bytes(WIDTH)
    drawn = [_bar(bar) for bar in bars] or [[_within(bytes([EMPTY_PLACE]) * INNER)]]
    top = MARGIN + MARK + BELOW
    height = (HEIGHT - top - MARGIN - GAP * (len(drawn) - 1)) // len(drawn)
    rows = [*([ground] * MARGIN), *_mark(), *([ground] * BELOW)]
    for number, bar in enumerate(drawn):
        rows += [ground] * (GAP if number else 0) + [bar[y % len(bar)] for y in range(height)]
    return rows + [ground] * (HEIGHT - len(rows))


def _within(inner: bytes) -> bytes:
    return bytes(MARGIN) + inner + bytes(MARGIN)


def _bar(bar: Reach) -> list[bytes]:
    """The rows of a bar, which repeat: the same patterns as on the pages, twice as large."""
    rows = []
    for y in range(STEP):
        row = bytearray(INNER)
        for part in bar.parts:
            place = STAGE_PLACE + STAGES.index(part.stage)
            for x in range(part.start * INNER // BAR, (part.start + part.width) * INNER // BAR):
                row[x] = place if _is_inked(part.stage, x % STEP, y) else 0
        rows.append(_within(bytes(row)))
    return rows


def _is_inked(stage: str, x: int, y: int) -> bool:
    """Whether a pixel of a stage's pattern has its colour."""
    if stage in ("reported-self", "self"):
        return (x + y) % STEP < 8
    if stage == "paid":
        return x < 8
    if stage == "allocated":
        return y < 7
    if stage == "held":
        return (x - 6) ** 2 + (y - 6) ** 2 <= 9
    if stage == "fee":
        return not (4 <= x < 8 and 4 <= y < 8)
    if stage == "disputed":
        return y >= 2 * abs(x - 6)
    return stage != "written-off" or (x + y) % STEP < 4 or (x - y) % STEP < 4


@cache
def _mark() -> list[bytes]:
    """The rows of the mark: five pieces of a ring, and the disc that came of it."""
    rows = []
    for y in range(MARK):
        row = bytearray(WIDTH)
        for x in range(MARK):
            row[MARGIN + x] = _of_mark(32 * x / MARK - 16, 32 * y / MARK - 16)
        rows.append(bytes(row))
    return rows


def _of_mark(x: float, y: float) -> int:
    """The colour at a place of the mark, which is 32 wide and high; (0, 0) is its middle."""
    if math.hypot(x - 2.4, y) <= 4.3:
        return STAGE_PLACE
    angle = math.degrees(math.atan2(y, x)) % 360
    on_ring = 8.5 <= math.hypot(x, y) <= 13.5
    return INK_PLACE if on_ring and any(start <= angle <= end for start, end in PIECES) else 0


def png(rows: list[bytes]) -> bytes:
    """A PNG with a palette (ISO/IEC 15948), one byte per pixel."""
    palette = b"".join(bytes(colour) for colour in (GROUND, EMPTY, INK, *(COLOURS[stage] for stage in STAGES)))
    head = struct.pack(">IIBBBBB", WIDTH, len(rows), 8, 3, 0, 0, 0)
    dots = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", dots), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
