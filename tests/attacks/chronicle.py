"""Random ledgers of every kind of record: who does what is drawn from a seed, whether it is allowed the books decide."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from ledger.books.gift_totals import given_between
from ledger.books.moment import books_time
from ledger.books.rows import ACTIVE
from ledger.canonical import to_base64url
from ledger.log.merkle import leaf_hash, root_of
from tests.language import key_text
from tests.trace.telling import OWNERS, UNEVEN

from .desk import Desk

STEPS = (
    *UNEVEN, *UNEVEN, "many_gifts", "many_gifts", "private_gift", "private_gift", "private_gift", "consent", "consent",
    "erase", "erase", "refund", "refund", "refund", "reverse", "give_back", "deliver", "buy", "receipt", "feedback",
    "second_officer", "another_key", "revoke", "recover", "progress", "progress", "withdraw", "statistics", "statistics",
    "close", "source", "rules", "thresholds", "administer", "administer", "capital", "admit", "declare", "begin", "several",
    "several", "large", "days_pass", "wrong_clock", "take_back", "relate", "correct", "correct", "correct", "source",
    "say_rate", "reach", "reach", "look", "look", "statistics", "statistics", "statistics", "require",
)  # fmt: skip
WORDS = (
    "Lines\u2028 and \ufeff marks", "\u5e0c\u671b\u57fa\u91d1\u4f1a", "e\u0301 is no \u00e9", "\U0001f4da\nBooks",
    "\u202eturned\u202c", "x" * 200,
)  # fmt: skip


def digest(*parts: object) -> str:
    """A digest that nobody can open."""
    return to_base64url(hashlib.sha256(repr(parts).encode()).digest())


class Chronicle(Desk):
    """A ledger and what was said in it."""

    def tell_some(self, most: int) -> Chronicle:
        """So many steps, each drawn; those that the books refuse leave nothing."""
        for step in self.rng.choices(STEPS, k=most):
            getattr(self, step)(*(self.rng.randrange(10_000) for _ in range(3)))
        return self

    def many_gifts(self, a: int, b: int, c: int) -> None:
        """Gifts of one statement, alike or not, some with a reference of their channel."""
        fund, unit = ("roads", "school", "general")[a % 3], ("CNY", "USD")[b % 2]
        gifts = [self._gift(fund, unit, 1 + (c + n) % 50) for n in range(2 + c % 30)]
        for gift in gifts[:: 1 + b % 5]:
            gift |= {"channel": "bank", "channel_ref": self._reference()}
        if self.said("hope", gifts):
            self._keep_gifts(self.last, fund, unit)

    def private_gift(self, a: int, b: int, c: int) -> None:
        """A gift with private fields and a holder."""
        digests = sorted(digest("private", a, b, n) for n in range(1 + c % 3))
        said = self._gift("roads", "CNY", 1 + a % 90, private=digests, holder=digest("holder", a))
        if self.said("hope", [{**said, "channel": "bank", "channel_ref": self._reference()}]):
            self._keep_gifts(self.last, "roads", "CNY")
            self.private.append((f"{self.last}.0", "hope", digests))

    def refund(self, a: int, b: int, c: int) -> None:
        """As it is told elsewhere, of the gifts into the funds that are known there."""
        every = self.gifts
        self.gifts = [gift for gift in every if gift.tape.partition("/")[0] in OWNERS]
        super().refund(a, b, c)
        self.gifts = every

    def _of_private(self, a: int, c: int) -> dict[str, Any] | None:
        if not self.private:
            return None
        of, _, digests = self.private[a % len(self.private)]
        return {"of": of, "digests": digests[: 1 + c % len(digests)]}

    def consent(self, a: int, b: int, c: int) -> None:
        about = self._of_private(a, c)
        if about:
            decision = ("granted", "withdrawn")[b % 2]
            said = {"kind": "consent", **about, "decision": decision, "decided_on": self._today}
            self.said("hope", [{**said, "purpose": WORDS[b % 6]}])

    def erase(self, a: int, b: int, c: int) -> None:
        about = self._of_private(a, c)
        if about:
            self.said("hope", [{"kind": "erasure", **about, "erased_on": self._today, "ground": ("request", "legal")[b % 2]}])

    def _give_key(self, party: str, officer: str) -> None:
        name = f"{party}.{officer}{self._new()}"
        if self.said(party, [{"kind": "key", "key": key_text(name), "officer": officer}], [name]):
            self.keys[party][officer] = name

    def second_officer(self, a: int, b: int, c: int) -> None:
        self._give_key(("hope", "op", "river")[a % 3], "wang")

    def another_key(self, a: int, b: int, c: int) -> None:
        """An officer's new key; the old one stays in force."""
        party = ("hope", "shop", "river", "eyes")[a % 4]
        self._give_key(party, sorted(self.keys[party])[b % len(self.keys[party])])

    def revoke(self, a: int, b: int, c: int) -> None:
        """A key that nobody uses any more."""
        used = {key_text(name) for names in self.keys.values() for name in names.values()}
        idle = [(text, row) for text, row in self.ledger.books.key.items() if row.until == ACTIVE and text not in used]
        if idle:
            text, row = idle[a % len(idle)]
            self.said(row.party, [{"kind": "key-revocation", "key": text, "reason": ("rotated", "lost")[b % 2]}])

    def take_back(self, a: int, b: int, c: int) -> None:
        """A party has second thoughts about a key that waits."""
        party, name = ("shop", "friends")[b % 2], f"second-thought.{self._new()}"
        delay = {"kind": "mandate", "key_delay_days": 5}
        if self.said(party, [delay]) and self.said(party, [{"kind": "key", "key": key_text(name), "officer": "new"}], [name]):
            self.said(party, [{"kind": "key-withdrawal", "key": key_text(name)}])

    def relate(self, a: int, b: int, c: int) -> None:
        """A party says to whom it is related; those who pay it or vouch for it must mind that from here on."""
        of, to = (("hope", "friends"), ("shop", "river"))[a % 2]
        nature = ("founder", "significant-influence", "management")[b % 3]
        self.said(of, [{"kind": "relation", "of": of, "to": to, "nature": nature, "starts_on": self._today}])

    def recover(self, a: int, b: int, c: int) -> None:
        """A party lost its keys."""
        party, name = ("river", "shop")[b % 2], f"found.{self._new()}"
        said = {"kind": "recovery", "party": party, "key": key_text(name), "officer": "new", "reason": WORDS[c % 6]}
        if self.said("op", [said], [name, *self._one(("auditco", "bureau")[c % 2])]):
            self.keys[party] = {"new": name}

    def progress(self, a: int, b: int, c: int) -> None:
        party, activity = (("build", "bridges"), ("hope", "books"), ("river", "pumps"))[a % 3]
        evidence = [{"bytes": b, "digest": hashlib.sha256(b"%d" % c).hexdigest(), "media": "image/jpeg"}]
        said = {"kind": "progress", "activity": activity, "done_on": self._today, "note": WORDS[b % 6], "evidence": evidence}
        self.said(party, [said])

    def withdraw(self, a: int, b: int, c: int) -> None:
        """What was said about progress was wrong."""
        found = [leaf for leaf in self.ledger.leaves if leaf.statement.records[0].kind == "progress"]
        if found:
            leaf = found[a % len(found)]
            self.said(leaf.statement.party, [{"kind": "reversal", "of": f"{leaf.entry.index}.0", "reason": "Not so"}])

    def correct(self, a: int, b: int, c: int) -> None:
        """A payment or delivery has another day, cost class or channel than was said; sometimes two of them."""
        rows = list(self.ledger.books.disbursement.items())
        if rows:
            ref, row = rows[a % len(rows)]
            bank = {"channel": "bank", "channel_ref": self._reference()}
            cost = {"cost_class": ("programme", "administration", "fundraising")[c % 3]}
            day = {"day": row.entered_on if row.yields == "goods" else (self._today, row.entered_on)[c % 2]}
            changes = (day, {**day, **cost}, cost, bank)[b % 4] if row.kind == "payment" else day
            self.said(row.party, [{"kind": "correction", "of": ref, "reason": WORDS[c % 4], **changes}])

    def statistics(self, a: int, b: int, c: int) -> None:
        fund, party = (("school", "hope"), ("roads", "hope"), ("aid", "river"))[a % 3]
        unit = ("CNY", "USD")[b % 2]
        amount, gifts = given_between(self.ledger.books, f"{fund}/{unit}", "2026-09-01", self._today)
        if gifts and c % 2:
            before = self.ledger.books.region.get(f"{fund}/{unit}")
            said = {"kind": "regional-statistics", "fund": fund, "unit": unit, "from_size": before.until if before else 0}
            more = amount - (before.amount if before else 0), gifts - (before.gifts if before else 0)
            cells = [{"code": "other", "gifts": max(1, more[1]), "share": 100}]
            self.said(party, [{**said, "amount": max(1, more[0]), "cells": cells}])
        elif gifts:
            cells = [{"code": self._today[:7], "amount": amount, "gifts": gifts}]
            said = {"kind": "statistics", "fund": fund, "unit": unit, "by": "month", "cells": cells}
            self.said(party, [{**said, "from_day": "2026-09-01", "to_day": self._today}])

    def look(self, a: int, b: int, c: int) -> None:
        """A bank statement that an auditor signs too, or a stocktake by the auditor."""
        party, fund = (("hope", "general"), ("river", "aid"))[a % 2]
        said: dict[str, Any] = {"fund": fund, "unit": ("CNY", "USD")[b % 2]}
        if c % 2:
            said |= {"kind": "stocktake", "counted": b, "counted_on": self._today, "counted_by": "auditco"}
        else:
            account = f"hmac-sha256:accounts:{digest('account', party, b % 4)}"
            said |= {"kind": "bank-statement", "account": account, "channel": "bank"}
            said |= dict.fromkeys(("from_day", "to_day"), self._today)
            said |= {"opening": a, "closing": b, "line_count": 0, "lines": hashlib.sha256(b"").hexdigest()}
        self.said(party, [said], self._one("auditco"))

    def close(self, a: int, b: int, c: int) -> None:
        said = {"kind": "acknowledgement", "finding": "overdue-receipt", "of": f"{a % (self.last + 1)}.0", "note": WORDS[b % 6]}
        self.said("op", [said], self._one(("auditco", "bureau")[c % 2]))

    def source(self, a: int, b: int, c: int) -> None:
        said = {"kind": "source", "media": "text/csv", "bytes": a, "digest": "0" * 64, "rows": a + b}
        self.said("hope", [{**said, "entered": a, "known": b, "left_out": 0}])
        key = {"kind": "reference-key", "label": str(2020 + a % 7), "destroy_on": "2036-12-31"}
        self.said("hope", [{**key, "check_value": digest("check value", a % 7, c % 4 == 0)}])

    def rules(self, a: int, b: int, c: int) -> None:
        self.said("op", [{"kind": "rules", "rules": "givetrail/1"}])

    def thresholds(self, a: int, b: int, c: int) -> None:
        """A mandate with another threshold; still no change of a key waits."""
        self.said("hope", [{"kind": "mandate", "key_delay_days": 0, "thresholds": [{"unit": "CNY", "amount": 1 + a % 60}]}])

    def reach(self, a: int, b: int, c: int) -> None:
        """How the public reaches an organisation; a person may not say so."""
        party = ("hope", "river", "build", "till")[a % 4]
        ways = {"telephone": f"+86 10 5550 {b % 10_000:04}", "email": f"office@{party}.example", "complaints": WORDS[b % 5]}
        self.said(party, [{"kind": "contact", **dict(list(ways.items())[c % 3 :])}])

    def administer(self, a: int, b: int, c: int) -> None:
        """A project's own costs, as far as its limit allows."""
        said = {**self._paid("roads", 1 + a % 30), "cost_class": "administration", "payee": ("shop", "front")[b % 2]}
        self.said("hope", [{**said, "channel": "bank", "channel_ref": self._reference()}])

    def capital(self, a: int, b: int, c: int) -> None:
        """An endowment grows and is changed into other money."""
        self.said("hope", [self._gift("capital", "CNY", 70)])
        said = {"kind": "exchange", "fund": "capital", "unit": "CNY", "amount": 7, "to_unit": "USD", "to_amount": 1, "rate": [1, 7]}
        self.said("hope", [{**said, "source": "Bank", "exchanged_on": self._today}])

    def admit(self, a: int, b: int, c: int) -> None:
        number = self._new()
        person = {"kind": "party", "id": f"p-{number}", "entity": "person", "roles": ["beneficiary"], "private": [digest(number)]}
        name = f"firm{number}.one"
        firm = {"kind": "party", "id": f"firm{number}", "entity": "organisation", "roles": ["vendor", "sponsor"]}
        if self.said("op", [person, {**firm, "name": WORDS[a % 6], "keys": [{"key": key_text(name), "officer": "one"}]}], [name]):
            self.keys[f"firm{number}"] = {"one": name}

    def declare(self, a: int, b: int, c: int) -> None:
        """A unit, and a stamp of what is there so far."""
        size = 1 + c % len(self.ledger.raws)
        root = root_of(map(leaf_hash, self.ledger.raws[:size])).hex()
        stamp = {"kind": "timestamp", "size": size, "root": root, "time": self.ledger.time, "authority": WORDS[c % 6]}
        unit = {"kind": "unit", "unit": f"thing-{self._new()}", "exponent": a % 7, "name": WORDS[b % 6]}
        self.said("op", [unit, {**stamp, "digest": "5a" * 32}])

    def say_rate(self, a: int, b: int, c: int) -> None:
        """The auditor says what a dollar was worth, today or a few days ago."""
        day = (datetime.date.fromisoformat(self._today) - datetime.timedelta(a % 9)).isoformat()
        said = {"kind": "rate", "unit": "USD", "to_unit": "CNY", "ratio": [5 + b % 3, 1], "day": day, "source": WORDS[c % 6]}
        self.said("auditco", [said])

    def require(self, a: int, b: int, c: int) -> None:
        """The law of a place where none of the parties is."""
        said = {"kind": "requirement", "jurisdiction": "KE", "name": ("fee/custodian", "rate/tolerance")[a % 2]}
        self.said("bureau", [{**said, "ratio": [1, 1 + b], "from_day": self._today, "basis": WORDS[c % 6]}])

    def begin(self, a: int, b: int, c: int) -> None:
        """A new project with an activity, made and given to in one statement."""
        number = self._new()
        project = {
            "kind": "project", "id": f"new-{number}", "name": WORDS[a % 6], "purpose": WORDS[b % 6], "restriction": "restricted",
            "receipt_days": a % 9, "feedback_days": b % 9, "goal": [{"unit": "CNY", "amount": 1 + a}], "place": "CN-GZ",
            "budget": [{"cost_class": "programme", "unit": "CNY", "amount": b}], "targets": [self._target("seen", a, c)],
        }  # fmt: skip
        activity = {"kind": "activity", "id": f"part-{number}", "parent": f"new-{number}", "name": "Part", "purpose": "Part"}
        activity |= {"targets": [self._target("read", b, c)], "budget": [{"unit": "CNY", "amount": c}]}
        self.said("hope", [project, activity, self._gift(f"part-{number}", "CNY", 1 + c % 40)])

    def _target(self, indicator: str, baseline: int, target: int) -> dict[str, Any]:
        by = {"measured_in": WORDS[target % 2], "by": "2027-12-31"}
        return {"indicator": indicator, "target": target, **({"baseline": baseline} if baseline % 2 else {}), **by}

    def several(self, a: int, b: int, c: int) -> None:
        """A gift, its way through the tree and a payment out of it, in one statement."""
        amount = 2 + a % 40
        move = {"kind": "allocation", "fund": "roads", "to": "bridges", "unit": "CNY", "amount": 1 + b % amount}
        if self.said("hope", [self._gift("roads", "CNY", amount), move, self._paid("bridges", 1)]):
            self._keep_gifts(self.last, "roads", "CNY")

    def large(self, a: int, b: int, c: int) -> None:
        """A tape is filled to its last unit."""
        tape = self.ledger.books.tape.get("petty/JPY")
        room = 2**53 - 1 - (tape.end if tape else 0)
        amounts = [10**14] * (room // 10**14) + [room % 10**14 or 1]
        self.said("river", [self._gift("petty", "JPY", amount) for amount in amounts])

    def days_pass(self, a: int, b: int, c: int) -> None:
        moment = datetime.datetime.fromisoformat(self.ledger.time) + datetime.timedelta(a % 20, b % 50_000)
        self.ledger.time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def wrong_clock(self, a: int, b: int, c: int) -> None:
        """The clock is ahead for an entry, and is turned back; where that is refused, time goes on from there."""
        before = self.ledger.time
        self.days_pass(1 + a % 19, b, c)
        self.rules(a, b, c)
        self.ledger.time = before
        said = {"kind": "clock-correction", "reason": WORDS[c % 6]}
        self.said("op", [said], self._one(("auditco", "bureau")[c % 2]))
        self.ledger.time = max(before, books_time(self.ledger.books))

    def crowd(self, many: int) -> None:
        """So many entries, each one gift."""
        for number in range(many):
            self.said("hope", [self._gift("school", "CNY", 1 + number % 5)])
