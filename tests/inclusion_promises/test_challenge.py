"""A donor asks for their gift: it is there as promised, or late, or less, or missing; and so does whoever judges it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from ledger.audit.target import open_source
from ledger.books.moment import seconds
from ledger.entries.inclusion_promise import open_inclusion_promise
from ledger.inclusion_promises.challenge import format_challenge, make_challenge
from ledger.log_files.export import export_tiles
from tests.cli.transcript import Ended, run_program
from tests.inclusion_promises.conftest import ENTER_BY, GIFT, LATER, PROMISED_AT, REFERENCE, Desk
from tests.log_files.tileserver import serving

AN_HOUR = 3600


def failing(ended: Ended) -> list[str]:
    """The findings of a verification that make it fail."""
    report = json.loads(ended.stdout)
    found = [one for one in report["findings"] if one["class"] != "audit"]
    assert all(one["id"] == "inclusion-promise" for one in found)
    assert ended.exit_code == (3 if found else 0)
    return [one["message"] for one in found]


def judged(ended: Ended) -> dict[str, Any]:
    (one,) = json.loads(ended.stdout)["challenges"]
    return one


def missing(desk: Desk) -> None:
    """A gift is promised and not recorded, and the log goes on; the donor has a challenge."""
    desk.give()
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert desk.challenge().exit_code == 3 and desk.file.exists()


def test_a_gift_that_was_entered_in_time_is_shown(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {GIFT}")
    ended = desk.challenge()
    assert ended.exit_code == 0 and not desk.file.exists()
    assert "4.0: donation of 10.00 CNY to school, entered at 2026-09-08T10:00:00Z\n" in ended.stdout
    assert ended.stdout.endswith("inclusion promise kept\n")


def test_the_last_second_is_in_time(desk: Desk):
    desk.give()
    desk.say(ENTER_BY, f"hope: {GIFT}")
    assert desk.challenge().exit_code == 0


def test_a_late_gift_breaks_the_promise(desk: Desk):
    desk.give()
    desk.say("2026-09-10T12:00:01Z", f"hope: {GIFT}")
    ended = desk.challenge()
    assert ended.exit_code == 3 and f"it is late: it was promised by {ENTER_BY}" in ended.stdout
    assert not desk.file.exists()


@pytest.mark.parametrize(
    ("gift", "why"),
    [
        (GIFT.replace("10.00", "9.00"), "10.00 CNY was promised, and 9.00 CNY is recorded"),
        (GIFT.replace("school", "general"), "it was promised to fund school, and is recorded in fund general"),
        (GIFT.replace("donation", "income"), "it is recorded as income, not as a donation"),
    ],
)
def test_another_gift_breaks_the_promise(desk: Desk, gift: str, why: str):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {gift}")
    ended = desk.challenge()
    assert ended.exit_code == 3 and why in ended.stdout and ended.stdout.endswith("inclusion promise broken\n")


@pytest.mark.parametrize("gift", [GIFT.replace("bank", "wallet"), GIFT.replace("AAA", "BAA"), "donation 10.00 CNY -> school"])
def test_a_gift_of_another_reference_or_channel_is_not_it(desk: Desk, gift: str):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {gift}")
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert "not among the 6 entries" in desk.challenge().stdout


def test_a_gift_that_was_declared_void_was_entered_all_the_same(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {GIFT} as gift")
    desk.say("2026-09-09T10:00:00Z", "hope by li, wang: reversal ^gift gave=school:CNY:10.00:2026-09-08:0..1000")
    ended = desk.challenge()
    assert ended.exit_code == 0 and "; it was declared void since" in ended.stdout


def test_what_takes_the_place_of_a_void_gift_must_agree(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {GIFT} as gift")
    desk.say("2026-09-09T10:00:00Z", "hope by li, wang: reversal ^gift gave=school:CNY:10.00:2026-09-08:0..1000")
    desk.say(LATER, f"hope: {GIFT.replace('10.00', '1.00')} replaces=^gift")
    ended = desk.challenge()
    assert ended.exit_code == 3 and "10.00 CNY was promised, and 1.00 CNY is recorded" in ended.stdout
    assert "late" not in ended.stdout, "the gift was first entered in time"


def test_before_the_time_is_over_there_is_nothing_to_challenge(desk: Desk):
    desk.give(enter_by="2999-01-01T00:00:00Z")
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    ended = desk.challenge()
    assert ended.exit_code == 4 and "was promised by 2999-01-01T00:00:00Z; ask again after that" in ended.stderr
    assert not desk.file.exists()


def test_the_donors_own_clock_proves_nothing(desk: Desk):
    desk.give()
    ended = desk.challenge()
    assert ended.exit_code == 4 and "nothing in the log proves it yet" in ended.stderr and not desk.file.exists()


def test_a_cosignature_proves_that_the_time_is_over(desk: Desk):
    """The operator enters nothing more, so the log's own clock stands still."""
    desk.give()
    desk.witnessed(seconds(ENTER_BY) + AN_HOUR, seconds(ENTER_BY) + AN_HOUR)
    ended = desk.challenge()
    assert ended.exit_code == 3 and "cosigned by w0 at 2026-09-10T13:00:00Z" in ended.stdout
    assert judged(desk.judge())["outcome"] == "upheld"


@pytest.mark.parametrize("times", [(-AN_HOUR,), (0,), (AN_HOUR, -AN_HOUR)])
def test_an_early_cosignature_proves_nothing(desk: Desk, times: tuple[int, ...]):
    """Nor does one of two witnesses, where the policy believes only both."""
    desk.give()
    desk.witnessed(*(seconds(ENTER_BY) + time for time in times), quorum="all-of-them")
    assert desk.challenge().exit_code == 4 and not desk.file.exists()


