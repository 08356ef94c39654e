"""Who may say what, and what a bundle settles of it: every kind of record, said by everybody, signed by one or by two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.books import authority
from ledger.books.record import KINDS
from ledger.bundle.trace_bundle import parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.log_files.source import FolderSource
from tests.audit.mirror import forged, places
from tests.language import key_text
from tests.verifier.asking import Case, Said, ask, check_alike
from tests.verifier.building import DAY, Values, case, said_anew
from tests.writer.on_disk import TRUST

TOWN = """
    op: unit CNY 2; unit USD 2; unit box 0; party hope charity li books_from=2026-09-01; party river charity xu
    op: party shop vendor sun books_from=2026-09-01; party auditco auditor zhou; party friends sponsor fan; party gate platform kuai
    hope: fund general unrestricted; fund capital endowment
    hope: project school parent=general restriction=restricted; mandate thresholds=CNY:300; activity books school implementers=shop
    river: fund aid restricted; fund purse unrestricted
    gate: fund fees unrestricted
    hope: donation 10.00 CNY -> school
    hope: donation 5.00 CNY -> general; donation 1.00 CNY -> capital
    hope: allocation 6.00 CNY school -> books
    hope: payment 2.00 CNY books -> shop
"""
GIFT, PAID = "7.0", "10.0"
TOMORROW = "2026-09-08"
SPEAKERS = {"hope": "hope.li", "river": "river.xu", "shop": "shop.sun", "auditco": "auditco.zhou", "op": "op.chief"}
Rows = list[list[Any]]


def out(tape: str, start: int, end: int) -> list[Any]:
    return [0, "-", f"{tape}/CNY", start, end]


def into(tape: str, start: int, end: int, unit: str = "CNY") -> list[Any]:
    return [0, "+", f"{tape}/{unit}", start, end]


def of_money(kind: str, fund: str, amount: int, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "fund": fund, "unit": "CNY", "amount": amount, **more}


def given(**more: Any) -> dict[str, Any]:
    return of_money("donation", "school", 100, **{"channel": "cash", "received_on": DAY, **more})


def paid(fund: str, amount: int, **more: Any) -> dict[str, Any]:
    plain = {"channel": "cash", "payee": "shop", "cost_class": "programme", "paid_on": DAY}
    return of_money("payment", fund, amount, **{**plain, **more})


def made(kind: str, id: str, **more: Any) -> dict[str, Any]:
    restriction = {} if kind == "activity" else {"restriction": "restricted"}
    days = {"receipt_days": 1, "feedback_days": 1} if kind == "project" else {}
    return {"kind": kind, "id": id, "name": "N", "purpose": "P", **restriction, **days, **more}


def in_and_out() -> Iterator[tuple[dict[str, Any], Rows]]:
    """Gifts, fees, and money that moves within a tree, above it and beside it."""
    for day in (DAY, TOMORROW):
        yield given(received_on=day), [into("school", 1000, 1100)]
        income = of_money("income", "general", 100, income_class="interest", source="S", received_on=day, channel="cash")
        yield income, [into("general", 500, 600)]
    for keeper in ("hope", "river", "gate", "shop", "nobody"):
        for fee in (10, 99):
            yield given(fee=fee, fee_to=keeper), [into("school", 1000, 1100 - fee)]
    starts = {"school": 600, "general": 0, "books": 200, "capital": 0}
    for fund, start in starts.items():
        for to in ("school", "general", "books", "aid"):
            rows = [out(fund, start, start + 50), into(to, 1000, 1050)]
            yield of_money("allocation", fund, 50, to=to), rows
        yield paid(fund, 50), [out(fund, start, start + 50)]
        loss = of_money("write-off", fund, 50, cause="loss", reason="R")
        yield loss, [out(fund, start, start + 50)]
        for to, payee in (("purse", "river"), ("aid", "river"), ("aid", "shop"), ("general", "hope")):
            yield paid(fund, 50, payee=payee, grant={"fund": to}), [out(fund, start, start + 50)]
        for to in ("school", "books", "general", "aid"):
            goods = [{"fund": to, "unit": "box", "quantity": 5, "cost": 50}]
            yield paid(fund, 50, goods=goods), [out(fund, start, start + 50), into(to, 0, 5, "box")]
        spent = {"gift": GIFT, "fund": "school", "unit": "CNY", "reason": "legal", "refunded_on": DAY}
        cover = {"kind": "refund", "channel": "cash", **spent, "cover": {"fund": fund, "units": [[0, 50]]}}
        yield cover, [out(fund, start, start + 50)]


def sums() -> Iterator[tuple[dict[str, Any], Rows]]:
    """At and around what was paid before, and the threshold."""
    for amount in (300, 301):
        for day in ("2026-09-06", DAY, TOMORROW):
            yield paid("school", amount, paid_on=day), [out("school", 600, 600 + amount)]
    for amount in (100, 101, 300):
        yield paid("books", amount), [out("books", 200, 200 + amount)]
    for amount in (200, 201):
        back = {"kind": "payment-return", "channel": "cash", "of": PAID, "amount": amount, "returned_on": DAY, "reason": "R"}
        yield back, [into("books", 600, 600 + amount)]
        for level in ("recipient-signed", "third-party", "self-declared"):
            yield {"kind": "receipt", "of": PAID, "amount": amount, "level": level, "received_on": DAY}, []


def words() -> Iterator[tuple[dict[str, Any], Rows]]:
    """What is said about money, and what nothing moves by."""
    found = {"kind": "feedback", "indicator": "i", "value": 1, "measured_in": "m", "method": "m", "reported_on": DAY}
    yield {**found, "payments": [PAID]}, []
    yield {**found, "payments": [PAID, "9.0"]}, []
    yield {**found, "reported_on": TOMORROW, "payments": [PAID]}, []
    for activity in ("books", "school", "none"):
        yield {**found, "activity": activity, "from_day": DAY, "to_day": DAY}, []
        yield {"kind": "progress", "activity": activity, "done_on": TOMORROW, "note": "n"}, []
    yield {"kind": "acknowledgement", "finding": "overdue-receipt", "of": PAID, "note": "n"}, []
    digests = ["A" * 43]
    yield {"kind": "consent", "of": GIFT, "digests": digests, "decision": "granted", "decided_on": TOMORROW, "purpose": "p"}, []
    yield {"kind": "erasure", "of": "99.0", "digests": digests, "erased_on": TOMORROW, "ground": "legal"}, []
    yield {"kind": "reversal", "of": PAID, "reason": "r"}, [into("books", 600, 800)]
    for said in ({"day": "2026-09-02"}, {"day": TOMORROW}, {"cost_class": "administration"}, {"channel": "bank"}):
        yield {"kind": "correction", "of": PAID, "reason": "r", **said}, []
    spent = {
        "kind": "refund", "channel": "cash", "fund": "books", "unit": "CNY", "reason": "legal", "refunded_on": DAY,
        "units": [[200, 250]],
    }  # fmt: skip
    for gift in (GIFT, PAID, "8.0", "99.0"):
        yield {**spent, "gift": gift}, [out("books", 200, 250)]
        yield {**spent, "gift": gift, "fund": "school", "units": [[600, 650]]}, [out("school", 600, 650)]
    for kind in ("fund", "project", "activity"):
        for parent in ("school", "general", "none"):
            yield made(kind, "below", parent=parent), []
    for id, parent in (("general", {}), ("aid", {}), ("school", {"parent": "general"})):
        yield made("fund", id, **parent), []
        yield made("fund", id, **parent, restriction="unrestricted"), []


def everything() -> Iterator[tuple[dict[str, Any], Rows]]:
    yield from in_and_out()
    yield from sums()
    yield from words()


def cases(parties: dict[str, str], after: int | None = None) -> Iterator[Case]:
    """Every record, said by each of these parties with these keys."""
    for told, rows in everything():
        for party, keys in parties.items():

            def more(values: Values, told: Any = told, rows: Any = rows, party: str = party, keys: str = keys) -> None:
                said_anew(values, party, keys, [told], rows, after)

            yield case(f"{party} ({keys}), after {after}: {told}", more, said=TOWN, gift=GIFT)


def said(parties: dict[str, str], after: int | None = None) -> list[Said]:
    """Both verifiers say the same of each."""
    return check_alike(list(cases(parties, after)))


def rules(answers: list[Said]) -> set[str]:
    return {rule for answer in answers for rule, _, _ in answer.findings}


@pytest.mark.parametrize("party", SPEAKERS)
def test_what_everybody_may_say_alone(party: str):
    answers = said({party: SPEAKERS[party]})
    assert {answer.verdict for answer in answers} == {"verified", "failed"}
    assert {"authority", "day"} <= rules(answers)


@pytest.mark.parametrize("party,keys", [
    ("hope", "auditco.zhou hope.li"), pytest.param("op", "auditco.zhou op.chief", marks=pytest.mark.long),
])  # fmt: skip
def test_what_two_parties_may_sign_together(party: str, keys: str):
    answers = said({party: keys})
    assert {answer.verdict for answer in answers} == {"verified", "failed"}


def test_every_rule_that_is_settled_is_found():
    found = rules(said({"hope": "hope.li"})) | rules(said({"hope": "hope.li"}, after=2))
    settled = {"after", "approval", "authority", "fee", "receipt-excess", "refund-units", "restriction", "return-excess", "day",
               "self-payment", "reference", "reference-missing"}  # fmt: skip
    assert found - {"tape-flow"} == settled


# What other entries settle, or what no bundle is asked.
BEYOND = {"overdraft", "overdrawn-on-day", "reference", "overdue-receipt", "overdue-feedback", "tape-flow"}


@pytest.mark.parametrize("party", ["hope", "shop"])
def test_a_full_audit_of_the_log_finds_the_same(party: str, tmp_path: Path):
    """Nothing is found in a bundle that is not found in its log, of the same record, and nothing that it settles is passed over."""
    for number, one in enumerate(cases({party: SPEAKERS[party]})):
        raws = [entry.raw for entry in parse_bundle(one.bundle).entries]
        whole = places(verify(FolderSource(forged(raws, tmp_path / f"{number}", chained=False)), TRUST))
        shown = places(verify_bundle(one.bundle, TRUST))
        assert {place for place in shown if place[0] != "tape-flow"} <= whole, one.name
        assert {place for place in whole if place[0] not in BEYOND} <= shown, one.name


def thresholds() -> Iterator[Case]:
    """A mandate with another threshold, before a payment that one officer signs."""
    for amount in (49, 50, 400):
        for speaker in ("hope", "river"):
            limited = {"kind": "mandate", "thresholds": [{"unit": "CNY", "amount": amount}]}

            def play(values: Values, limited: Any = limited, speaker: str = speaker, amount: int = amount) -> None:
                said_anew(values, speaker, SPEAKERS[speaker], [limited], [])
                spent = 50 if amount < 400 else 301
                said_anew(values, "hope", "hope.li", [paid("school", spent, payee="friends")], [out("school", 600, 600 + spent)])

            yield case(f"{speaker} says a mandate with {amount}", play, said=TOWN, gift=GIFT)


def test_thresholds_that_were_changed():
    answers = check_alike(list(thresholds()))
    assert [("approval", 12, 0) in answer.findings for answer in answers] == [True, False, False, False, True, True]


def two_officers() -> Iterator[Case]:
    for signers in ("hope.li", "hope.wang", "hope.li hope.wang", "hope.li auditco.zhou"):

        def play(values: Values, signers: str = signers) -> None:
            new = {"kind": "key", "key": key_text("hope.wang"), "officer": "wang"}
            said_anew(values, "hope", "hope.li hope.wang auditco.zhou", [new], [])
            said_anew(values, "hope", signers, [paid("school", 400)], [out("school", 600, 1000)])

        yield case(f"a payment above the threshold by {signers}", play, said=TOWN, gift=GIFT)


def test_two_officers_sign_above_the_threshold():
    answers = check_alike(list(two_officers()))
    assert [answer.verdict for answer in answers] == ["failed", "failed", "verified", "verified"]


def test_the_words_of_the_books_are_all_known():
    """A relation or a demand that this misses is written in authority.js."""
    (known,) = ask([{"known": True}])
    judged = [kind.signing for kind in KINDS.values() if kind.stage != "registry"]
    assert {signing.author for signing in judged} <= set(known["relations"]) <= set(authority.RELATIONS)
    assert {demand for signing in judged for demand in signing.must} <= set(known["demands"]) <= set(authority.DEMANDS)
