"""The rows of public registers."""

from __future__ import annotations

from typing import NamedTuple


class Registered(NamedTuple):
    """The party that has an identifier of a public register, since the entry that admitted it."""

    party: str
    since: int
