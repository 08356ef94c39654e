"""What holds for a statement as a whole (formats §2, books §2): its ledger, its place, its times, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.books.fold import apply
from ledger.books.moment import local_day, seconds
from ledger.entries.statement import open_statement, sign_statement, write_statement
from ledger.errors import Refused, VerificationError
from tests.language import Ledger, key

GIFT = "donation 1.00 CNY -> school"


def refused(played: Ledger, rule: str, words: str, **more) -> None:
    """One gift to the school, said with `more`, is refused."""
    with pytest.raises(Refused, match=words) as error:
        played.say("hope", played.read("hope", GIFT)[0], ["hope.li"], **more)
    assert error.value.rule == rule
    played.books.rollback()


def test_a_statement_enters_the_ledger_it_names(ledger):
    refused(ledger, "ledger", "a statement can enter only the log it names", ledger="ledger.example.org/another")


def test_after_names_an_entry_before(ledger):
    refused(ledger, "after", "after 4: must name an entry before 4", after=4)
    refused(ledger, "after", "after 9: must name", after=9)
    refused(ledger, "after", "after -1: must name", after=-1)


def test_entry_0_is_bound_to_nothing():
    records = Ledger().read("op", "ledger chief")[0]
    with pytest.raises(Refused, match="entry 0 names none"):
        Ledger().say("op", records, ["op.chief"], after=0)
    Ledger().say("op", records, ["op.chief"])


@pytest.mark.parametrize(
    "record",
    [
        "donation 1.00 CNY -> late", "donation 1.00 EUR -> school", "donation 1.00 CNY -> school fee=0.10 fee_to=newcomer",
        "allocation 1.00 CNY school -> late", "payment 1.00 CNY books -> newcomer",
        "payment 1.00 CNY books -> friends grant=purse", "payment 1.00 CNY books -> shop goods=1:tent:books:1.00",
        "delivery 1 box books -> newcomer", "receipt 1.00 of ^paid level=self-declared", "payment-return 1.00 of ^paid",
        "feedback readers 1 payments=^paid", "feedback readers 1 activity=maps from_day=2026-09-01 to_day=2026-09-02",
        "progress maps", "refund ^gift school CNY units=900..1000 reason=legal", "reversal of ^given", "activity more late",
        "activity more school implementers=newcomer",
        "statistics late CNY from_day=2026-09-01 to_day=2026-09-30 cells=2026-09:1.00:1",
        "consent of ^gift granted digests=" + "A" * 43,
    ],
)  # fmt: skip
def test_a_statement_is_bound_to_what_it_refers_to(ledger, record):
    """Bound to entry 4, it cannot speak of what entries 5 to 8 brought."""
    ledger.play("hope: donation 20.00 CNY -> school; allocation 9.00 CNY school -> books")
    ledger.play("""
        op: party newcomer vendor; unit EUR 2; unit tent 0
        hope: project late restricted; activity maps school; donation 9.00 CNY -> school as gift
        hope: allocation 5.00 CNY school -> books as given; payment 1.00 CNY books -> shop as paid
        friends: fund purse restricted
    """)
    ledger.play(f"""
        hope after 4: {record}
          ! after: the statement was signed when the log ended at
    """)


def test_what_a_statement_brings_it_can_refer_to(ledger):
    ledger.play("""
        hope after 0: donation 1.00 CNY -> school
          ! after: made at entry 3
        hope after 3: fund late restricted; donation 2.00 CNY -> late; payment 1.00 CNY late -> shop; payment-return 1.00 of @2
          left late/CNY 2.00
    """)


def test_signed_at_is_near_the_time_of_the_entry(ledger):
    time = "2026-09-07T10:00:00Z"
    refused(ledger, "time", "more than 5 minutes after", time=time, signed_at="2026-09-07T10:05:01Z")
    refused(ledger, "time", "more than 30 days before", time=time, signed_at="2026-08-08T09:59:59Z")
    for signed_at in ("2026-09-07T10:05:00Z", "2026-08-08T10:00:00Z"):
        ledger.say("hope", ledger.read("hope", GIFT)[0], ["hope.li"], time=time, signed_at=signed_at)


def test_time_does_not_run_backwards(ledger):
    refused(ledger, "time", "is before 2026-09-01T10:00:00Z, the time of the entry before", time="2026-09-01T09:59:59Z")
    ledger.play("hope: donation 1.00 CNY -> school")


@pytest.mark.parametrize("time", ["2026-02-30T10:00:00Z", "0000-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_the_calendar_does_not_have(ledger, time):
    """The pattern of an entry's time lets it through; the books do not fall over it. 9999-12-31 is the next day at UTC+08:00."""
    refused(ledger, "time", "the calendar", time=time)
    leaf, said = ledger.heard("hope", ledger.read("hope", GIFT)[0], ["hope.li"])
    with pytest.raises(Refused, match="2026-02-30") as error:
        apply(ledger.books, said._replace(signed_at="2026-02-30T10:00:00Z"))
    assert error.value.rule == "time"


