"""What one officer, or one stolen key, does against a mandate: splitting, loosening, taking over."""

from __future__ import annotations

from tests.golden.cast import public
from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, gift, payment, story

PROJECT = {"purpose": "Water", "restriction": "restricted", "receipt_days": 60, "feedback_days": 60}


@attack(CHARITY, story)
def threshold_split_over_three_projects(f: LogForge) -> Hearing:
    """One officer pays 1500 to one payee in a day, 500 out of each of three projects, under a threshold of 500."""
    projects = [f"wells-{number}" for number in range(3)]
    f.append(
        "river.xu2", *(a("project", id=id, name=id.title(), **PROJECT) for id in projects),
        a("mandate", thresholds=[{"unit": "CNY", "amount": 500}]),
    )  # fmt: skip
    for id in projects:
        gift(f, 500, id, "river.xu2")
    spent = [f.append("river.xu2", payment(500, id), flows=f.out(f"{id}/CNY", 500)) for id in projects]
    yield POLICY, broken("approval", spent[1], 0, also=(("approval", spent[2], 0),))


@attack(CHARITY, story)
def key_in_its_delay(f: LogForge) -> Hearing:
    """Whoever stole the key of the only officer gives themselves another, and signs with it at once."""
    f.append("river.xu2 river.thief", a("key", key=public("river.thief"), officer="thief"))
    index = gift(f, by="river.thief", fund="river-relief")
    yield POLICY, broken("key-standing", index, also=(("authority", index, -1),))


@attack(CHARITY, story)
def key_stolen_from_the_only_officer(f: LogForge) -> Hearing:
    """The thief gives themselves a key and revokes the one of before by itself, so that nobody can withdraw the new one; three days
    later the new key signs. It fell with the last key that was in force."""
    f.append("river.xu2 river.thief", a("key", key=public("river.thief"), officer="thief"))
    f.append("river.xu2", a("key-revocation", key=public("river.xu2"), reason="lost"))
    more = {"time": "2026-05-09T01:00:00Z", "signed_at": "2026-05-09T01:00:00Z"}
    said = a("donation", fund="river-relief", unit="CNY", amount=50, channel="cash", received_on="2026-05-09")
    index = f.append("river.thief", said, flows=f.into("river-relief/CNY", 50), **more)
    yield POLICY, broken("key-standing", index, also=(("authority", index, -1),))


@attack(CHARITY, story)
def key_stolen_where_nothing_waits(f: LogForge) -> Hearing:
    """A party with one officer said that no key waits, and three days later its key is stolen: the thief, in the
    officer's name, is its only officer at once. The log says so for ever."""
    f.append("river.xu2", a("mandate", key_delay_days=0))
    more = {"time": "2026-05-09T01:00:00Z", "signed_at": "2026-05-09T01:00:00Z"}
    f.append("river.xu2 river.thief", a("key", key=public("river.thief"), officer="xu"), **more)
    index = f.append("river.thief", a("key-revocation", key=public("river.xu2"), reason="lost"), **more)
    yield POLICY, audit("key-takeover", index, 0)
