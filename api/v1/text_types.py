"""Types for text with a meaning, so that tables know what is in a column: references, days, times and sums."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

REF = r"^(?:0|[1-9][0-9]{0,15})\.(?:0|[1-9][0-9]{0,2})$"
REF_SAID, DAY_SAID, TIME_SAID, SUM_SAID = "reference", "day", "moment", "sum"

RefSaid = Annotated[str, Field(pattern=REF), REF_SAID]
DaySaid = Annotated[str, Field(json_schema_extra={"format": "date"}), DAY_SAID]
TimeSaid = Annotated[str, Field(json_schema_extra={"format": "date-time"}), TIME_SAID]
SumSaid = Annotated[int, Field(ge=0), SUM_SAID]
"""Minor units of many records together, which may need more than 64 bits."""
SignedSumSaid = Annotated[int, SUM_SAID]
"""The same, below 0 for what is taken away."""
HEX = r"^[0-9a-f]{64}$"
