"""What came of a gift, in words: who says so, how much of the gift is in it, and what is still open; and the same of a payment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.asking import BROWSER, Client, client_of
from tests.pages.addresses import path_of
from tests.pages.town import Town
from tests.view.test_outcome import PLACE
from tests.writer.on_disk import OnDisk

GIFT_BYTES = 60_000
Told = tuple[OnDisk, Client]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    ledger.play("""
        hope: donation 40.00 CNY -> noon as other; donation 30.00 CNY -> noon as gift
        hope: payment 70.00 CNY noon -> kitchen as paid
    """)
    client = client_of(ledger.directory, accept=BROWSER)
    yield ledger, client
    client.close()
    ledger.close()


def words(text: str) -> str:
    """The words of a part of a page."""
    text = re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|h\d|li|dt)>", " ", text))
    return re.sub(r"\s+", " ", html.unescape(text)).replace("\u00a0", " ")


def part(told: Told, path: str, start: str, language: str = "en", end: str = "</section>") -> str:
    text = told[1].get(path.format(**told[0].labels), accept_language=language).text
    assert start in text, start
    return text.partition(start)[2].partition(end)[0]


def answer(told: Told, name: str = "gift", language: str = "en") -> str:
    return words(part(told, f"/g/{{{name}}}", 'class="answer">', language, "</div>"))


def still_open(told: Told, name: str = "gift", language: str = "en") -> str:
    return words(part(told, f"/g/{{{name}}}", 'id="open"', language))


def test_a_result_by_somebody_else_is_the_headline(told: Told):
    told[0].play("""
        kitchen: receipt 70.00 of ^paid level=recipient-signed
        hope: feedback meals 15 payments=^paid measured_in='meals served'
        2026-10-22
        watch: feedback meals 14 payments=^paid measured_in='meals served' method='tickets counted' as seen
    """)
    said = answer(told)
    assert "14 meals served Your 30.00 CNY is part of 70.00 CNY that was paid to Name." in said
    assert "on 22 October 2026. It is an inspector, and neither the charity nor the party that was paid." in said
    assert "How it was found: tickets counted." in said
    assert "15 meals" not in said and not re.search(r"\b6\b", said), "nothing is divided"
    chinese = answer(told, language="zh")
    assert "14 meals served" in chinese and "该机构是查验方" in chinese
    assert "您的30.00元是付给Name的70.00元的一部分。" in chinese
    assert "Nothing. All of your 30.00 CNY was paid" in still_open(told)


def test_voices_are_in_order_and_the_charity_is_marked_as_its_own(told: Told):
    told[0].play("""
        kitchen: receipt 70.00 of ^paid level=recipient-signed
        hope: feedback meals 15 payments=^paid
        watch: feedback meals 14 payments=^paid
    """)
    seen, own, receipt = part(told, "/g/{gift}", '<ul class="voices">', end="</ul>").split("<li")[1:]
    assert seen.startswith(">") and "inspector" in seen and own.startswith(' class="own"') and "the charity itself" in own
    assert receipt.startswith(">") and "was paid" in receipt and "30.00\u00a0CNY of it is from your gift." in receipt


def test_a_receipt_for_a_part_does_not_say_whose_money_arrived(told: Told):
    told[0].play("kitchen: receipt 50.00 of ^paid level=recipient-signed")
    assert "from your gift" not in words(part(told, "/g/{gift}", '<ul class="voices">', end="</ul>"))


def test_only_the_charity_says_so(told: Told):
    told[0].play("hope: feedback meals 15 payments=^paid")
    assert "This is the charity’s own word." in answer(told) and 'class="voice own"' in part(told, "/g/{gift}", 'class="answer">')


def test_the_result_of_an_activity_is_of_all_of_it(told: Told):
    told[0].play("""
        hope: donation 10.00 CNY -> noon; payment 10.00 CNY noon -> crew
        crew: feedback meals 90 activity=noon from_day=2026-09-01 to_day=2026-09-07
    """)
    said = answer(told)
    assert "which spent 80.00 CNY from 1 September 2026 to 7 September 2026. The number is for the whole activity." in said
    assert "It did the work." in said


def test_the_result_of_several_payments_is_of_all_of_them(told: Told):
    told[0].play("""
        hope: donation 10.00 CNY -> noon; payment 10.00 CNY noon -> crew as second
        watch: feedback meals 90 payments=^paid,^second
    """)
    said = "Your 30.00 CNY was paid to Name. The number is for 2 payments together, on which 80.00 CNY was spent in total."
    assert said in answer(told)


def test_a_gift_that_is_all_of_a_payment(told: Told):
    told[0].play("""
        hope: donation 5.00 CNY -> wells as alone; payment 5.00 CNY wells -> kitchen as small
        watch: feedback meals 1 payments=^small
    """)
    assert "Your 5.00 CNY is all of the payment to Name" in answer(told, "alone")


def test_a_gift_without_a_result_says_so_and_what_is_due(told: Told):
    assert "No result has been reported yet" in answer(told)
    assert "A receipt for 30.00 CNY is due by 17 September 2026, for the payment to Name" in still_open(told)
    told[0].play("2026-09-20\nhope: donation 9.00 CNY -> general as idle")
    said = still_open(told)
    assert "A receipt for 30.00 CNY of your gift is overdue: it was due by 17 September 2026, for the payment to Name" in said
    assert "You can ask Name. Give the reference" in said
    assert "您的捐赠中有30.00元逾期未签收，最晚应于2026年9月17日签收" in still_open(told, language="zh")
    assert "Nothing has come of it yet" in answer(told, "idle")
    assert "9.00 CNY has been waiting in “Name” since 20 September 2026." in still_open(told, "idle")


def test_a_gift_that_went_back_and_one_that_is_void(told: Told):
    told[0].play("""
        hope: donation 5.00 CNY -> general as back; donation 6.00 CNY -> general as nought
        hope: refund ^back general CNY units=0..500 reason=donor-request
        hope: reversal ^nought reason=Mistyped gave=general:CNY:6.00:2026-09-07:500..1100
    """)
    assert "Your 5.00 CNY was given back" in answer(told, "back") and "On 7 September 2026." in answer(told, "back")
    assert still_open(told, "back").partition(" You can ask ")[0].endswith("Nothing.")
    text = part(told, "/g/{nought}", "<main", end="</main>")
    assert "<h1><del>Gift of" in text and "Mistyped" in text and 'id="open"' not in text


def test_what_was_taken_back_is_struck_on_the_payment_and_no_answer(told: Told):
    told[0].play("""
        watch: feedback meals 14 payments=^paid as wrong
        watch: reversal ^wrong reason='Counted twice'
    """)
    text = part(told, "/payment/{paid}", 'id="came"')
    assert "<del>" in text and "Counted twice" in text and "#s-void" in text
    assert "No result has been reported yet" in answer(told)


def test_a_project_shows_its_results_and_what_was_taken_back(told: Told):
    told[0].play("""
        crew: progress noon note='Two wells' as two
        crew: reversal ^two reason='The second is dry'
        watch: feedback meals 14 payments=^paid
    """)
    text = part(told, "/project/meals", 'id="came"')
    assert "14" in text and "<del><bdi>Two wells</bdi></del>" in text and "The second is dry" in text and "did the work" in text


def test_whom_to_ask_has_the_contact_that_counts(told: Told):
    told[0].play("hope: contact telephone='+86 10 5550 0101'; contact email=office@hope.example as last")
    said = words(part(told, "/g/{gift}", 'id="ask"'))
    assert "office@hope.example" in said and "5550" not in said
    told[0].play("hope: reversal ^last")
    assert "+86 10 5550 0101" in words(part(told, "/g/{gift}", 'id="ask"'))


def test_a_contact_can_be_dialled_and_written_to(told: Told):
    told[0].play("hope: contact telephone='+86 10 5550 0101' email=office@hope.example web=https://hope.example/a?b=c")
    text = part(told, "/g/{gift}", 'id="ask"')
    for link in ("tel:+861055500101", "mailto:office@hope.example", "https://hope.example/a?b=c"):
        assert f'href="{link}"' in text


def test_a_gift_with_a_fee_says_that_the_rest_arrived(told: Told):
    told[0].play("""
        hope: donation 10.00 CNY -> noon fee=1.00 fee_to=bank as small
        hope: payment 9.00 CNY noon -> kitchen as out
        kitchen: receipt 9.00 of ^out level=recipient-signed
        hope: feedback meals 2 payments=^out measured_in='meals served'
    """)
    assert "Nothing. Name kept 1.00 CNY as a fee. All of the other 9.00 CNY was spent" in still_open(told, "small")
    assert "all but the fee" in words(part(told, "/g/{small}", 'id="stages"'))


def test_the_newest_records_say_whose_word_they_are(told: Told):
    """A receipt of the charity itself has another sign than one of the payee."""
    told[0].play("""
        hope: receipt 20.00 of ^paid level=self-declared as own
        kitchen: receipt 50.00 of ^paid level=recipient-signed as signed
    """)
    text = part(told, "/", 'id="lately"', end="</ul>")
    events = dict(re.findall(r'href="#s-([a-z-]+)".*?href="/record/([0-9.]+)', text, re.DOTALL))
    ref = told[0].labels
    assert {events[sign]: sign for sign in ("self", "signed")} == {ref["own"]: "self", ref["signed"]: "signed"}


def test_a_payment_that_is_disputed_says_why(client: Client, town: Town):
    said = words(client.get(path_of(town, "payment-disputed"), accept_language="en").text)
    assert "Received and returned are 6.00 CNY and 3.00 CNY, 9.00 CNY in total, but 7.20 CNY was paid." in said
    assert "has not signed that it sent money back. Until it does, 1.80 CNY is disputed." in said


@pytest.mark.parametrize("name", ["gift", "gift-waiting", "gift-dollars", "gift-disputed"])
def test_a_gift_is_light(client: Client, town: Town, name: str):
    assert len(client.get(path_of(town, name)).content) < GIFT_BYTES


def test_a_gift_in_many_payments_is_light_too(told: Told):
    ledger, client = told
    ledger.play("hope: donation 100.00 CNY -> noon as wide")
    for number in range(30):
        ledger.play(f"hope: payment 1.00 CNY noon -> kitchen as p{number}; feedback meals {number} payments=@0; receipt 1.00 of @0 "
                    "level=self-declared")
    assert len(client.get(f"/g/{ledger.labels['wide']}").content) < GIFT_BYTES


def test_a_gift_in_parts_shows_them_with_shares_and_says_that_it_was_paid_twice(told: Told):
    told[0].play("""
        hope: payment-return 70.00 of ^paid reason='The oven broke'
        hope: payment 50.00 CNY noon -> crew as again
    """)
    shares = words(part(told, "/g/{gift}", 'id="parts"', end="</figure>"))
    assert re.findall(r"[0-9.]+%", shares) == ["33.3%", "66.7%", "100.0%"] and "Your gift100.0%30.00 CNY" in shares
    way = words(part(told, "/g/{gift}", 'id="way"'))
    assert "10.00 CNY of your gift was paid twice, because the first payment came back." in way
    assert [way.index(step) for step in ("given to", "paid to Name", "came back, because: The oven broke", "paid to Name")]
    assert "已退回，原因：The oven broke" in words(part(told, "/g/{gift}", 'id="way"', "zh")).replace("“", "").replace("”", "")


def test_a_gift_in_one_part_needs_no_bar(told: Told):
    text = told[1].get(f"/g/{told[0].labels['gift']}").text
    assert 'id="parts"' not in text and 'id="way"' in text
