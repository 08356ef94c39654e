"""A log that continues another one: what an operator can hide by it, and what that takes."""

from __future__ import annotations

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, root_of
from tests.golden.cast import ORIGIN, OTHER_ORIGIN
from tests.golden.forge import sealed, signed
from tests.golden.on_successions import CONTINUED, LEFT
from tests.golden.on_successions import gift as goes_on
from tests.golden.telling import a

from .case import LOG, OPERATOR, POLICY, SAVED, Hearing, attack, audit, broken
from .forging import BundleForge, LogForge, bundle, story


@attack(OPERATOR, story)
def succession_that_drops_an_entry(f: LogForge) -> Hearing:
    """An operator drops an embarrassing entry, says that a disk died, and an auditor believes it and signs. The log is another one
    from then on. Whoever kept a checkpoint of the one that ended learns how many entries were dropped at least."""
    saved = f.note
    f.succeed(LEFT)
    goes_on(f)
    yield POLICY, audit(*CONTINUED)
    f.keep(saved)
    yield SAVED, audit(*CONTINUED)


@attack(OPERATOR, story)
def succession_over_a_changed_entry(f: LogForge) -> Hearing:
    """Before the log ends, an old entry is told otherwise, and everybody signs again. The root that is named is that of the new
    story; a checkpoint from before does not lead to it."""
    saved = sealed(f.entries[:60])
    f.retell(f.entry["gifts"], lambda value: value["statement"]["records"][0].update(received_on="2026-03-01"))
    f.succeed(LEFT)
    goes_on(f)
    yield POLICY, audit(*CONTINUED)
    f.keep(saved)
    yield SAVED, broken("consistency", also=(CONTINUED,))


@attack(OPERATOR, story)
def succession_that_no_one_oversees(f: LogForge) -> Hearing:
    """The operator ends the log without an auditor."""
    f.succeed(LEFT, "op.chief")
    goes_on(f)
    yield POLICY, broken("approval", LEFT, 0, also=(CONTINUED,))


@attack(OPERATOR, story)
def succession_overseen_by_an_inspector(f: LogForge) -> Hearing:
    """An inspector signs, who may not."""
    f.succeed(LEFT, "op.chief eyes.luo")
    yield POLICY, broken("approval", LEFT, 0, also=(("authority", LEFT, -1), CONTINUED))


@attack(OPERATOR, story)
def succession_of_which_the_old_log_knows_nothing(f: LogForge) -> Hearing:
    """The log ends, and its own key signs on under the old name."""
    f.succeed(LEFT)
    f.policy = LogForge(f.scene).policy
    f.seal()
    yield POLICY, broken("ledger", 0, also=(CONTINUED,))


@attack(OPERATOR, story)
def succession_among_other_records(f: LogForge) -> Hearing:
    """The log ends in a statement that declares a unit too."""
    index = f.succeed(LEFT)
    said = f.value(index)["statement"]["records"][0]
    del f.entries[index:]
    index = f.append("op.chief auditco.chen", said, a("unit", unit="EUR", exponent=2, name="Euro"), ledger=OTHER_ORIGIN)
    f.go_on()
    yield POLICY, broken("reference", LEFT, 0, also=(("ledger", 0, -1),))


@attack(OPERATOR, story)
def succession_with_a_false_checkpoint_of_the_log_that_ended(f: LogForge) -> Hearing:
    """To frighten an auditor, someone hands out a checkpoint of the log that ended, of a thousand entries, by another key."""
    f.succeed(LEFT)
    f.keep(signed(Checkpoint(ORIGIN, 1000, root_of([leaf_hash(b"")])), "other-log"))
    yield SAVED, broken("checkpoint-signature", also=(CONTINUED,))


@attack(OPERATOR, bundle)
def bundle_that_hides_a_succession(b: BundleForge) -> Hearing:
    """A donor gets a bundle of the log that continues, without the record that says so."""
    b.log.succeed(LEFT)
    b.policy = b.log.policy
    b.from_the_log()
    yield POLICY, broken("ledger", 0, more=True)
    b.whole_log = True
    yield LOG, audit(*CONTINUED)


@attack(OPERATOR, bundle)
def bundle_that_shows_a_succession(b: BundleForge) -> Hearing:
    """A donor gets a bundle of the log that continues; the same is said as of the whole log."""
    b.value["entries"].append({"entry": "", "index": b.log.succeed(LEFT), "proof": []})
    b.policy = b.log.policy
    b.from_the_log()
    yield POLICY, audit(*CONTINUED)
    b.whole_log = True
    yield LOG, audit(*CONTINUED)
