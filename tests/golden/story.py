"""The story of the golden ledger: every kind of record, and every way money goes. Amounts are small, so that they can be followed
with a pencil; each chapter is a few days."""

from __future__ import annotations

from .banking import banking
from .closing import changing, correcting, keeping
from .opening import giving, programme, registry
from .returning import returning
from .spending import answering, buying, moving
from .telling import Telling
from .undoing import undoing

CHAPTERS = (registry, programme, giving, moving, buying, answering, changing, correcting, undoing, returning, banking, keeping)


def tell(telling: Telling) -> None:
    """The whole story, in order."""
    for chapter in CHAPTERS:
        chapter(telling)
