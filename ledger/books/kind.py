"""The base class of kinds. Making a subclass registers it under the word of its `kind` field and checks what it declares.

A kind is a subclass of `Kind` in `ledger/books/kinds/` (or anywhere that is imported before the first statement is read). It says,
in rows (`rule.py`),

- `demands`: what must be true before it;
- `moves`: the units it moves;
- `remembers`: what the books remember of it.

What it names, it says by the types of its fields (`naming.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, get_args

from .field import label_of
from .kind_types import check_kind
from .record import GIVE_KEYS, KINDS, STAGES, Record, Rows
from .row_types import check_rows
from .rule import RULE_SETS, says


class Kind(Record):
    """Base of every kind. One class is one kind."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the kind under the literal of its `kind` field. Raises TypeError for a fault in the class, such as a row by
        which no record could be judged."""
        field = cls.model_fields.get("kind")
        if field is None:
            return
        (kind,) = get_args(field.annotation)
        if cls.stage not in STAGES:
            raise TypeError(f"{cls.__name__}: stage {cls.stage!r} must be one of {', '.join(STAGES)}")
        if kind in KINDS:
            raise TypeError(f"{cls.__name__}: the kind {kind!r} is {KINDS[kind].__name__} already; choose another name")
        check_kind(cls)
        KINDS[kind] = cls
        cls.gives_keys = any(says(word, cls.remembers) for word in GIVE_KEYS)
        if cls.alike is not None:
            cls.likeness = _likeness(cls.alike, cls.labelled)
        for demands in RULE_SETS.values():
            demands[kind] = cls.demands


def _likeness(alike: tuple[str, ...], labelled: str) -> Any:
    """What is equal in records that are alike."""
    values = attrgetter(*alike)
    if not labelled:
        return values
    reference = attrgetter(labelled)

    def likeness(record: Any) -> Any:
        return values(record), label_of(reference(record) or "")

    return staticmethod(likeness)


def declare_rules(name: str, demands: Mapping[str, Rows]) -> None:
    """Make a rule set, in which these kinds have these demands and all others keep those of their classes. Raises TypeError if the
    name is taken, a kind is unknown, or a row is wrong."""
    if name in RULE_SETS:
        raise TypeError(f"there is a rule set {name!r} already; choose another name")
    for kind, rows in demands.items():
        if kind not in KINDS:
            raise TypeError(f"the rule set {name!r}: there is no kind {kind!r}; declare it first")
        check_rows(KINDS[kind], "demands", rows, f"{name} of {kind}")
    RULE_SETS[name] = {**{kind: made.demands for kind, made in KINDS.items()}, **demands}
