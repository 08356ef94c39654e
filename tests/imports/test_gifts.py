"""Importing gifts: each once, all or none of a broken file, and the real file."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.entries.channel_reference import NewKey, commit_reference
from ledger.entries.file_salt import SALT_FILE
from ledger.errors import Refused, RowError, UsageError
from ledger.imports.gifts import GiftImport, import_gifts
from ledger.imports.mapping import Mapping, parse_mapping

Write = Callable[..., Path]
Mapped = Callable[..., Mapping]
HEADER = "at,sum,ref\n"


def lines(*gifts: tuple[str, int]) -> str:
    return HEADER + "".join(f"2024-09-{day},{amount},\n" for day, amount in gifts)


def run(world, path: Path, mapping: Mapping, **options) -> GiftImport:
    return import_gifts(world.sequencer, world.charity, path, mapping, world.keys(), **options)


def gifts_of(world) -> Counter:
    return Counter((gift.received_on, gift.amount) for gift in world.records("donation"))


def salted(world, content: bytes) -> str:
    """The digest of a file under the salt of the charity."""
    return hashlib.sha256((world.directory / "keys/hope" / SALT_FILE).read_bytes() + content).hexdigest()


def counts(done: GiftImport) -> tuple[int, int, int, int, int]:
    return done.rows, done.entered, done.known, done.skipped, done.broken


def test_rows_become_donations_and_the_file_is_named(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 500), ("11", 700)))
    done = run(world, path, mapped())
    assert (counts(done), done.amount_minor, done.unit, done.dry_run) == ((2, 2, 0, 0, 0), 1200, "VND", False)
    first, second = world.records("donation")
    assert (first.fund, first.unit, first.amount, first.channel, first.received_on) == ("relief", "VND", 500, "bank", "2024-09-10")
    assert (second.amount, second.fee) == (700, None)
    (source,) = world.records("source")
    assert (source.media, source.bytes, source.digest) == ("text/csv", path.stat().st_size, done.digest)
    assert done.digest == salted(world, path.read_bytes())
    assert (source.rows, source.entered, source.known, source.left_out) == (2, 2, 0, 0)


def test_reference_is_the_committed_text_of_list_cells_and_number(world, csv_file: Write, mapped: Mapped):
    run(world, csv_file(lines(("10", 500), ("10", 500))), mapped())
    secret = world.keys().secret("2024")
    texts = [f"the-list\x002024-09-10\x00500\x00\x00{number}" for number in (1, 2)]
    expected = [commit_reference(secret, "2024", "bank", text) for text in texts]
    assert [gift.channel_ref for gift in world.records("donation")] == expected


def test_reference_of_the_source_is_committed_as_it_is(world, csv_file: Write, mapped: Mapped):
    run(world, csv_file(HEADER + "2024-09-10,5, F-1 \n2025-01-01,5,F-2\n"), mapped(list=None, reference='"ref"'))
    secrets = [world.keys().secret(label) for label in ("2024", "2025")]
    texts = zip(secrets, ("2024", "2025"), ("F-1", "F-2"), strict=True)
    expected = [commit_reference(secret, year, "bank", text) for secret, year, text in texts]
    assert [gift.channel_ref for gift in world.records("donation")] == expected


def test_second_import_adds_nothing(world, csv_file: Write, mapped: Mapped, reopened):
    path = csv_file(lines(*[("10", amount) for amount in range(1, 301)]))
    run(world, path, mapped())
    size = world.sequencer.tree_size
    assert counts(run(world, path, mapped())) == (300, 0, 300, 0, 0)
    assert world.sequencer.tree_size == size
    world = reopened()
    assert counts(run(world, path, mapped())) == (300, 0, 300, 0, 0)
    assert world.sequencer.tree_size == size


def test_equal_rows_are_as_many_gifts(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5), ("10", 5), ("11", 5), ("10", 5)))
    assert counts(run(world, path, mapped())) == (4, 4, 0, 0, 0)
    assert gifts_of(world) == {("2024-09-10", 5): 3, ("2024-09-11", 5): 1}
    assert counts(run(world, path, mapped())) == (4, 0, 4, 0, 0)


def test_rows_put_into_the_middle_are_added_and_no_others(world, csv_file: Write, mapped: Mapped):
    old = [("10", 5)] * 40 + [("11", amount) for amount in range(1, 101)] + [("12", 7)] * 30
    inserted = [("10", 5)] * 4 + [("11", 9)] * 3 + [("13", 1), ("14", 1), ("14", 1)]
    run(world, csv_file(lines(*old)), mapped())
    done = run(world, csv_file(lines(*old[:90], *inserted, *old[90:]), "newer.csv"), mapped())
    assert counts(done) == (180, 10, 170, 0, 0)
    assert sum(gifts_of(world).values()) == 180
    assert [(one.rows, one.entered, one.known) for one in world.records("source")] == [(170, 170, 0), (180, 10, 170)]


ROWS = st.lists(st.tuples(st.sampled_from(["10", "11"]), st.integers(1, 3)), max_size=30)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS, st.integers(1, 5))
def test_ledger_has_as_many_equal_gifts_as_the_fullest_version(begin, mapped: Mapped, older, newer, records: int):
    world = begin()
    path = world.directory / "list.csv"
    for version in (older, newer, older):
        path.write_text(lines(*version))
        run(world, path, mapped(), records=records)
    fullest = Counter(older) | Counter(newer)
    assert gifts_of(world) == {(f"2024-09-{day}", amount): number for (day, amount), number in fullest.items()}
    world.sequencer.store.close()


def test_other_list_other_gifts(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5)))
    for name in ("august", "september", "august"):
        run(world, path, mapped(list=f'"{name}"'))
    assert gifts_of(world) == {("2024-09-10", 5): 2}


@pytest.mark.parametrize("broken", ["2024-09-10,12.50,", "2024-09-31,5,", "2024-09-10,-5,", "2024-09-10"])
def test_broken_row_is_named_and_nothing_of_the_file_is_entered(world, csv_file: Write, mapped: Mapped, broken: str):
    path = csv_file(lines(*[("10", 5)] * 200) + f"{broken}\n" + "2024-09-10,5,\n")
    size = world.sequencer.tree_size
    for dry_run in (True, False):
        with pytest.raises(RowError, match=r"row 201 \(line 202\)") as caught:
            run(world, path, mapped(), dry_run=dry_run)
        assert caught.value.where == "201"
    assert world.sequencer.tree_size == size
    assert not list(world.directory.rglob("reference-*"))


def test_broken_rows_are_left_out_on_demand(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5)) + "2024-09-10,x,\n2024-09-10,-1,\n2024-09-12,6,\n")
    skip = mapped(skip='{ column = "sum", when = "negative" }')
    done = run(world, path, skip, leave_out_broken=True)
    assert counts(done) == (4, 2, 0, 1, 1)
    assert (done.faults[0].where, done.faults[0].rule) == ("2", "amount")
    (source,) = world.records("source")
    assert (source.rows, source.entered, source.known, source.left_out) == (4, 2, 0, 2)
    assert counts(run(world, path, skip, leave_out_broken=True)) == (4, 0, 2, 1, 1)


def test_reference_twice_in_a_file_is_broken(world, csv_file: Write, mapped: Mapped):
    path = csv_file(HEADER + "2024-09-10,5,A\n2024-09-10,6,B\n2024-09-11,7,A\n")
    by_reference = mapped(list=None, reference='"ref"')
    size = world.sequencer.tree_size
    with pytest.raises(RowError, match="row 3, column 'ref': the reference is already in row 1"):
        run(world, path, by_reference)
    assert world.sequencer.tree_size == size
    assert counts(run(world, path, by_reference, leave_out_broken=True)) == (3, 2, 0, 0, 1)
    assert gifts_of(world) == {("2024-09-10", 5): 1, ("2024-09-10", 6): 1}


def test_dry_run_says_what_would_be_entered_and_leaves_no_trace(world, csv_file: Write, mapped: Mapped):
    run(world, csv_file(lines(*[("10", 5)] * 3)), mapped())
    size, files = world.sequencer.tree_size, sorted(world.directory.rglob("*"))
    path = csv_file(lines(*[("10", 5)] * 5) + "2023-01-01,9,\n")
    done = run(world, path, mapped(), dry_run=True)
    assert (counts(done), done.amount_minor, done.dry_run) == ((6, 3, 3, 0, 0), 19, True)
    assert (world.sequencer.tree_size, sorted(world.directory.rglob("*"))) == (size, files)
    real = run(world, path, mapped())
    assert real == done._replace(dry_run=False, digest=real.digest)


def test_fee_stays_with_the_party_that_keeps_it(world, csv_file: Write, mapped: Mapped):
    path = csv_file("at,sum,cost\n2024-09-10,10.00,0.60\n2024-09-10,10.00,\n")
    run(world, path, mapped(unit='"CNY"', fee='"cost"', fee_to='"wallet"'))
    kept = [(gift.amount, gift.fee, gift.fee_to) for gift in world.records("donation")]
    assert kept == [(1000, 60, "wallet"), (1000, None, None)]
    assert world.sequencer.books.tape.get("relief/CNY").end == 1940


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"fund": '"other"'}, Refused, "fund 'other'"),
        ({"unit": '"EUR"'}, Refused, "unit 'EUR'"),
        ({"fee": '"sum"', "fee_to": '"other"'}, UsageError, "fee_to 'other'"),
        ({"amount": '"total"'}, UsageError, "column 'total'"),
    ],
)
def test_what_does_not_fit_the_ledger_is_refused_at_once(world, csv_file: Write, mapped: Mapped, changes, error, words: str):
    with pytest.raises(error, match=words):
        run(world, csv_file(lines(("10", 5))), mapped(**changes), dry_run=True)


def test_gift_of_a_day_to_come_in_the_ledgers_zone_is_broken(world, csv_file: Write, mapped: Mapped):
    """It is 20:00 UTC on 1 March, and 2 March where the ledger is."""
    assert run(world, csv_file(HEADER + "2026-03-02,5,\n"), mapped()).entered == 1
    with pytest.raises(RowError, match="is after today, 2026-03-02"):
        run(world, csv_file(HEADER + "2026-03-03,5,\n"), mapped())


def test_another_partys_fund_and_a_key_without_standing_are_refused(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5)))
    with pytest.raises(Refused, match="belongs to hope"):
        import_gifts(world.sequencer, world.operator, path, mapped(), world.keys())
    with pytest.raises(Refused, match="none of the keys given is a key of the party in force"):
        import_gifts(world.sequencer, world.charity._replace(keys=world.funder.keys), path, mapped(), world.keys())


def test_destroyed_reference_key_stops_the_import(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5)))
    run(world, path, mapped())
    (world.directory / "keys" / "hope" / "reference-2024.key").unlink()
    size = world.sequencer.tree_size
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="cannot be linked"):
            run(world, path, mapped(), dry_run=dry_run)
    assert world.sequencer.tree_size == size


def test_file_that_changes_after_it_was_checked_changes_nothing(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5), ("10", 6)))
    keys = world.keys()

    class Meddling(type(keys)):
        """Changes the file when it is checked."""

        def secret(self, label: str, of: str = "") -> bytes:
            path.write_text(path.read_text().replace(",6,", ",7,"))
            return keys.secret(label, of)

    content = path.read_bytes()
    meddling = Meddling(world.directory, "hope", world.sequencer.books, lambda label: NewKey(b"s" * 32, "2036-12-31"))
    done = import_gifts(world.sequencer, world.charity, path, mapped(), meddling)
    assert (done.amount_minor, done.digest) == (11, salted(world, content))


def test_the_same_file_is_recognised_and_its_name_is_not_in_the_ledger(world, csv_file: Write, mapped: Mapped):
    """Its last row is broken first, and entered when it is mended; the file that was left as it was has the same digest."""
    path = csv_file(text := lines(("10", 5), ("11", "x")))
    first = run(world, path, mapped(), leave_out_broken=True)
    run(world, csv_file(lines(("10", 5), ("11", 6))), mapped())
    path.write_text(text)
    again = run(world, path, mapped(), leave_out_broken=True)
    assert (first.digest, again.entered) == (again.digest, 0)
    assert [one.digest == first.digest for one in world.records("source")] == [True, False]
    assert not any(path.name.encode() in raw for raw in world.sequencer.store.entries(0, world.sequencer.tree_size))


def test_the_salt_of_files_is_secret_and_of_one_party(world, csv_file: Write, mapped: Mapped):
    path = csv_file(lines(("10", 5)))
    assert run(world, path, mapped(), dry_run=True).digest == ""
    run(world, path, mapped())
    file = world.directory / "keys/hope" / SALT_FILE
    assert (file.stat().st_mode & 0o777, len(file.read_bytes())) == (0o600, 32)
    file.write_bytes(b"short")
    with pytest.raises(UsageError, match="has 5 bytes, not 32; restore it from a copy"):
        run(world, path, mapped())
    file.chmod(0o644)
    with pytest.raises(UsageError, match="lets other users read"):
        run(world, path, mapped())


def test_long_names_make_shorter_statements(world, csv_file: Write, mapped: Mapped):
    fund = {"id": "f" * 63, "kind": "fund", "name": "long", "purpose": "p", "restriction": "unrestricted"}
    world.say(world.operator, {"entity": "organisation", "id": "g" * 63, "kind": "party", "name": "g", "roles": ["custodian"]})
    world.say(world.charity, fund)
    text = "at,sum,cost\n" + "2024-09-10,900000000000,1\n" * 1000
    mapping = mapped(fund=f'"{"f" * 63}"', fee='"cost"', fee_to=f'"{"g" * 63}"', channel=f'"{"c" * 63}"')
    assert run(world, csv_file(text), mapping, records=255).entered == 1000


def test_progress_hears_of_every_batch(world, csv_file: Write, mapped: Mapped):
    heard = []
    run(world, csv_file(lines(*[("10", 5)] * 1000)), mapped(), records=2, progress=lambda *said: heard.append(said))
    assert heard == [(256, 254, 0), (512, 510, 0), (768, 766, 0), (1000, 998, 0)]


@pytest.fixture
def real_mapping(mapped: Mapped) -> Mapping:
    return mapped(
        amount='"amount_vnd"', amount_form='"minor"', received='"received_at"', received_form='"datetime"', list='"typhoon-2024"',
    )  # fmt: skip


def test_mapping_in_the_how_to_fits_the_real_file(world, real):
    page = Path(__file__).parents[2] / "docs/how-to/import-gifts.md"
    block, *_ = re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    fund = {"id": "typhoon-relief", "kind": "fund", "name": "Relief", "purpose": "relief", "restriction": "restricted"}
    world.say(world.charity, fund)
    done = run(world, real("gifts-2024-09.csv"), parse_mapping(block.encode()), dry_run=True)
    assert (counts(done), done.unit) == ((56_474, 56_474, 0, 0, 0), "VND")


def test_real_file_is_entered_once_and_to_the_last_dong(world, real, real_mapping: Mapping):
    path = real("gifts-2024-09.csv")
    with path.open(newline="") as file:
        rows = [(row["received_at"][:10], int(Decimal(row["amount_vnd"]))) for row in csv.DictReader(file)]
    done = run(world, path, real_mapping)
    assert counts(done) == (56_474, 56_474, 0, 0, 0)
    assert done.amount_minor == sum(Decimal(amount) for _, amount in rows) == world.sequencer.books.tape.get("relief/VND").end
    assert gifts_of(world) == Counter(rows)
    assert len({gift.channel_ref for gift in world.records("donation")}) == 56_474
    size = world.sequencer.tree_size
    assert counts(run(world, path, real_mapping)) == (56_474, 0, 56_474, 0, 0)
    assert world.sequencer.tree_size == size
