"""What an attack is: what somebody does to a log or a bundle, what he holds for it, and what an auditor must say of it.

An attack is a function that tampers and yields, for each auditor who looks, what that auditor holds and what must be found. One
that cannot be found yields `unseen` with the reason, and then the same again with what would have to be at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

NOTHING, CHARITY, OPERATOR = "nothing", "a charity's key", "the operator's and the log's keys"
ATTACKERS = (NOTHING, CHARITY, OPERATOR)
POLICY, SAVED, LATER = "only the trust policy", "a saved checkpoint", "a later signer's statement"
LOG = "the whole log"
AUDITORS = (POLICY, SAVED, LATER, LOG)
WHOLE = -1
UNSEEN, REFUSED = "unseen", "refused"
EXIT_CODES = {"broken": 3, "unknown": 4, "audit": 0, UNSEEN: 0}
VERDICTS = {0: "verified", 3: "failed", 4: "could not verify"}

Found = tuple[str, int, int]


class Artefacts(NamedTuple):
    """What an auditor is handed: the files of a log, or else the bytes of a bundle; the text of a trust policy (empty: none);
    signed checkpoints (name, note) that were saved before; the day to judge overdue items (empty: the last entry's)."""

    policy: bytes
    files: dict[str, bytes] | None = None
    bundle: bytes = b""
    earlier: tuple[tuple[str, bytes], ...] = ()
    as_of: str = ""


class Outcome(NamedTuple):
    """What must be said: the finding `expect` of a class, and `also` what rightly follows from it. `unseen` has a reason, and says
    what would have to be known where no ledger holds it. `refused`: these are no bytes to judge, exit `code`."""

    kind: str
    expect: Found | None = None
    also: tuple[Found, ...] = ()
    more: bool = False
    reason: str = ""
    needs: str = ""
    code: int = 0

    @property
    def exit_code(self) -> int:
        """The exit code of `givetrail verify`."""
        return self.code if self.kind == REFUSED else EXIT_CODES[self.kind]


def broken(id: str, entry: int = WHOLE, record: int = WHOLE, also: tuple[Found, ...] = (), more: bool = False) -> Outcome:
    """It fails: exit 3. `more`: the fault is so near the root of everything that what else is found is not listed."""
    return Outcome("broken", (id, entry, record), also, more)


def unknown(id: str, entry: int = WHOLE, record: int = WHOLE, also: tuple[Found, ...] = (), more: bool = False) -> Outcome:
    """It cannot be verified: exit 4."""
    return Outcome("unknown", (id, entry, record), also, more)


def audit(id: str, entry: int, record: int, also: tuple[Found, ...] = (), more: bool = False) -> Outcome:
    """It is verified, with a finding for people to judge: exit 0, or 5 with `--fail-on audit`."""
    return Outcome("audit", (id, entry, record), also, more)


def refused(rule: str, code: int = 2) -> Outcome:
    """The bytes are no bundle, or one of a later version: no verdict is reached."""
    return Outcome(REFUSED, (rule, WHOLE, WHOLE), code=code)


def unseen(reason: str, needs: str = "") -> Outcome:
    """Nothing is found, and nothing can be with what the auditor holds. `needs`: what is in no ledger and would tell."""
    return Outcome(UNSEEN, reason=reason, needs=needs)


class Case(NamedTuple):
    """An attack before one auditor. The name of the first is the attack's."""

    name: str
    attack: Attack
    auditor: str
    outcome: Outcome
    artefacts: Artefacts


Hearing = Iterator[tuple[str, Outcome]]


class Attack(NamedTuple):
    """`name` is the function's, `does` its docstring; `begin` makes what is tampered with; `defect` says why it is not found
    although it could be: a hole in the verifier, which is reported."""

    name: str
    does: str
    attacker: str
    begin: Callable[[], Any]
    run: Callable[[Any], Hearing]
    defect: str = ""

    def cases(self) -> Iterator[Case]:
        """Carry it out, and hand it to each auditor in turn."""
        forge = self.begin()
        for number, (auditor, outcome) in enumerate(self.run(forge)):
            name = self.name if not number else f"{self.name}-{number + 1}"
            yield Case(name, self, auditor, outcome, forge.artefacts())


ATTACKS: list[Attack] = []
Run = Callable[[Any], Hearing]


def attack(attacker: str, begin: Callable[[], Any], defect: str = "") -> Callable[[Run], Run]:
    """Register an attack under its function's name; the docstring says what the attacker does."""

    def register(run: Run) -> Run:
        name, does = run.__name__.replace("_", "-"), " ".join((run.__doc__ or "").split())
        ATTACKS.append(Attack(name, does, attacker, begin, run, defect))
        return run

    return register
