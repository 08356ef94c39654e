"""What a monitor raises, and which alarms of a round are the same as those of the round before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from ..canonical import JsonObject
from ..errors import FormatError
from .markup import safe

MAX_ALARMS = 1000
SILENT = ("missing", "unreachable")
"""Rules of alarms that say nothing false about a log: it did not answer, or a file was missing."""
OF_A_PLACE = ("checkpoint", "checkpoint-signature")
"""Rules of alarms that, about a note of another place, say nothing about the log."""


class Alarm(NamedTuple):
    """`rule` and `message` say what is wrong with the checkpoint of `log` at `size` entries with `root` (hex); `size` is 0 and
    `root` "" if it has none. `place` is where the checkpoint was found, "" for the log's own address. `evidence` are file names
    in the monitor's folder. The alarm was first raised at `seen_at` and last at `again_at`; `told` says whether the webhook took
    it."""

    log: str
    size: int
    root: str
    rule: str
    message: str
    place: str = ""
    evidence: tuple[str, ...] = ()
    seen_at: str = ""
    again_at: str = ""
    told: bool = False

    @property
    def id(self) -> str:
        """A URN that stays the same whatever else happens."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, safe(' '.join(map(str, (*self._about(), self.seen_at)))))}"

    @property
    def is_false(self) -> bool:
        """Whether something was found to be false, and not only missing."""
        return self.rule not in SILENT

    @property
    def weight(self) -> int:
        """How much it says about the log: 0 if nothing false, 1 if only something of a place that keeps a false note."""
        return 0 if not self.is_false else 1 if self.place and self.rule in OF_A_PLACE else 2

    def same_as(self, other: Alarm) -> bool:
        """Whether both say the same thing of the same checkpoint."""
        return self._about() == other._about()

    def _about(self) -> tuple[object, ...]:
        return self.log, self.size, self.root, self.rule, self.place

    def as_json(self) -> JsonObject:
        """The alarm as the webhook receives it."""
        return {
            "log": self.log, "size": self.size, "root": self.root, "rule": self.rule, "message": self.message,
            "seen_at": self.seen_at, "evidence": list(self.evidence),
        }  # fmt: skip

    def kept(self) -> JsonObject:
        """The alarm as the monitor's folder keeps it."""
        return {**self.as_json(), "place": self.place, "again_at": self.again_at, "told": self.told}

    @classmethod
    def read(cls, value: JsonObject) -> Alarm:
        """Inverse of `kept`. Raises FormatError."""
        try:
            alarm = cls(**{**value, "evidence": tuple(value["evidence"])})
            words = (*alarm[:1], *alarm[2:6], *alarm.evidence, alarm.seen_at, alarm.again_at)
            if all(isinstance(word, str) for word in words) and type(alarm.size) is int and type(alarm.told) is bool:
                return alarm
        except (TypeError, KeyError):
            pass
        raise FormatError("an alarm does not have its members", rule="monitor")


def raised(before: Sequence[Alarm], found: Iterable[Alarm], last_round: str, now: str) -> tuple[list[Alarm], list[Alarm]]:
    """All alarms after a round that found some, and those of this round. An alarm that the round before had too continues; one that
    comes back after a round without it is a new one.

    At most `MAX_ALARMS` are kept. First those go that say nothing false, then those that say something only of who keeps a note, so
    that a place full of them cannot push out what the log did; then the oldest.
    """
    alarms, current = list(before), []
    for one in found:
        at = next((i for i, old in enumerate(alarms) if old.same_as(one) and last_round and old.again_at == last_round), None)
        if at is None:
            current.append(one._replace(seen_at=now, again_at=now))
        else:
            current.append(alarms.pop(at)._replace(again_at=now))
    alarms += current
    while len(alarms) > MAX_ALARMS:
        alarms.remove(min(alarms, key=lambda alarm: alarm.weight))
    return alarms, current
