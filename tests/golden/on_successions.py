"""Mutations in which another log continues this one: after a loss, or to drop what is not liked."""

from __future__ import annotations

from .cast import OTHER_ORIGIN, public
from .forge import Forge
from .mutation import OPERATOR, PARTY, Outcome, audit, broken, mutation
from .on_bundles import BundleForge, of_bundle
from .telling import a

LEFT = 116
CONTINUED = ("continued-after-loss", LEFT, 0)


def gift(f: Forge, **members: str) -> int:
    """One more gift in the log that continues; the index of its entry."""
    said = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on="2026-05-06")
    index = f.append("hope.li2", said, flows=f.into("school-desks/CNY", 50), **{"ledger": OTHER_ORIGIN, **members})
    f.go_on()
    return index


@mutation(OPERATOR)
def continued_after_loss(f: Forge) -> Outcome:
    """The last two entries are gone; another log continues from those that are left, and takes a gift."""
    f.succeed(LEFT)
    gift(f)
    return audit(*CONTINUED)


@mutation(OPERATOR)
def ledger_continued_at_another_size(f: Forge) -> Outcome:
    """The succession says that there is one more entry before it than there is."""
    f.succeed(LEFT, named={"size": LEFT + 1})
    return broken("ledger", LEFT, 0, also=(CONTINUED,))


@mutation(OPERATOR)
def ledger_continued_from_another_root(f: Forge) -> Outcome:
    """The succession names a root that the entries before it do not give."""
    f.succeed(LEFT, named={"root": "0" * 64})
    return broken("ledger", LEFT, 0, also=(CONTINUED,))


@mutation(OPERATOR)
def ledger_continued_from_another_log(f: Forge) -> Outcome:
    """The succession names another log before it than the right one."""
    f.succeed(LEFT, named={"origin": "ledger.example.org/third"})
    return broken("ledger", LEFT, 0, also=(CONTINUED,))


@mutation(PARTY)
def ledger_of_a_log_that_ended(f: Forge) -> Outcome:
    """A gift that was signed for the log that ended is entered into the one that continues it."""
    f.succeed(LEFT)
    return broken("ledger", gift(f, ledger="ledger.example.org/golden"), also=(CONTINUED,))


@mutation(OPERATOR)
def ledger_continued_without_a_word(f: Forge) -> Outcome:
    """Under another name and key a log goes on, without the record that says so."""
    del f.entries[LEFT:]
    index = gift(f)
    return broken("ledger", 0, also=(("ledger", index, -1),))


@mutation(OPERATOR)
def approval_of_a_succession(f: Forge) -> Outcome:
    """The operator lets another log continue, and no auditor has signed."""
    f.succeed(LEFT, "op.chief")
    return broken("approval", LEFT, 0, also=(CONTINUED,))


@mutation(OPERATOR)
def approval_of_a_succession_by_one_officer(f: Forge) -> Outcome:
    """One of the operator's two officers lets another log continue, with an auditor."""
    del f.entries[LEFT:]
    f.append("op.chief op.second auditco.chen", a("key", key=public("op.second"), officer="second"))
    f.succeed(LEFT + 1)
    return broken("approval", LEFT + 1, 0, also=(("continued-after-loss", LEFT + 1, 0),))


@mutation(OPERATOR)
def authority_of_a_succession(f: Forge) -> Outcome:
    """A charity lets another log continue, with an auditor."""
    f.succeed(LEFT, "hope.li2 hope.wang auditco.chen")
    return broken("authority", LEFT, 0, also=(CONTINUED,))


@mutation(OPERATOR)
def ledger_with_the_key_of_a_party(f: Forge) -> Outcome:
    """The key of the log that continues is the key of a party."""
    f.succeed(LEFT, log_key=public("shop.zhao"))
    return broken("ledger", LEFT, 0, also=(("ledger", 0, 0), CONTINUED))


@mutation(OPERATOR)
def ledger_with_the_key_of_the_log_that_ended(f: Forge) -> Outcome:
    """The log that continues has the key of the one that ended."""
    f.succeed(LEFT, log_key=public("log"))
    return broken("ledger", LEFT, 0, also=(("ledger", 0, 0), CONTINUED))


@mutation(OPERATOR)
def reference_succession_beside_another_record(f: Forge) -> Outcome:
    """The succession says something else in its statement too."""
    f.succeed(LEFT)
    f.retell(LEFT, lambda value: value["statement"]["records"].append(a("unit", unit="pen", exponent=0, name="Pen")))
    f.go_on()
    return broken("reference", LEFT, 0, also=(("ledger", 0, -1),))


@of_bundle("bundle-goods", OPERATOR)
def bundle_of_a_log_that_continues(b: BundleForge) -> Outcome:
    """The gift of a log that ended, proved under the one that continues it."""
    succession(b, b.log.succeed(LEFT))
    return audit(*CONTINUED)


@of_bundle("bundle-goods", OPERATOR)
def bundle_of_a_log_that_continues_from_another_root(b: BundleForge) -> Outcome:
    """The succession in it names a root to which its own proof does not lead."""
    succession(b, b.log.succeed(LEFT, named={"root": "0" * 64}))
    return broken("ledger", LEFT, 0, also=(CONTINUED,))


def succession(b: BundleForge, index: int) -> None:
    """Put a succession into the bundle, and take all of it from the log that continues."""
    b.policy = b.log.policy
    b.value["entries"].append({"entry": "", "index": index, "proof": []})
    b.from_the_log()
