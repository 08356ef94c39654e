"""What the operator can do to history with the log's key: every tree here is rebuilt and signed by the log."""

from __future__ import annotations

import datetime

from ledger.canonical import encode
from tests.golden.cast import public
from tests.golden.forge import sealed
from tests.golden.telling import a

from .case import LATER, OPERATOR, POLICY, SAVED, Hearing, attack, broken, unseen
from .forging import LogForge, crowded, gift, story
from .scene import TODAY

SCHOOL = "hope-school/CNY"
NOT_LOOKED_AT = "No one who signed later had seen what was changed, so the remaining log is consistent."


def laid_anew(f: LogForge, first: int) -> None:
    """Put gifts on their tape one after the other again, chain the entries and sign the log: flows are the operator's to write."""
    at = max(row[4] for index in range(first) for row in f.value(index)["flows"] if row[1:3] == ["+", SCHOOL])
    for index in range(first, len(f.entries)):
        value = f.value(index)
        for row in value["flows"]:
            if row[1:3] == ["+", SCHOOL]:
                row[3:] = [at, at := at + row[4] - row[3]]
        f.entries[index] = encode({**value, "index": index, "prev": f.hash(index - 1)})
    f.seal()


def seen_by_a_charity(f: LogForge, bound: str) -> int:
    """The next statement of a charity's officer, who had seen the log as it was; the operator enters it."""
    record = a("allocation", fund="hope-general", unit="CNY", to="hope-school", amount=10)
    flows = f.out("hope-general/CNY", 10) + f.into(SCHOOL, 10)
    return f.append("hope.wang", record, flows=flows, after=bound)


def last_seen(f: LogForge) -> str:
    """What a statement made now is bound to."""
    return f"{f.last}:{f.hash(f.last)}"


@attack(OPERATOR, crowded)
def history_reordered(f: LogForge) -> Hearing:
    """Two gifts change places, so that one donor's money is spent before the other's."""
    f.entries[300], f.entries[301] = f.entries[301], f.entries[300]
    laid_anew(f, 300)
    yield POLICY, broken("after", f.entry["seen-3"], more=True)


@attack(OPERATOR, crowded)
def history_reordered_where_nobody_looked(f: LogForge) -> Hearing:
    """The last two gifts change places; both are bound to the same entry, and no one has signed anything since."""
    note, bound = f.note, last_seen(f)
    f.entries[-2], f.entries[-1] = f.entries[-1], f.entries[-2]
    laid_anew(f, f.last - 1)
    yield POLICY, unseen(NOT_LOOKED_AT)
    f.keep(note)
    yield SAVED, broken("fork")
    f.saved.clear()
    yield LATER, broken("after", seen_by_a_charity(f, bound))


@attack(OPERATOR, crowded)
def history_without_an_entry(f: LogForge) -> Hearing:
    """A gift is dropped, and everything after it is chained and stored again."""
    del f.entries[300]
    laid_anew(f, 300)
    yield POLICY, broken("after", f.entry["seen-3"] - 1, more=True)


@attack(OPERATOR, crowded)
def history_without_its_last_entry(f: LogForge) -> Hearing:
    """The last gift is dropped; its donor was told that it is in the log."""
    note, bound = f.note, last_seen(f)
    f.entries.pop()
    f.seal()
    yield POLICY, unseen(NOT_LOOKED_AT)
    f.keep(note)
    yield SAVED, broken("consistency")
    f.saved.clear()
    yield LATER, broken("after", seen_by_a_charity(f, bound))


@attack(OPERATOR, crowded)
def history_with_an_entry_put_in(f: LogForge) -> Hearing:
    """The operator puts a statement of its own, truly signed, between two old entries."""
    forged = story()
    forged.append("op.chief", a("unit", unit="new", exponent=0, name="New"), after=f.value(300)["statement"]["after"])
    f.entries.insert(300, forged.entries[-1])
    laid_anew(f, 300)
    yield POLICY, broken("after", f.entry["seen-3"] + 1, more=True)


@attack(OPERATOR, crowded)
def history_with_the_operators_word_changed(f: LogForge) -> Hearing:
    """The operator signs its own declaration of a unit again, with other decimals, so that every amount reads a hundredfold."""
    forged = story()
    forged.retell(1, lambda value: value["statement"]["records"][0].update(exponent=0))
    f.entries[1] = forged.entries[1]
    f.edit(1, lambda value: None)
    yield POLICY, broken("after", 2, more=True)


@attack(OPERATOR, crowded)
def history_rolled_back(f: LogForge) -> Hearing:
    """The operator takes back the last hundred entries and signs what is left."""
    note, bound = f.note, last_seen(f)
    del f.entries[-100:]
    f.seal()
    yield POLICY, unseen("A smaller log is a true log. Only who has seen the larger one knows that there was more.")
    f.keep(note)
    yield SAVED, broken("consistency")
    f.saved.clear()
    yield LATER, broken("after", seen_by_a_charity(f, bound))


@attack(OPERATOR, crowded)
def history_rolled_back_and_grown_again(f: LogForge) -> Hearing:
    """The last gifts, which no one has looked at, are removed; the charity goes along and signs as many others."""
    note, bound, many = f.note, last_seen(f), len(f.entries) - f.entry["tail"]
    seen = f"{f.entry['seen-8']}:{f.hash(f.entry['seen-8'])}"
    del f.entries[-many:]
    for number in range(many):
        said = a("donation", fund="hope-school", unit="CNY", amount=1, channel="cash", received_on=TODAY)
        f.append("hope.wang", said, flows=f.into(SCHOOL, 1), after=seen, id=f"{number:08x}-0000-4000-8000-00000000abcd")
    yield POLICY, unseen("As many entries as before, each truly signed: it is another end of the same log.")
    f.keep(note)
    yield SAVED, broken("fork")
    f.saved.clear()
    yield LATER, broken("after", seen_by_a_charity(f, bound))


