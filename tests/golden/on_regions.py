"""Mutations of statistics by region, which would tell where few gifts came from."""

from __future__ import annotations

from typing import Any

from .on_forms import regions
from .on_void import GAVE, undone
from .tabled import by, case, gift
from .telling import a

RIVER = "river.xu2"
CROWD = [gift("river-relief", 1) for _ in range(100)]


def counted(f_from: str, amount: int, *cells: tuple[str, int, int]) -> dict[str, Any]:
    """What was given to the charity since its last statistics; `f_from` names the entry of those."""
    said = {"fund": "river-relief", "unit": "CNY", "amount": amount, "cells": regions(*cells or (("other", 100, 100),))}
    return a("regional-statistics", from_size=f_from, **said)


case("statistics-cell-of-nine", "A region has ten gifts, and then one has nine.", "statistics-cell",
     by(RIVER, *CROWD), by(RIVER, counted("regions", 100, ("CN-GZ", 90, 90), ("other", 10, 10))),
     by(RIVER, *CROWD), by(RIVER, counted("second", 100, ("CN-GZ", 91, 91), ("other", 9, 9))))
case("statistics-cell-of-a-range-of-99", "Ninety-nine gifts are split into regions.", "statistics-cell",
     by(RIVER, *CROWD[1:]), by(RIVER, counted("regions", 99, ("CN-GZ", 89, 89), ("other", 10, 10))))
case("statistics-cell-of-one-region", "Nine gifts are said to come from one region.", "statistics-cell",
     by(RIVER, *CROWD[:9]), by(RIVER, counted("regions", 9, ("CN-GZ", 9, 100))))
case("statistics-cell-of-ranges-that-overlap", "A range begins before the one before it ended.", "statistics-cell",
     by(RIVER, *CROWD), by(RIVER, counted("last", 100)))
case("statistics-total-of-a-range", "Statistics by region count a gift of their own statement, and then leave out one before it.",
     "statistics-total",
     by(RIVER, *CROWD[:3]), by(RIVER, gift("river-relief", 1), counted("regions", 3, ("other", 3, 100))),
     by(RIVER, *CROWD[:2]), by(RIVER, counted("second", 2, ("other", 2, 100))))
case("statistics-total-of-the-amount-of-a-range", "The amount of a range is one unit too high.", "statistics-total",
     by(RIVER, *CROWD[:3]), by(RIVER, counted("regions", 4, ("other", 3, 100))))
case("statistics-total-of-a-void-gift", "A gift that is void was entered all the same, and statistics leave it out.",
     "statistics-total", by(RIVER, gift("river-relief", 7)),
     by(RIVER, undone("first.0", gave={**GAVE, "fund": "river-relief", "amount": 7, "units": [[5950, 5957]]})),
     by(RIVER, *CROWD[:2]), by(RIVER, counted("regions", 2, ("other", 2, 100))))
case("authority-to-say-regional-statistics", "A charity says where gifts to another one came from.", "authority",
     by(RIVER, *CROWD[:3]), by("hope.wang", counted("regions", 3, ("other", 3, 100))))
