"""Who has which key, as far as a bundle shows it: entry by entry, without the log around them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.bundle.signers import key_registry
from ledger.entries.leaf import Leaf
from tests.language import Ledger, key_text

SAID: list[tuple[str, str, list[str]]] = [
    ("op", "ledger chief", ["op.chief"]),
    (
        "op", "unit CNY 2; party hope charity li,wang,zhao; party auditco auditor zhou",
        ["op.chief", "hope.li", "hope.wang", "hope.zhao", "auditco.zhou"],
    ),
    ("hope", "fund first unrestricted", ["hope.li"]),
]
GIVE = "fund general unrestricted"


def leaves(*said: tuple[str, Any, list[str]], left_out: tuple[int, ...] = (), **more: int) -> dict[int, Leaf]:
    """The entries of the town and these, without some. `after` is what the last one is bound to."""
    ledger, found = Ledger(), {}
    for index, (party, words, names) in enumerate([*SAID, *said]):
        records = ledger.read(party, words)[0] if isinstance(words, str) else words
        bound = more if index == len(SAID) + len(said) - 1 else {}
        leaf, _ = ledger.heard(party, records, names, **bound)
        ledger.leaves.append(leaf)
        found[index] = leaf
    return {index: leaf for index, leaf in found.items() if index not in left_out}


def found(*said: tuple[str, Any, list[str]], **more: Any) -> list[tuple[int, int, str]]:
    return [(one.entry, one.record, one.rule) for one in key_registry(leaves(*said, **more)).findings]


def test_the_town_is_in_order_and_its_people_are_known():
    known = key_registry(leaves(("hope", GIVE, ["hope.wang"])))
    assert known.findings == [] and sorted(known.contexts) == [0, 1, 2, 3]
    assert {party for party, _ in known.party.items()} == {"op", "hope", "auditco"}
    assert known.contexts[3].officers == {"wang"} and [signer.party for signer in known.contexts[3].signers] == ["hope"]


def test_the_order_in_which_entries_are_handed_in_does_not_matter():
    some = leaves(("hope", GIVE, ["hope.wang"]))
    assert key_registry(dict(reversed(some.items()))).findings == []


def test_of_two_officers_one_may_sign_for_the_other_may_be_gone():
    """That both are officers still, the bundle does not show."""
    assert found(("hope", "key chen", ["hope.li", "hope.wang", "hope.chen"]), ("hope", GIVE, ["hope.chen"])) == []


def test_a_key_that_the_bundle_does_not_show_may_be_revoked():
    revoked = ("hope", "key-revocation hope.gone reason=lost", ["hope.li", "hope.wang"])
    assert found(revoked) == [] and found(revoked, ("hope", GIVE, ["hope.li"])) == []
    shown = ("hope", "key-revocation hope.wang reason=lost", ["hope.li", "hope.zhao"])
    assert found(shown, shown) == [(4, 0, "reference")]
    assert found(shown, ("hope", GIVE, ["hope.wang"])) == [(4, -1, "key-standing"), (4, -1, "authority")]


def test_other_kinds_of_the_registry_are_judged():
    assert found(("hope", "party x vendor m", ["hope.li", "x.m"])) == [(3, 0, "authority")]
    assert found(("op", "unit CNY 2", ["op.chief"])) == [(3, 0, "reference")]
    assert found(("op", "unit JPY 2", ["op.chief"])) == [(3, 0, "exponent")]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_party_that_the_bundle_does_not_show_is_recovered_by_whoever_may(after: int):
    """Whatever the statement was signed when the log ended at: when the party came is not known."""
    recovered = ("op", "recovery hidden new", ["op.chief", "auditco.zhou", "hidden.new"])
    assert found(recovered, after=after) == []


def test_after_a_recovery_only_the_new_key_stands():
    recovered = ("op", "recovery hope new", ["op.chief", "auditco.zhou", "hope.new"])
    assert found(recovered, ("hope", GIVE, ["hope.new"])) == []
    for name in ("hope.li", "hope.wang"):
        assert found(recovered, ("hope", GIVE, [name])) == [(4, -1, "key-standing"), (4, -1, "authority")]


def test_a_record_of_the_registry_that_its_party_did_not_sign_gives_nobody_a_key():
    """Nor does one in which something is found."""
    unsigned = ("op", "party x vendor m", ["hope.li", "x.m"])
    assert found(unsigned, ("x", GIVE, ["x.m"])) == [
        (3, -1, "authority"), (4, -1, "key-standing"), (4, -1, "authority"),
    ]  # fmt: skip
    again = ("op", "party hope charity m", ["op.chief", "hope.m"])
    assert found(again, ("hope", GIVE, ["hope.m"])) == [(3, 0, "reference"), (4, -1, "key-standing"), (4, -1, "authority")]


def test_what_is_found_says_how_far_it_can_be_told():
    known = key_registry(leaves(("hope", GIVE, ["auditco.zhou"])))
    (finding,) = known.findings
    assert finding.message == "as far as the bundle shows, statement by hope: no key of hope has signed it"


def test_without_entry_0_nobody_is_known():
    known = key_registry(leaves(left_out=(0,)))
    assert [(one.entry, one.rule) for one in known.findings] == [
        (1, "key-standing"), (1, "authority"), (2, "key-standing"), (2, "authority"),
    ]  # fmt: skip
    assert known.contexts == {} and "no key of hope that signed its statement is known" in known.findings[-1].message


@pytest.mark.parametrize(("said", "kinds"), [
    ("unit CNY 2; ledger chief", [(0, -1, "ledger")]), ("ledger chief rules=givetrail/9; unit CNY 2", []),
])  # fmt: skip
def test_where_entry_0_names_no_ledger_no_other_entry_is_looked_at(said: str, kinds: list[tuple[int, int, str]]):
    """That it begins with another record is said; where its ledger is refused, that was said before."""
    beginning, _ = Ledger().heard("op", Ledger().read("op", said)[0], ["op.chief"])
    known = key_registry({**leaves(), 0: beginning})
    assert {one.entry for one in known.findings} == {0} and known.contexts == {}
    assert [(one.entry, one.record, one.rule) for one in known.findings if one.record == -1 and one.rule == "ledger"] == kinds


def test_a_key_of_one_party_is_not_anothers():
    record = {"kind": "key", "key": key_text("hope.li"), "officer": "li"}
    assert (3, 0, "key-standing") in found(("auditco", [record], ["auditco.zhou", "hope.li"]))
