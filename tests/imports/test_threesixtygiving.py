"""Importing 360Giving grants: recipients, payments that trace to their income, and the real files."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.canonical import SLUG
from ledger.entries.channel_reference import commit_reference
from ledger.entries.file_salt import SALT_FILE
from ledger.errors import Conflict, Refused, RowError, UsageError
from ledger.imports.entering import enter
from ledger.imports.threesixtygiving import GrantImport, import_360giving

from .conftest import author, fund, party

FUNDER = "GB-CHC-9"


def grant(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"360G-T-{number}", "awardDate": "2020-04-21", "amountAwarded": 100 + number, "currency": "GBP", "title": "Jane Doe",
        "recipientOrganization": [{"id": f"GB-CHC-{100 + number % 7}", "name": f"Charity {number % 7}"}],
        "fundingOrganization": [{"id": FUNDER, "name": "Trust"}], **changes,
    }  # fmt: skip


@pytest.fixture
def write(tmp_path: Path):
    def file(*grants: dict[str, Any]) -> Path:
        path = tmp_path / "grants.json"
        path.write_text(json.dumps({"grants": grants}))
        return path

    return file


def run(world, path: Path, fund: str = "grants", **options: bool) -> GrantImport:
    return import_360giving(world.sequencer, world.funder, world.operator, path, fund, world.keys("trust"), **options)


def counts(done: GrantImport) -> tuple[int, int, int, int]:
    return done.rows, done.entered, done.known, done.broken


def assert_payments_trace_to_their_income(world) -> None:
    """Every unit of every payment came in by an unstated income of its day or before, and all that came in so was paid."""
    paid, came = defaultdict(list), defaultdict(list)
    for leaf in world.leaves():
        for number, sign, tape, start, end in leaf.entry.flows:
            record = leaf.statement.records[number]
            if record.kind == "payment" and sign == "-":
                paid[tape].append((start, end))
                assert max(one for one in came[tape] if one[0] <= start)[2] <= record.paid_on
            elif record.kind == "income":
                assert record.income_class == "unstated"
                came[tape].append((start, end, record.received_on))
    for tape, spans in paid.items():
        spans.sort()
        assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
        assert (spans[0][0], spans[-1][1]) == (came[tape][0][0], came[tape][-1][1])
    assert paid.keys() == came.keys()


def test_grants_become_payments_to_admitted_organisations(world, admit, write):
    admit(FUNDER)
    done = run(world, write(grant(1), grant(2, awardDate="2019-01-02"), grant(8)))
    assert counts(done) == (3, 3, 0, 0)
    assert (done.parties, done.fund_made, done.sums_minor) == (("gb-chc-101", "gb-chc-102"), True, (("GBP", 31_100),))
    first, second = [party for party in world.records("party") if party.id.startswith("gb-chc")]
    assert (first.name, first.identifier, first.roles, first.keys) == ("Charity 1", "GB-CHC-101", ("implementer",), None)
    assert second.identifier == "GB-CHC-102"
    paid = [(one.paid_on, one.payee, one.amount, one.fund, one.cost_class) for one in world.records("payment")]
    assert paid == [
        ("2019-01-02", "gb-chc-102", 10_200, "grants", "programme"), ("2020-04-21", "gb-chc-101", 10_100, "grants", "programme"),
        ("2020-04-21", "gb-chc-101", 10_800, "grants", "programme"),
    ]  # fmt: skip
    (income,) = world.records("income")
    assert (income.amount, income.income_class, income.received_on) == (31_100, "unstated", "2019-01-02")
    assert "not where their money came from" in income.source
    assert_payments_trace_to_their_income(world)


def test_nothing_about_people_enters(world, admit, write):
    admit(FUNDER)
    run(world, write(grant(1, description="Jane Doelittle", beneficiaryLocation=[{"name": "Doelittle Street"}])))
    assert not any(b"Doelittle" in raw for raw in world.sequencer.store.entries(0, world.sequencer.tree_size))


def test_file_is_named_with_the_last_payments(world, admit, write):
    admit(FUNDER)
    path = write(*map(grant, range(70)))
    done = run(world, path)
    (source,) = world.records("source")
    salt = (world.directory / "keys/trust" / SALT_FILE).read_bytes()
    assert (source.media, source.bytes) == ("application/json", path.stat().st_size)
    assert source.digest == done.digest == hashlib.sha256(salt + path.read_bytes()).hexdigest()
    assert (source.rows, source.entered, source.known, source.left_out, source.mapping) == (70, 70, 0, 0, "360giving-1.4")
    assert [record.kind for record in list(world.leaves())[-1].statement.records] == [*["payment"] * 7, "source"]
    (income,) = world.records("income")
    assert (income.amount, income.received_on) == (sum(10_000 + 100 * n for n in range(70)), "2020-04-21")


def test_second_import_adds_nothing_and_a_longer_file_the_rest(world, admit, write, reopened):
    admit(FUNDER)
    run(world, write(*map(grant, range(70))))
    size = world.sequencer.tree_size
    world = reopened()
    assert counts(run(world, write(*map(grant, range(70))))) == (70, 0, 70, 0)
    assert world.sequencer.tree_size == size
    done = run(world, write(grant(200, awardDate="2018-01-01"), *map(grant, range(73))))
    assert (counts(done), done.parties, done.fund_made) == ((74, 4, 70, 0), (), False)
    assert_payments_trace_to_their_income(world)


def test_what_an_interrupted_import_left_is_paid_by_the_next(world, admit, write, monkeypatch):
    admit(FUNDER)
    monkeypatch.setattr("ledger.imports.threesixtygiving.GROUP", 1)
    entered = []

    def broken(sequencer, author, statements):
        entered.append(enter(sequencer, author, statements))
        if any(one["kind"] == "payment" for one in statements[0]):
            raise KeyboardInterrupt

    monkeypatch.setattr("ledger.imports.threesixtygiving.enter", broken)
    path = write(*(grant(n, awardDate=f"2020-04-{10 + n % 7}") for n in range(100)))
    with pytest.raises(KeyboardInterrupt):
        run(world, path)
    monkeypatch.undo()
    assert counts(run(world, path)) == (100, 37, 63, 0)
    (income,) = world.records("income")
    assert (income.amount, income.received_on) == (sum(10_000 + 100 * n for n in range(100)), "2020-04-10")
    assert_payments_trace_to_their_income(world)


def test_money_that_came_later_is_not_paid_before(world, admit, write):
    admit(FUNDER)
    came = {"kind": "income", "fund": "grants", "unit": "GBP", "amount": 30_000, "income_class": "unstated", "channel": "own"}
    world.say(world.funder, fund("grants"), {**came, "source": "A file", "received_on": "2020-04-21"})
    run(world, write(grant(2, awardDate="2020-04-20")))
    run(world, write(grant(1, awardDate="2020-04-21"), grant(3, awardDate="2020-04-22")))
    assert [(one.amount, one.received_on) for one in world.records("income")] == [(30_000, "2020-04-21"), (10_200, "2020-04-20")]
    assert [one.units for one in world.records("payment")] == [((30_000, 40_200),), ((0, 10_100),), ((10_100, 20_400),)]


def test_grants_before_the_books_begin_end_with_the_command_that_moves_the_day(world, write):
    late = {**party("trust", "Trust", "charity", FUNDER), "books_from": "2021-01-01"}
    world.say(author("operator", "trust"), late)
    size = world.sequencer.tree_size
    for dry_run in (True, False):
        with pytest.raises(Refused, match="2020-04-21: is before 2021-01-01") as refused:
            run(world, write(grant(1)), dry_run=dry_run)
        assert str(refused.value).endswith("with `givetrail record mandate --party trust --books-from 2020-04-21`")
    assert world.sequencer.tree_size == size
    world.say(world.funder, {"kind": "mandate", "books_from": "2020-06-01"})
    with pytest.raises(Refused, match="with all that its mandate says now"):
        run(world, write(grant(1)))
    world.say(world.funder, {"kind": "mandate", "books_from": "2020-04-21"})
    assert run(world, write(grant(1))).entered == 1


def test_corrected_day_or_amount_is_the_same_grant(world, admit, write):
    admit(FUNDER)
    run(world, write(grant(1)))
    assert counts(run(world, write(grant(1, awardDate="2021-01-01", amountAwarded=7)))) == (1, 0, 1, 0)


def test_grant_that_says_another_thing_is_told(world, admit, write):
    admit(FUNDER)
    run(world, write(grant(1), grant(2)))
    other = {"id": "GB-CHC-999", "name": "Other"}
    done = run(world, write(grant(1, amountAwarded=7, awardDate="2021-01-01"), grant(2, recipientOrganization=[other]), grant(3)))
    assert (counts(done), done.differing) == ((3, 1, 2, 0), 2)
    assert [(one.row, one.field, one.was, one.now) for one in done.differences] == [
        (1, "amount", "101.00 GBP", "7.00 GBP"), (1, "day", "2020-04-21", "2021-01-01"),
        (2, "recipient", "Charity 2 (gb-chc-102)", "gb-chc-999"),
    ]  # fmt: skip
    assert run(world, write(grant(1)), fund="elsewhere").differing_in == (("fund", 1),)


def test_grant_that_was_recorded_by_hand_is_known(world, admit, write):
    admit(FUNDER)
    gift = {"amount": 20_000, "channel": "cash", "fund": "grants", "kind": "donation", "received_on": "2020-01-01", "unit": "GBP"}
    fund = {"id": "grants", "kind": "fund", "name": "Grants", "purpose": "p", "restriction": "unrestricted"}
    known = {"entity": "organisation", "id": "one", "identifier": "GB-CHC-101", "kind": "party", "name": "One", "roles": ["vendor"]}
    world.say(world.operator, known)
    reference = commit_reference(world.keys("trust").secret("360giving"), "360giving", "360giving", "360G-T-1")
    payment = {
        "amount": 10_100, "channel": "360giving", "channel_ref": reference, "cost_class": "programme", "fund": "grants",
        "kind": "payment", "paid_on": "2020-04-21", "payee": "one", "unit": "GBP",
    }  # fmt: skip
    world.say(world.funder, fund, gift)
    world.say(world.funder, payment)
    done = run(world, write(grant(1), grant(2)))
    assert (counts(done), done.differing) == ((2, 1, 1, 0), 0)


def test_ids_of_one_normal_form_are_one_grant(world, admit, write):
    admit(FUNDER)
    run(world, write(grant(1, id="360G-Cafe\u0301-1")))
    assert counts(run(world, write(grant(1, id=" 360G-Caf\u00e9-1 ")))) == (1, 0, 1, 0)
    with pytest.raises(RowError, match="U\\+0000"):
        run(world, write(grant(1, id="360G\0-1")))


def test_grants_of_a_second_funder_are_refused_in_a_later_file(world, admit, write, reopened):
    admit(None)
    other = {"fundingOrganization": [{"id": "GB-CHC-5", "name": "Other"}]}
    assert run(world, write(grant(9, **other)), dry_run=True).entered == 1
    run(world, write(grant(1)))
    world = reopened()
    size = world.sequencer.tree_size
    for dry_run in (True, False):
        with pytest.raises(RowError, match="is 'GB-CHC-5'; but this party's grants must be from 'GB-CHC-9'"):
            run(world, write(grant(2, **other)), dry_run=dry_run)
    done = run(world, write(grant(2, **other), grant(3), grant(3, id="360G-T-4", **other)), leave_out_broken=True)
    assert (counts(done), {fault.rule for fault in done.faults}) == ((3, 1, 0, 2), {"funder"})
    assert world.sequencer.tree_size == size + 2


def test_import_that_broke_off_has_fixed_the_funder_and_one_that_never_began_has_not(world, admit, write, monkeypatch):
    admit(None)
    clash = {"entity": "organisation", "id": "gb-chc-101", "identifier": "XX-1", "kind": "party", "name": "X", "roles": ["vendor"]}
    world.say(world.operator, clash)
    other = {"fundingOrganization": [{"id": "GB-CHC-5", "name": "Other"}]}
    with pytest.raises(Conflict):
        run(world, write(grant(1, **other)))

    def broken(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ledger.imports.threesixtygiving._enter_payments", broken)
    with pytest.raises(KeyboardInterrupt):
        run(world, write(grant(2)))
    monkeypatch.undo()
    with pytest.raises(RowError, match="'GB-CHC-5'"):
        run(world, write(grant(3, **other)))
    assert run(world, write(grant(2))).entered == 1


def reference_files(world) -> tuple[Path, Path]:
    folder = world.directory / "keys" / "trust"
    return folder / "reference-360giving.key", folder / "reference-360giving.json"


def test_ledger_names_the_funder_of_a_label_also_when_the_file_beside_the_key_is_lost(world, admit, write):
    admit(None)
    run(world, write(grant(1)))
    (said,) = world.records("reference-key")
    assert (said.label, said.of) == ("360giving", FUNDER)
    _, companion = reference_files(world)
    whole = companion.read_bytes()
    companion.unlink()
    with pytest.raises(RowError, match="is 'GB-CHC-5'; but this party's grants must be from 'GB-CHC-9'"):
        run(world, write(grant(2, fundingOrganization=[{"id": "GB-CHC-5", "name": "Other"}])))
    assert counts(run(world, write(grant(1), grant(2)))) == (2, 1, 1, 0)
    assert companion.read_bytes() == whole
    assert world.records("reference-key") == [said]


@pytest.mark.parametrize("lost", [False, True])
def test_every_flipped_bit_of_the_key_of_grants_is_refused(world, admit, write, lost: bool):
    admit(None)
    path = write(grant(1))
    run(world, path)
    key_file, companion = reference_files(world)
    if lost:
        companion.unlink()
    secret, size = key_file.read_bytes(), world.sequencer.tree_size
    for bit in range(256):
        key_file.write_bytes((int.from_bytes(secret) ^ 1 << bit).to_bytes(32))
        with pytest.raises(UsageError, match="is another key, or damaged"):
            run(world, path)
    key_file.write_bytes(secret)
    assert counts(run(world, path)) == (1, 0, 1, 0)
    assert world.sequencer.tree_size == size


def test_when_both_files_of_a_label_are_lost_no_grant_is_entered_again(world, admit, write):
    admit(None)
    run(world, write(grant(1)))
    size = world.sequencer.tree_size
    for path in reference_files(world):
        path.unlink()
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="is lost"):
            run(world, write(grant(1), grant(2)), dry_run=dry_run)
    assert (world.sequencer.tree_size, any(path.exists() for path in reference_files(world))) == (size, False)


def test_payments_leave_older_money_of_the_fund_alone(world, admit, write):
    admit(FUNDER)
    fund = {"id": "grants", "kind": "fund", "name": "Grants", "purpose": "p", "restriction": "restricted"}
    gift = {"amount": 5000, "channel": "cash", "fund": "grants", "kind": "donation", "received_on": "2024-01-01", "unit": "GBP"}
    world.say(world.funder, fund, gift)
    assert run(world, write(grant(1), grant(2))).fund_made is False
    assert_payments_trace_to_their_income(world)
    assert world.sequencer.books.tape.get("grants/GBP").is_free(0, 5000)


def test_units_are_kept_apart(world, admit, write):
    admit(FUNDER)
    done = run(world, write(grant(1), grant(2, currency="CNY"), grant(3)))
    assert done.sums_minor == (("CNY", 10_200), ("GBP", 20_400))
    assert_payments_trace_to_their_income(world)


def test_dry_run_enters_nothing(world, admit, write):
    admit(FUNDER)
    size, files = world.sequencer.tree_size, sorted(world.directory.rglob("*"))
    path = write(grant(1), grant(2))
    done = run(world, path, dry_run=True)
    assert counts(done) == (2, 2, 0, 0)
    assert (world.sequencer.tree_size, sorted(world.directory.rglob("*"))) == (size, files)
    real = run(world, path)
    assert real == done._replace(dry_run=False, digest=real.digest)


def test_broken_grant_stops_all_or_is_left_out(world, admit, write):
    admit(FUNDER)
    person = grant(3, recipientOrganization=[], recipientIndividual=[{"name": "Jane"}])
    path = write(grant(1), grant(2, amountAwarded=0.001), person)
    size = world.sequencer.tree_size
    with pytest.raises(RowError, match="grant 2, id '360G-T-2'"):
        run(world, path)
    assert (world.sequencer.tree_size, list(world.directory.rglob("reference-*"))) == (size, [])
    done = run(world, path, leave_out_broken=True)
    assert (counts(done), [fault.where for fault in done.faults]) == ((3, 1, 0, 2), ["2", "3"])
    assert world.records("source")[0].left_out == 2


def test_organisation_that_is_admitted_already_is_paid_under_its_own_id(world, admit, write):
    admit(FUNDER)
    known = {"entity": "organisation", "id": "one", "identifier": "GB-CHC-101", "kind": "party", "name": "One", "roles": ["vendor"]}
    world.say(world.operator, known, {**known, "id": "gb-chc-102", "identifier": "GB-CHC-102"})
    done = run(world, write(grant(1), grant(2)))
    assert done.parties == ()
    assert [one.payee for one in world.records("payment")] == ["one", "gb-chc-102"]


def test_party_id_of_another_organisation_is_not_taken(world, admit, write):
    admit(FUNDER)
    other = {"entity": "organisation", "id": "gb-chc-101", "identifier": "XX-1", "kind": "party", "name": "X", "roles": ["vendor"]}
    size = world.say(world.operator, other) + 1
    with pytest.raises(Conflict, match="'gb-chc-101': is already admitted as 'XX-1', not as 'GB-CHC-101'"):
        run(world, write(grant(1)))
    assert world.sequencer.tree_size == size


@pytest.mark.parametrize("identifier", ["GB-CHC-8", None])
def test_funders_identifier_is_compared_where_it_is_known(world, admit, write, identifier: str | None):
    admit(identifier)
    path = write(grant(1))
    if identifier is None:
        assert run(world, path).entered == 1
    else:
        with pytest.raises(RowError, match="'GB-CHC-9'.*'GB-CHC-8'"):
            run(world, path)


def test_anothers_fund_and_missing_keys_are_refused(world, admit, write):
    admit(FUNDER)
    path = write(grant(1))
    with pytest.raises(Refused, match="belongs to hope"):
        run(world, path, fund="relief")
    with pytest.raises(Refused, match="none of the keys given is a key of the party in force"):
        run(world._replace(operator=world.operator._replace(keys=world.funder.keys)), path)


def test_a_file_of_grants_to_the_funder_alone_enters_nothing(world, admit, write):
    admit(FUNDER)
    own = [{"id": FUNDER, "name": "The funder"}]
    size = world.sequencer.tree_size
    done = run(world, write(grant(1, recipientOrganization=own), grant(2, recipientOrganization=own)))
    assert (counts(done), done.to_itself, world.sequencer.tree_size) == ((2, 0, 0, 0), 2, size)


def test_second_name_of_an_organisation_is_reported(world, admit, write):
    admit(FUNDER)
    renamed = grant(8, recipientOrganization=[{"id": "GB-CHC-101", "name": "Charity One"}])
    done = run(world, write(grant(1), renamed, renamed | {"id": "360G-T-9"}))
    assert done.other_names == (("GB-CHC-101", "Charity One"),)
    assert world.records("party")[-1].name == "Charity 1"


@pytest.mark.parametrize(
    ("name", "funder", "count", "own", "parties", "rounded"),
    [("abct-grants.json", "GB-CHC-1000147", 783, 1, 321, 0), ("alwf-grants.json", "GB-CHC-1015648", 475, 0, 288, 2)],
)
def test_real_file_is_entered_once_and_to_the_penny(
    world, admit, real, name: str, funder: str, count: int, own: int, parties: int, rounded: int
):
    path = real(name)
    admit(funder)
    done = run(world, path)
    assert (counts(done), len(done.parties), done.rounded, done.to_itself) == ((count, count - own, 0, 0), parties, rounded, own)
    listed = json.loads(path.read_bytes(), parse_float=Decimal)["grants"]
    listed = [one for one in listed if one["recipientOrganization"][0]["id"] != funder]
    assert len(listed) == count - own
    total = sum((Decimal(one["amountAwarded"]) for one in listed), Decimal(0)).quantize(Decimal("0.01"))
    assert done.sums_minor == (("GBP", int(total * 100)),)
    tape = world.sequencer.books.tape.get("grants/GBP")
    assert (tape.end, tape.free()) == (int(total * 100), 0)
    assert sorted(one.paid_on for one in world.records("payment")) == sorted(one["awardDate"][:10] for one in listed)
    ids = {party.identifier: party.id for party in world.records("party")}
    assert all(re.fullmatch(SLUG, slug) for slug in ids.values())
    assert {one["recipientOrganization"][0]["id"] for one in listed} <= ids.keys()
    assert_payments_trace_to_their_income(world)
    size = world.sequencer.tree_size
    assert counts(run(world, path)) == (count, 0, count - own, 0)
    assert world.sequencer.tree_size == size


def test_two_funders_grants_to_one_organisation_admit_it_once(world, admit, write):
    admit(None)
    run(world, write(grant(1)))
    ours = grant(1, fundingOrganization=[{"id": "GB-CHC-5"}])
    keys = world.keys("hope")
    done = import_360giving(world.sequencer, world.charity, world.operator, write(ours), "relief", keys)
    assert (done.entered, done.parties) == (1, ())
