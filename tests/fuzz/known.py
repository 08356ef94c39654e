"""Bugs that were found and are not mended yet, by the file in tests/vectors/fuzz that shows them.

`test_vectors.py` expects such a file to fail, and fails when it does not: then its line here goes. Until then fuzzing passes over
failures of the same kind, so that it finds others.
"""

from __future__ import annotations

import traceback
from typing import NamedTuple


class Known(NamedTuple):
    """What fails: in which targets, the type of what is raised, words that stand in `<file>.<function>: <message>` of where it was
    raised; and where the fault lies."""

    targets: tuple[str, ...]
    raises: type[Exception]
    words: str
    fault: str


KNOWN: dict[str, Known] = {}


def is_known(name: str, error: Exception) -> bool:
    """Whether a target fails in a way that is known."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{last.filename.rpartition('/')[2].removesuffix('.py')}.{last.name}: {error}"
    return any(name in known.targets and type(error) is known.raises and known.words in said for known in KNOWN.values())
