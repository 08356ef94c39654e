"""What the command that runs has done so far, and stays: told where its result cannot be shown, or where it is broken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ledger.canonical import JsonObject


AGAIN = "run the same command again"


@dataclass
class SoFar:
    """`recorded` says what the ledger got, `made` which files there are now, `reached` how far it came, `again` what to type to go
    on; all are parts of a sentence, "" where there is nothing to say. `result` is the document that was to be shown."""

    recorded: str = ""
    made: str = ""
    reached: str = ""
    again: str = ""
    result: JsonObject = field(default_factory=dict)

    def stays(self) -> str:
        """What stays, whatever comes after."""
        return "; ".join(part for part in (self.recorded, self.made) if part)

    def failed(self, message: str, passes: bool) -> str:
        """An error, and what stays all the same. One that `passes` ends with what to type then: the command as it was, unless it
        says otherwise or is done."""
        stays = self.stays()
        again = (self.again or ("" if stays else AGAIN)) if passes else ""
        return " and ".join(filter(None, (message, again))) if not stays else "; ".join(filter(None, (message, stays, again)))

    def broken_off(self) -> str:
        """The same after Ctrl-C, and how to go on. Where nothing stays, the command can be run again as it is."""
        parts = [self.reached, self.stays(), self.again]
        if not any(parts[1:]):
            parts[1:] = ["" if self.reached else "nothing was changed", AGAIN]
        return "; ".join(part for part in parts if part)


def start_over(directory: Path) -> str:
    """What to type when the making of a directory was broken off. What was there before is not for us to remove."""
    return f"{AGAIN} with another directory" if directory.exists() else f"remove {directory}, and {AGAIN}"


def so_far() -> SoFar:
    """That of the command that runs; outside of one, an empty one."""
    ctx = click.get_current_context(silent=True)
    return (ctx.find_object(SoFar) if ctx is not None else None) or SoFar()