def test_both_witnesses_prove_it(desk: Desk):
    desk.give()
    desk.witnessed(seconds(ENTER_BY) + 1, seconds(ENTER_BY) + AN_HOUR, quorum="all-of-them")
    assert desk.challenge().exit_code == 3 and desk.file.exists()


def test_a_challenge_is_upheld_while_the_gift_is_missing(desk: Desk):
    missing(desk)
    ended = desk.judge()
    (message,) = failing(ended)
    assert message.startswith(f"{desk.file}: hope promised at {PROMISED_AT} to have 10.00 CNY to school entered by {ENTER_BY}")
    told = judged(ended)
    assert (told["outcome"], told["record"]) == ("upheld", "") and "the first 5" in told["why"]
    assert desk.challenge().stdout.count("challenge.json: the challenge") == 1


def test_a_gift_that_came_after_the_challenge_is_late(desk: Desk):
    missing(desk)
    desk.say(LATER, f"hope: {GIFT}")
    told = judged(desk.judge())
    assert (told["outcome"], told["record"], told["agrees"]) == ("upheld", "5.0", True) and "it is late" in told["why"]


def test_a_gift_outside_the_challenge_is_late_whatever_its_time_says(desk: Desk):
    """The witness saw the log without it when the time was over; the log's clock was behind."""
    desk.give()
    desk.witnessed(seconds(ENTER_BY) + AN_HOUR, seconds(ENTER_BY) + AN_HOUR)
    assert desk.challenge().exit_code == 3
    desk.say("2026-09-08T10:00:00Z", f"hope: {GIFT}")
    told = judged(desk.judge())
    assert (told["outcome"], told["record"]) == ("upheld", "4.0") and "it is late" in told["why"]


def answered(desk: Desk, gift: str) -> Ended:
    """Whoever made this challenge did not look: the gift was there in time."""
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {gift}")
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    with closing(open_source(desk.target)) as source:
        desk.file.write_bytes(format_challenge(make_challenge(open_inclusion_promise(desk.receipt.read_bytes()), source)))
    return desk.judge()


def test_a_challenge_is_answered_by_the_entry(desk: Desk):
    ended = answered(desk, GIFT)
    told = judged(ended)
    assert (told["outcome"], told["record"], told["agrees"]) == ("answered", "4.0", True) and not failing(ended)


def test_an_answer_may_differ_from_the_promise(desk: Desk):
    ended = answered(desk, GIFT.replace("10.00", "9.00"))
    told = judged(ended)
    assert (told["outcome"], told["record"], told["agrees"]) == ("answered", "4.0", False)
    (message,) = failing(ended)
    assert "10.00 CNY was promised, and 9.00 CNY is recorded" in message


def test_an_answer_that_is_void_says_so(desk: Desk):
    missing(desk)
    desk.say(LATER, f"hope: {GIFT} as gift")
    desk.say("2026-09-11T12:00:00Z", "hope by li, wang: reversal ^gift gave=school:CNY:10.00:2026-09-11:100..1100")
    told = judged(desk.judge())
    assert told["void"] and "void since" in told["why"]


def test_an_export_and_a_server_are_asked_alike(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", "hope: donation 1.00 CNY -> school")
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    with closing(open_source(desk.target)) as books:
        export_tiles(books, desk.folder / "export")
    with serving(desk.folder / "export") as server:
        for target in (desk.folder / "export", server.url):
            assert desk.challenge(target).exit_code == 3 and desk.file.exists()
            desk.file.unlink()


def test_an_audit_that_goes_on_from_a_saved_state_judges_it(desk: Desk):
    missing(desk)
    words = ["verify", str(desk.target), "--trust", str(desk.trust), "--state", str(desk.folder / "saved")]
    assert run_program(words).exit_code == 0
    assert run_program([*words, "--challenge", str(desk.file)]).exit_code == 3


@pytest.mark.parametrize("other", [["--only", "accounting"], ["--sample", "0.5"], ["--at-size", "2"]])
def test_a_challenge_is_judged_by_the_whole_log(desk: Desk, other: list[str]):
    missing(desk)
    words = ["verify", str(desk.target), "--challenge", str(desk.file)]
    assert run_program(words).exit_code == 2
    ended = run_program([*words, "--trust", str(desk.trust), *other])
    assert ended.exit_code == 2 and "is judged by the whole log" in ended.stderr


def test_a_log_that_cannot_be_relied_on_answers_nothing(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", f"hope: {GIFT}")
    with closing(open_source(desk.target)) as books:
        export_tiles(books, desk.folder / "export")
    (tile,) = (desk.folder / "export/tile/0").rglob("5")
    tile.write_bytes(bytes(len(tile.read_bytes())))
    ended = desk.challenge(desk.folder / "export")
    assert ended.exit_code == 4 and "cannot be relied on (tile at log" in ended.stderr and not ended.stdout


def test_a_challenge_is_written_to_a_file(desk: Desk):
    desk.give()
    words = ["challenge", str(desk.receipt), str(desk.target), "--trust", str(desk.trust)]
    assert run_program([*words, "-o", "-"]).exit_code == 2
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    other = desk.folder / "mine.json"
    assert run_program([*words, "-o", str(other)]).exit_code == 3 and other.exists() and not desk.file.exists()


def test_several_challenges_are_judged_at_once(desk: Desk):
    missing(desk)
    first = desk.file.rename(desk.folder / "first.json")
    desk.give(channel_ref=REFERENCE.replace("AAA", "BAA"), reference="A-18")
    assert desk.challenge().exit_code == 3
    ended = desk.judge(first, desk.file)
    assert [one["outcome"] for one in json.loads(ended.stdout)["challenges"]] == ["upheld", "upheld"]
    assert len(failing(ended)) == 2
