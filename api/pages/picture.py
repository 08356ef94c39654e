"""The picture that other sites show beside a link to a project: how far its gifts have come, as bars without words (PNG)."""

from __future__ import annotations

import struct
import zlib

from ledger.view.snapshot import Snapshot
from ledger.view.traceability import STAGES

from .badge import facts_of
from .page_request import Asked, Page
from .shares import BAR
from .totals import Reach

WIDTH, HEIGHT = 1200, 630
MARGIN, GAP = 60, 30
MOST_BARS = 4
GROUND = (255, 255, 255)
EMPTY = (217, 217, 212)
COLOURS = {
    "reported": (10, 77, 51), "reported-self": (10, 77, 51), "signed": (44, 125, 81), "self": (44, 125, 81), "paid": (163, 95, 0),
    "disputed": (168, 32, 106), "allocated": (43, 102, 168), "held": (79, 131, 184), "fee": (115, 82, 154),
    "written-off": (155, 44, 34),
}  # fmt: skip
"""The colours of the stages on a light background, as in pages.css."""


def picture(snapshot: Snapshot, asked: Asked) -> Page:
    """A PNG of 1200 by 630 pixels. Raises NotFound."""
    bars = [bar for bar in facts_of(snapshot, asked)["reach"] if bar.row.base][:MOST_BARS]
    return Page("", {}, raw=png(rows_of(bars)))


def rows_of(bars: list[Reach]) -> list[bytes]:
    """The rows of pixels, each pixel the number of a colour."""
    ground = bytes(WIDTH)
    drawn = [_bar(bar) for bar in bars] or [bytes(MARGIN) + bytes([1]) * (WIDTH - 2 * MARGIN) + bytes(MARGIN)]
    height = (HEIGHT - 2 * MARGIN - GAP * (len(drawn) - 1)) // len(drawn)
    rows = [ground] * MARGIN
    for number, row in enumerate(drawn):
        rows += [ground] * (GAP if number else 0) + [row] * height
    return rows + [ground] * (HEIGHT - len(rows))


def _bar(bar: Reach) -> bytes:
    row, inner = bytearray(WIDTH), WIDTH - 2 * MARGIN
    row[MARGIN : MARGIN + inner] = bytes([1]) * inner
    for part in bar.parts:
        start, end = (MARGIN + at * inner // BAR for at in (part.start, part.start + part.width))
        row[start:end] = bytes([2 + STAGES.index(part.stage)]) * (end - start)
    return bytes(row)


def png(rows: list[bytes]) -> bytes:
    """A PNG with a palette (ISO/IEC 15948), one byte per pixel."""
    palette = b"".join(bytes(colour) for colour in (GROUND, EMPTY, *(COLOURS[stage] for stage in STAGES)))
    head = struct.pack(">IIBBBBB", WIDTH, len(rows), 8, 3, 0, 0, 0)
    dots = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", dots), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
