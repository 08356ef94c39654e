"""What the running command has done so far and will not undo: shown if its result cannot be shown, or if it is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ledger.canonical import JsonObject


AGAIN = "run the same command again"


@dataclass
class SoFar:
    """`recorded` says what was recorded, `made` which files were made, `reached` how far it got, `again` what to type to continue.
    Each is part of a sentence, "" if there is nothing to say. `result` is the document that was due on stdout. `then` is done after
    the result was shown, because nobody should wait for it."""

    recorded: str = ""
    made: str = ""
    reached: str = ""
    again: str = ""
    result: JsonObject = field(default_factory=dict)
    then: Callable[[], None] = lambda: None

    def stays(self) -> str:
        """What was done, whatever happens next."""
        return "; ".join(part for part in (self.recorded, self.made) if part)

    def failed(self, message: str, passes: bool) -> str:
        """An error, and what was done all the same. If the error `passes`, it ends with what to type after that: the same command,
        unless `again` says otherwise or everything is done."""
        stays = self.stays()
        again = (self.again or ("" if stays else AGAIN)) if passes else ""
        return " and ".join(filter(None, (message, again))) if not stays else "; ".join(filter(None, (message, stays, again)))

    def broken_off(self) -> str:
        """The same after Ctrl-C, and how to continue. If nothing was done, the command can be run again as it is."""
        parts = [self.reached, self.stays(), self.again]
        if not any(parts[1:]):
            parts[1:] = ["" if self.reached else "nothing was changed", AGAIN]
        return "; ".join(part for part in parts if part)


def start_over(directory: Path) -> str:
    """What to type after an interrupt while a directory was made. A directory that was there before is not ours to remove."""
    return f"{AGAIN} with another directory" if directory.exists() else f"remove {directory}, and {AGAIN}"


def so_far() -> SoFar:
    """The one of the running command; an empty one if no command is running."""
    ctx = click.get_current_context(silent=True)
    return (ctx.find_object(SoFar) if ctx is not None else None) or SoFar()