def test_a_local_day_is_a_fixed_distance_from_utc():
    for zone, midnight in (("UTC+08:00", "16:00"), ("UTC-09:30", "09:30"), ("UTC+05:45", "18:15"), ("UTC+00:00", "00:00")):
        ledger = Ledger().play(f"op: ledger chief time_zone={zone}")
        day, before = local_day(ledger.books, f"2026-09-07T{midnight}:00Z"), seconds(f"2026-09-07T{midnight}:00Z") - 1
        assert local_day(ledger.books, utc(before)) == utc(seconds(f"{day}T00:00:00Z") - 1)[:10]
    assert seconds("1970-01-02T00:00:01Z") == 86401


def utc(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_all_records_are_taken_or_none(ledger):
    ledger.play("hope: donation 9.00 CNY -> school")
    before = [(table.name, dict(table.items())) for table in ledger.books.tables]
    ledger.play("""
        hope: donation 5.00 CNY -> school; allocation 14.00 CNY school -> books; payment 99.00 CNY books -> shop
          ! overdraft: holds 14.00 CNY
        hope: fund late restricted; donation 5.00 CNY -> school; donation 5.00 EUR -> school
          ! reference: unit 'EUR'
    """)
    assert [(table.name, dict(table.items())) for table in ledger.books.tables] == before


def test_a_reference_points_to_an_earlier_record(ledger):
    ledger.play("""
        hope: donation 9.00 CNY -> school; payment 9.00 CNY school -> shop
        hope: receipt 1.00 of 5.0 level=self-declared
          ! reference: does not name an earlier record
        hope: receipt 1.00 of @0 level=self-declared
          ! reference: does not name an earlier record
        hope: receipt 1.00 of 4.2 level=self-declared
          ! reference: is not a payment or delivery
        hope: receipt 1.00 of 04.1 level=self-declared
          ! schema: of '04.1'
        hope: receipt 1.00 of 4.1 level=self-declared
    """)


def test_a_false_signature_is_not_heard(ledger):
    records = ledger.read("hope", GIFT)[0]
    id = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    raw = write_statement(ledger="l", party="hope", id=id, signed_at="2026-09-07T10:00:00Z", records=records, after=(3, "a" * 64))
    ((public, signature),) = sign_statement(raw, [key("hope.li")])
    open_statement(raw, ((public, signature),))
    with pytest.raises(VerificationError):
        open_statement(raw.replace(b'"amount":100', b'"amount":900'), ((public, signature),))
    with pytest.raises(VerificationError, match="it is not signed"):
        open_statement(raw, ())


def test_absent_is_not_null(ledger):
    """There is no null in canonical JSON (formats §1)."""
    gift = ledger.read("hope", GIFT)[0][0]
    for record in ({**gift, "fee": None}, {**gift, "holder": None}, {**gift, "private": None}):
        with pytest.raises(Exception, match="None") as error:
            ledger.say("hope", [record], ["hope.li"])
        assert error.value.rule == "schema"


def test_sets_and_ranges_are_written_in_one_way(ledger):
    """Digests ascend, each once; ranges ascend, apart from one another; a range is not empty."""
    first, second = "A" * 43, "E" * 43
    ledger.play(f"""
        hope: donation 9.00 CNY -> school private={first},{second}
        hope: donation 9.00 CNY -> school private={second},{first}
          ! schema: must be sorted, each once
        hope: donation 9.00 CNY -> school private={first},{first}
          ! schema: must be sorted, each once
        hope: allocation 2 CNY school -> books units=0..2
        hope: allocation 2 CNY school -> books units=5..3
          ! schema: must be [start, end) with start below end
        hope: allocation 2 CNY school -> books units=3..4,4..5
          ! schema: must be ascending, apart from one another
    """)


def test_base64_of_32_bytes_is_said_in_one_way(ledger):
    """`A` and `B` in the last place are the same 32 bytes."""
    ledger.play(f"""
        hope: donation 1.00 CNY -> school holder={"A" * 43}
        hope: donation 1.00 CNY -> school holder={"A" * 42}B
          ! schema: holder
        hope: donation 1.00 CNY -> school channel_ref=hmac-sha256:2026:{"A" * 42}B
          ! schema: channel_ref
    """)
