"""Edges that chance does not come upon: small logs, each with one thing in it that only just is, or is not, as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.bundle.partial_books import STEPS
from ledger.canonical import encode, parse
from tests.audit.mirror import SMALL
from tests.verifier.asking import Case
from tests.verifier.building import DAY, PAYMENT, Values, case, check, hope, nothing, receipt, record, said_anew

GENERAL = "hope: fund general unrestricted"
HUNDRED = [[0, "-", "general/CNY", 0, 100]]


def cover(*spans: tuple[int, int], gift: str = "3.0") -> dict[str, Any]:
    covered = {"fund": "general", "units": [list(span) for span in spans]}
    return {
        "kind": "refund", "channel": "cash",
        "gift": gift,
        "fund": "school",
        "unit": "CNY",
        "reason": "legal",
        "refunded_on": DAY,
        "cover": covered,
    }


def receipts_at_several_levels() -> Iterator[Case]:
    said = SMALL.replace("party shop vendor", "party shop vendor sun; party auditco auditor zhou")
    speakers = {"third-party": "auditco.zhou", "self-declared": "hope.li", "recipient-signed": "shop.sun"}
    for first in speakers:
        for amount in (100, 399, 400, 401, 900):

            def three(values: Values, first: str = first, amount: int = amount) -> None:
                for level, units in ((first, 400), ("self-declared", amount), ("recipient-signed", 100)):
                    said_anew(values, speakers[level].partition(".")[0], speakers[level], [receipt(level, units)], [])

            yield case(f"a receipt {first} of all, and one self-declared of {amount}", three, said=said)


def feedback_and_its_place() -> Iterator[Case]:
    feedback = {"kind": "feedback", "indicator": "i", "value": 1, "measured_in": "m", "method": "m", "reported_on": DAY}
    period = {"activity": "books", "from_day": DAY, "to_day": DAY}
    for first, second in ((receipt("self-declared", 150), feedback), (feedback, receipt("self-declared", 150))):
        for about in ({"payments": [PAYMENT]}, period, {**period, "from_day": "2026-09-08", "to_day": "2026-09-09"}):

            def both(values: Values, first: Any = first, second: Any = second, about: Any = about) -> None:
                hope(values, {**first, **(about if first is feedback else {})}, {**second, **(about if second is feedback else {})})

            yield case(f"{first['kind']} before {second['kind']} about {about}", both)

    def of_one_that_is_none(values: Values) -> None:
        hope(values, receipt("self-declared"))
        hope(values, {**feedback, "payments": ["4.0", PAYMENT]}, {**feedback, "payments": [PAYMENT, "4.0"]})

    yield case("feedback about a payment and about none", of_one_that_is_none)


def what_the_signer_had_not_seen() -> Iterator[Case]:
    for after in (0, 2, 3, 4, 5, 6):
        yield case(
            f"a receipt bound to entry {after}", lambda values, after=after: hope(values, receipt("self-declared"), after=after)
        )
        covered = {"flows": HUNDRED, "after": after}
        yield case(f"a cover bound to entry {after}", lambda values, more=covered: hope(values, cover((0, 100)), **more), GENERAL)
    for after in (0, 1, 2, 3):
        yield case(
            f"the allocation bound to entry {after}",
            lambda values, after=after: values[4]["statement"].update(after=f"{after}:{'0' * 64}"),
        )


def funds_where_there_can_be_none() -> Iterator[Case]:
    made = {"kind": "fund", "id": "below", "name": "N", "purpose": "P", "restriction": "restricted"}
    flows = [[1, "-", "books/CNY", 400, 600], [1, "+", "below/CNY", 0, 200]]
    moved = {"kind": "allocation", "fund": "books", "to": "below", "unit": "CNY", "amount": 200}
    for parent in ({"parent": "books"}, {"parent": "school"}, {"parent": "nowhere"}, {}):
        yield case(f"a fund below {parent}", lambda values, parent=parent: hope(values, {**made, **parent}, moved, flows=flows))
    project = {**made, "kind": "project", "receipt_days": 1, "feedback_days": 1}
    yield case("a project in a project", lambda values: hope(values, {**project, "parent": "school"}, moved, flows=flows))
    yield case("a fund of an id that is taken, nothing moved", lambda values: hope(values, {**made, "id": "books"}))
    yield case("a fund of an id that is taken", lambda values: hope(values, {**made, "id": "books"}, moved, flows=flows))
    for depth in (15, 16, 17):  # school is the root, books one below it
        chain = [{**made, "id": f"f{n}", "parent": f"f{n - 1}" if n > 1 else "school"} for n in range(1, depth + 1)]
        down = [[depth, "-", "school/CNY", 600, 800], [depth, "+", f"f{depth}/CNY", 0, 200]]
        last = {**moved, "fund": "school", "to": f"f{depth}"}
        yield case(f"money {depth} funds down", lambda values, said=(*chain, last), down=down: hope(values, *said, flows=down))
    activity = {key: value for key, value in made.items() if key != "restriction"} | {"kind": "activity", "parent": "school"}
    yield case("an activity", lambda values: hope(values, activity, moved, flows=flows))


def covers_in_and_around_the_gift() -> Iterator[Case]:
    spans: list[list[tuple[int, int]]] = [
        [(0, 100)], [(0, 1000)], [(300, 700)], [(0, 100), (200, 300)], [(900, 1200)], [(1000, 1200)], [(5000, 6000)],
        [(0, 2**53 - 1)],
    ]  # fmt: skip
    for chosen in spans:
        size = sum(end - start for start, end in chosen)
        flows = [[0, "-", "general/CNY", 0, size]]
        yield case(
            f"a cover of {chosen}", lambda values, chosen=chosen, flows=flows: hope(values, cover(*chosen), flows=flows), GENERAL
        )
    for first, second in (
        ((0, 400), (200, 600)),
        ((200, 600), (0, 400)),
        ((0, 900), (100, 200)),
        ((0, 100), (100, 200)),
        ((0, 9), (0, 9)),
    ):

        def two(values: Values, first: Any = first, second: Any = second) -> None:
            middle, end = first[1] - first[0], first[1] - first[0] + second[1] - second[0]
            hope(values, cover(first), flows=[[0, "-", "general/CNY", 0, middle]])
            hope(values, cover(second), flows=[[0, "-", "general/CNY", middle, end]])

        yield case(f"a cover of {first} and one of {second}", two, GENERAL)
    yield case("a cover in the same statement", lambda values: hope(values, cover((0, 100), gift="7.0"), flows=HUNDRED), GENERAL)
    yield case("a cover of another gift", lambda values: hope(values, cover((0, 100), gift="2.0"), flows=HUNDRED), GENERAL)
    yield case("a cover that moves nothing", lambda values: hope(values, cover((0, 100))), GENERAL)
    yield case("a cover out of no fund", lambda values: hope(values, cover((0, 100)), flows=HUNDRED))


def flows_beside_the_records() -> Iterator[Case]:
    income = {
        "kind": "income", "channel": "cash",
        "fund": "school",
        "unit": "CNY",
        "amount": 600,
        "income_class": "sale",
        "source": "s",
        "received_on": DAY,
    }
    both = [[0, "+", "school/CNY", 1000, 1600], [0, "-", "school/CNY", 1000, 1600]]
    yield case("units that come in and go out by one record", lambda values: hope(values, income, flows=both))
    to_itself = {"kind": "allocation", "fund": "school", "to": "school", "unit": "CNY", "amount": 600}
    yield case("an allocation of what it brings", lambda values: hope(values, to_itself, flows=both[::-1]))
    yield case("units that go out before they come in", lambda values: hope(values, income, flows=both[::-1]))
    yield case(
        "an inflow in two pieces",
        lambda values: hope(values, income, flows=[both[0][:4] + [1300], [0, "+", "school/CNY", 1300, 1600]]),
    )
    for rows in (
        [[0, 400]],
        [[0, 200], [200, 400]],
        [[0, 250], [250, 400]],
        [[100, 500]],
        [[200, 400], [0, 200]],
        [[0, 100], [300, 600]],
    ):

        def goods(values: Values, rows: Any = rows) -> None:
            record(values, 1).update(record(values, 1))
            part = {"fund": "books", "unit": "box", "quantity": 3, "cost": 200}
            record(values, 5)["goods"] = [part, {**part, "quantity": 7}]
            bought = [[0, "+", "books/box", 0, 3], [0, "+", "books/box", 3, 10]]
            values[5]["flows"] = [[0, "-", "books/CNY", *row] for row in rows] + bought
            values[1]["statement"]["records"].append({"kind": "unit", "unit": "box", "exponent": 0, "name": "Box"})

        yield case(f"two sorts of goods for {rows}", goods)


def rows_of_no_record() -> Iterator[Case]:
    """Below 0 they would stand for the last record of the statement in some languages."""
    progress = {"kind": "progress", "activity": "books", "done_on": DAY, "note": "n"}
    for number in (-1, -2, 1, 255, 2**53 - 1, 2**53, 0.0, -0.5, "0", None, True):
        flows = [[number, "-", "books/CNY", 0, 600]]
        yield case(f"the payment's flows are of record {number}", lambda values, flows=flows: values[5].update(flows=flows))
        yield case(
            f"flows of record {number} beside one that moves nothing",
            lambda values, flows=flows: hope(values, progress, flows=flows),
        )
    for row in (
        [],
        [0],
        [0, "-", "books/CNY", 400],
        [0, "*", "books/CNY", 400, 500],
        [0, "-", 7, 400, 500],
        [0, "-", "books/CNY", 500, 500],
        7,
    ):
        yield case(f"a row {row} of no form", lambda values, row=row: values[5]["flows"].append(row))
        yield case(
            f"a row {row} of no form beside a record that moves nothing",
            lambda values, row=row: hope(values, progress, flows=[row]),
        )


def records_without_flows() -> Iterator[Case]:
    for index in (3, 4, 5):
        for left_out in (None, 1, 2):

            def without(values: Values, index: int = index) -> None:
                values[index]["flows"] = []

            whole = case(f"entry {index} without flows, entry {left_out} left out", without)
            bundle = parse(whole.bundle)
            bundle["entries"] = [one for one in bundle["entries"] if one["index"] != left_out]
            yield whole._replace(bundle=encode(bundle))


def named_units() -> Iterator[Case]:
    part = {"fund": "books", "unit": "box", "quantity": 3, "cost": 400}
    for units in ([[0, 400]], [[0, 10]], [[0, 800]], [[100, 500]], [[0, 200], [300, 500]], [[200, 600]]):
        for goods in (False, True):

            def named(values: Values, units: Any = units, goods: bool = goods) -> None:
                record(values, 5).update(units=units, **({"goods": [part]} if goods else {}))
                if goods:
                    values[5]["flows"].append([0, "+", "books/box", 0, 3])
                    values[1]["statement"]["records"].append({"kind": "unit", "unit": "box", "exponent": 0, "name": "Box"})

            yield case(f"units {units} named, goods {goods}", named)


def rule_sets() -> Iterator[Case]:
    for rules in ("givetrail/1", "givetrail/2", "givetrail/10", "other/1"):
        yield case(f"a ledger of {rules}", lambda values, rules=rules: record(values, 0).update(rules=rules))
        said = [{"kind": "rules", "rules": rules}]
        yield case(f"later {rules}", lambda values, said=said: said_anew(values, "op", "op.chief", said, []))


def days_when_something_is_late() -> Iterator[Case]:
    for day in ("2026-09-16", "2026-09-17", "2026-09-18"):
        yield case(f"a payment of the 7th on the {day}", nothing, f"{day}\nop: unit rice 3")
    paid = "hope: receipt 1.00 of=5.0 level=self-declared"
    for day in ("2026-10-06", "2026-10-07", "2026-10-08"):
        yield case(f"a receipt of the 7th on the {day}", nothing, f"{paid}\n{day}\nop: unit rice 3")
    for time in ("2026-09-17T15:59:59Z", "2026-09-17T16:00:00Z"):
        yield case(f"at {time}", lambda values, time=time: values[-1].update(time=time))


def times_of_no_calendar() -> Iterator[Case]:
    for time in (
        "2026-02-29T10:00:00Z", "2026-09-31T10:00:00Z", "2026-13-01T10:00:00Z", "2026-09-07T24:00:00Z", "2026-09-07T23:60:00Z",
        "2026-09-07T23:59:60Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T15:59:59Z", "9999-12-31T16:00:00Z",
        "2024-02-29T10:00:00Z", "1969-12-31T23:59:59Z", "0000-12-31T20:00:00Z",
    ):  # fmt: skip
        yield case(f"an entry at {time}", lambda values, time=time: values[-1].update(time=time))
        yield case(f"entry 0 at {time}", lambda values, time=time: values[0].update(time=time))
    for zone in ("UTC-14:59", "UTC+14:59", "UTC-00:00", "UTC+00:30"):
        yield case(f"in {zone}", lambda values, zone=zone: record(values, 0).update(time_zone=zone))


def money_that_came_back() -> Iterator[Case]:
    for amounts in ((100,), (400,), (401,), (100, 300), (300, 200), (1, 1, 1)):

        def back(values: Values, amounts: Any = amounts) -> None:
            at = 0
            for amount in amounts:
                said = {
                    "kind": "payment-return", "channel": "cash", "of": PAYMENT, "amount": amount, "returned_on": DAY, "reason": "R",
                }  # fmt: skip
                hope(values, said, flows=[[0, "+", "books/CNY", 600 + at, 600 + at + amount]])
                at += amount
            hope(values, receipt("self-declared", 250))

        yield case(f"returns of {amounts}", back)


def chains_of_many_hops() -> Iterator[Case]:
    """Each record takes its units in 64 rows: a step a row, counted with all the records before it."""
    bound = int((2 * STEPS / 64) ** 0.5)
    for hops in (bound - 9, bound + 3):

        def chained(values: Values, hops: int = hops) -> None:
            del values[4:]
            at = {"school": 0, "books": 0}
            came = {"school": 1000, "books": 0}
            for first in range(0, hops, 20):
                moves, flows = [], []
                for number, hop in enumerate(range(first, min(first + 20, hops))):
                    out, into = ("school", "books") if hop % 2 == 0 else ("books", "school")
                    start = 0 if hop == 0 else at[out]
                    moves.append({"kind": "allocation", "fund": out, "to": into, "unit": "CNY", "amount": 640})
                    flows += [[number, "-", f"{out}/CNY", start + 10 * row, start + 10 * row + 10] for row in range(64)]
                    flows.append([number, "+", f"{into}/CNY", came[into], came[into] + 640])
                    at[into], came[into] = came[into], came[into] + 640
                hope(values, *moves, flows=flows)

        yield case(f"{hops} hops", chained, said=SMALL.replace("project school restricted", "project school unrestricted"))


def test_chains_of_many_hops():
    assert check(chains_of_many_hops()) == {"verified", "could not verify"}


def test_receipts_at_several_levels():
    assert check(receipts_at_several_levels()) == {"verified", "failed"}


def test_feedback_and_its_place():
    """What names a record that is no payment is found, for the bundle holds that record."""
    assert check(feedback_and_its_place()) == {"verified", "failed"}


def test_what_the_signer_had_not_seen():
    assert "verified" in check(what_the_signer_had_not_seen())


def test_funds_where_there_can_be_none():
    assert check(funds_where_there_can_be_none()) == {"verified", "failed"}


def test_covers_in_and_around_the_gift():
    assert "verified" in check(covers_in_and_around_the_gift())


def test_flows_beside_the_records():
    assert check(flows_beside_the_records()) == {"verified", "failed"}


def test_rows_of_no_record():
    assert check(rows_of_no_record()) == {"failed"}


def test_records_without_flows():
    assert check(records_without_flows()) == {"failed"}


def test_named_units():
    assert check(named_units()) == {"verified", "failed"}


def test_rule_sets():
    assert "could not verify" in check(rule_sets())


def test_days_when_something_is_late():
    assert check(days_when_something_is_late()) == {"verified"}


def test_times_of_no_calendar():
    assert check(times_of_no_calendar()) == {"verified", "failed"}


def test_money_that_came_back():
    assert check(money_that_came_back()) == {"verified", "failed"}
