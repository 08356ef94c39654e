"""The check that the clock of the sequencer did not jump ahead: the log could not come back from that by itself."""

from __future__ import annotations

from ..books.moment import seconds
from ..errors import Refused

DAY_S = 24 * 3600
JUMP_DAYS, LONGEST_DAYS = 7, 366
"""After so many days without an entry, a statement signed at another time does not bear out the clock; after so many, none does:
most statements are signed by the clock of the same computer."""


def check_clock(before: str, time: str, signed_at: str) -> None:
    """Check the time of a new entry after one with the time `before`, "" if it is the first. Raises Refused (`clock`) if it is more
    than 7 days later and the statement was not signed within a day of it, or more than 366 days later."""
    if not before:
        return
    ahead_s = seconds(time) - seconds(before)
    agrees = abs(seconds(signed_at) - seconds(time)) <= DAY_S
    if ahead_s > LONGEST_DAYS * DAY_S or (ahead_s > JUMP_DAYS * DAY_S and not agrees):
        raise Refused(
            f"this computer's clock says {time}, {ahead_s // DAY_S} days after the last entry; if that is right, say so with "
            "--clock-is-right; otherwise set the clock",
            rule="clock",
        )