@attack(OPERATOR, crowded)
def fork_of_the_same_size(f: LogForge) -> Hearing:
    """Two readers are shown two logs of one size, each signed by the log."""
    one = f.note
    f.entries[-2], f.entries[-1] = f.entries[-1], f.entries[-2]
    laid_anew(f, f.last - 1)
    yield POLICY, unseen("Each reader sees one consistent log. They must compare what they hold.")
    f.keep(f.note)
    f.keep(one)
    yield SAVED, broken("fork")


@attack(OPERATOR, crowded)
def fork_of_two_sizes(f: LogForge) -> Hearing:
    """A reader who has seen one branch is shown the other when it is longer."""
    old = crowded()
    old.entries[-2:] = [old.entries[-1]]
    laid_anew(old, old.last)
    yield POLICY, unseen("The longer log is consistent; only the other branch shows that it does not continue it.")
    f.keep(old.note)
    yield SAVED, broken("consistency")


@attack(OPERATOR, crowded)
def fork_whose_branches_are_both_longer(f: LogForge) -> Hearing:
    """The auditor holds checkpoints of two branches and is handed the log as it was before they parted."""
    other = crowded()
    del other.entries[-1]
    other.seal()
    note = f.note
    del f.entries[-6:]
    f.seal()
    yield POLICY, unseen("The log before the branches parted is part of both.")
    f.keep(note)
    f.keep(other.note)
    gift(other)
    f.keep(other.note)
    yield SAVED, broken("fork", also=(("consistency", -1, -1),))


@attack(OPERATOR, story)
def statement_of_another_branch(f: LogForge) -> Hearing:
    """A statement that a charity signed in one branch of a fork is entered in the other."""
    other = story()
    gift(other, 77)
    gift(other, 50)
    gift(f, 78)
    flows = f.into("school-desks/CNY", 50)
    f.entries.append(other.entries[-1])
    f.edit(f.last, lambda value: value.update(prev=f.hash(f.last - 1), flows=flows))
    yield POLICY, broken("after", f.last)


@attack(OPERATOR, story)
def ledger_made_up(f: LogForge) -> Hearing:
    """The operator replaces the whole ledger by another under the same name, with a charity of its own making."""
    note, bound = f.note, last_seen(f)
    del f.entries[2:]
    party = a("party", id="hope", entity="organisation", roles=["charity"], name="Hope",
        keys=[{"key": public("mallory.key"), "officer": "li"}])  # fmt: skip
    f.append("op.chief mallory.key", party)
    f.append("mallory.key", a("fund", id="hope-school", name="School", purpose="x", restriction="restricted"), party="hope")
    said = a("donation", fund="hope-school", unit="CNY", amount=9, channel="cash", received_on="2026-03-02")
    f.append("mallory.key", said, flows=[[0, "+", SCHOOL, 0, 9]], party="hope")
    yield POLICY, unseen("A ledger whose parties all lend their hands is a true ledger; the policy names the log, not its parties.")
    f.keep(note)
    yield SAVED, broken("consistency")
    f.saved.clear()
    record = a("donation", fund="hope-school", unit="CNY", amount=1, channel="cash", received_on="2026-03-02")
    index = f.append("hope.wang", record, flows=f.into(SCHOOL, 1), after=bound)
    yield LATER, broken("after", index, also=(("authority", index, -1), ("key-standing", index, -1)))


@attack(OPERATOR, story)
def statement_held_back(f: LogForge) -> Hearing:
    """The operator holds a gift back for three days and then enters it under that day."""
    gift(f)
    f.edit(f.last, lambda value: value.update(time=days_later(value["time"], 3)))
    yield POLICY, unseen(
        "A statement may be signed up to 30 days before its entry, because people without a connection sign first and send later.",
        "The time at which a witness cosigned, or the sender's own record.",
    )
    f.edit(f.last, lambda value: value.update(time=days_later(value["time"], 28)))
    # By the day of that entry, another payment has waited too long for feedback.
    yield POLICY, broken("time", f.last, also=(("overdue-feedback", f.entry["late-feedback"], 0),))


@attack(OPERATOR, story)
def statement_never_entered(f: LogForge) -> Hearing:
    """The operator never enters a gift that a charity sent, and answers nothing."""
    yield POLICY, unseen(
        "What was never entered leaves no trace in a log, and no answer was given that could be shown.",
        "The donor, who finds no reference; the charity, which has the signed statement.",
    )


@attack(OPERATOR, story)
def checkpoint_of_a_root_that_nothing_gives(f: LogForge) -> Hearing:
    """The log signs over entries that it does not hand out: one gift's amount is another in the tree than in the file."""
    shown = list(f.entries)
    f.edit(f.last, lambda value: value["flows"][0].__setitem__(4, value["flows"][0][4] + 1))
    f.files = {path: raw for path, raw in f.honest().items() if path.startswith("tile/0")}
    f.entries, f.note = shown, sealed(f.entries)
    yield POLICY, broken("root", also=(("tile", -1, -1),))


def days_later(time: str, days: int) -> str:
    """The same second, some days later."""
    moment = datetime.datetime.fromisoformat(time) + datetime.timedelta(days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
