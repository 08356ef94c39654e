"""The row of a timestamp."""

from __future__ import annotations

from typing import NamedTuple


class StampRow(NamedTuple):
    """A timestamp, as the operator recorded it in `ref`: at `time` (UTC) the log had `size` entries with this root, in hex. By
    `authority`; `digest` is the SHA-256 of its token's file, in hex."""

    size: int
    root: str
    time: str
    authority: str
    digest: str
    ref: str
