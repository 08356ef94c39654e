"""Nothing is said in one language only, and numbers and days are those of the language."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from api.http.last_audit import Report
from api.pages import names
from api.pages.collect import said
from api.pages.frame import party_name
from api.pages.locale import LANGUAGES, TRANSLATIONS, voice_of
from ledger.books.conduct import Rule
from ledger.books.kinds.party import Role
from ledger.books.kinds.project import CostClass
from ledger.books.kinds.receipt import Receipt
from ledger.books.life import STATES
from ledger.books.record import KINDS
from ledger.books.state import Books, Party
from ledger.findings.report import spoken
from ledger.findings.table import RULES

PLACE = re.compile(r"%\((\w+)\)s")
REMEDY = "run `make generate`, and translate what is empty"


def messages(language: str) -> list[Message]:
    with (TRANSLATIONS / f"{language}.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def texts(value: object) -> list[str]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def test_what_the_pages_say_is_what_was_collected():
    collected = {str(message.id) for message in said() if message.id}
    assert len(collected) > 250
    assert {str(message.id) for message in messages("zh")} == collected, REMEDY


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_everything_is_translated_with_all_that_is_filled_in(language: str):
    for message in messages(language):
        for text in texts(message.string):
            assert text.strip(), f"{message.id}: {REMEDY}"
            assert set(PLACE.findall(text)) == set(PLACE.findall(texts(message.id)[-1])), message.id
        assert not message.fuzzy, message.id


ENGLISH = re.compile(
    r"(?<!there )(?<!There )\b(?:is|are) no (?!longer|more|less|fewer|later|earlier)|\bstands? (?:in|behind|on|below)\b"
    r"|\blies? in\b|\bha(?:s|ve) to be\b|\bwho has\b|(?<![Ss]igned by )\b[Ss]omebody\b|\bof together\b|\blate\b|All in all"
)
"""Not English, or not plain, other than the glossary's term "signed by somebody else"; and what was promised and is missing is
overdue, not late."""
HAN = "[\u3400-\u9fff]"
CHINESE = {
    "punctuation of half the width": rf"{HAN}(?:%\(\w+\)s)?[,:;()]|[,:;()](?:%\(\w+\)s)?{HAN}",
    "a blank beside a character": rf"{HAN} [\w(]|[A-Za-z0-9)] {HAN}|[，。：；、）] | [，。：；、（]",
    "the code of a currency": r"CNY|USD|EUR",
    "a donor who is not addressed politely": r"你",
    "words of an office": r"的的|(?<!会)被|其(?![他中余])|之(?![前后间一])|所(?![有以])",
    "another word for a thing that has one": r"捐款|捐入|收据|基金|条目|摘要|联署|退款|受限|三方核对|负责人|逾时|分录",
}
"""What the Chinese of the pages never has: docs/how-to/translate-the-pages.md."""
NAMED = re.compile(rf"({HAN}) (%\(\w+\)s)")
"""Only between what something is and its number there is a blank: 付款 94.0."""


def test_every_sentence_is_plain_english():
    for message in said():
        for text in texts(message.id):
            assert not ENGLISH.search(str(text)), text
    for path in (TRANSLATIONS.parent / "templates").iterdir():
        assert not ENGLISH.search(path.read_text()), path.name


@pytest.mark.parametrize("what", CHINESE)
def test_every_sentence_is_plain_chinese(what: str):
    for message in messages("zh"):
        for text in texts(message.string):
            found = re.search(CHINESE[what], NAMED.sub(r"\1\2", text))
            assert not found, (found, text)


@pytest.mark.parametrize("text", ["有,有", "%(count)s份(共3份)", "付款 abc", "30.00 CNY", "你的捐赠", "其资金", "捐款"])
def test_what_is_not_chinese_is_seen(text: str):
    assert any(re.search(rule, text) for rule in CHINESE.values())


@pytest.mark.parametrize("text", ["which is no key", "it stands in entry 0", "has to be a day", "late since"])
def test_what_is_not_english_is_seen(text: str):
    assert ENGLISH.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_page_does_not_prove_is_true_when_it_is_read_alone(language: str):
    template = (TRANSLATIONS.parent / "templates" / "gift.html").read_text().partition('id="limits"')[2].partition("</section>")[0]
    items = re.findall(r"<li>\{\{ _\(\"([^\"]*)\"\) \}\}</li>", template)
    begins = {"en": "This page does not prove that ", "zh": "本页不能证明"}[language]
    assert len(items) == template.count("<li>") == 4
    assert all(voice_of(language).say(item).startswith(begins) for item in items)


def test_nothing_is_parted_in_a_template_by_punctuation_that_only_one_language_has():
    """It is in the messages, so that every language has its own."""
    for path in (TRANSLATIONS.parent / "templates").iterdir():
        shown = re.sub(r"<pre.*?</pre>|<title.*?</title>|<svg.*?</svg>", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\}\}[,:;]|[,:;(]\s*\{\{(?! ?gap)", re.sub(r'="[^"]*"', "", shown)), path.name


def test_money_and_goods_are_named_as_the_language_does():
    english, chinese = voice_of("en"), voice_of("zh")
    assert english.money(1705444, 2, "CNY", "Yuan") == "17,054.44\u00a0CNY" and chinese.money(3000, 2, "CNY", "Yuan") == "30.00元"
    assert english.money(12345, 2, "USD") == "123.45\u00a0USD" and chinese.money(12345, 2, "USD") == "123.45美元"
    assert english.money(1180, 0, "mask-n95", "N95 masks") == "1,180\u00a0N95 masks"
    assert chinese.money(1180, 0, "mask-n95", "N95口罩（只）") == "N95口罩1,180只"
    assert chinese.money(1180, 0, "mask-n95", "N95 masks") == "N95 masks×1,180"
    assert (english.unit("CNY"), chinese.unit("CNY"), chinese.unit("box", "\u202ex")) == ("CNY", "人民币", "\ufffdx")


def test_a_part_of_a_gift_names_the_goods_once():
    english, chinese = voice_of("en"), voice_of("zh")
    assert english.span(0, 3000, 2, "CNY") == "0.00 – 30.00\u00a0CNY" and chinese.span(0, 3000, 2, "CNY") == "0.00～30.00元"
    assert english.span(20, 100, 0, "mask-n95", "N95 masks") == "20 – 100\u00a0N95 masks"
    assert chinese.span(20, 100, 0, "mask-n95", "N95口罩（只）") == "N95口罩20～100只"


def test_a_promise_is_as_exact_as_it_was_made():
    assert [voice_of("en").promise(*rate) for rate in ((1, 10), (1, 8), (1, 3))] == ["10%", "12.5%", "33.333%"]


def test_there_are_words_for_all_that_has_an_id():
    assert set(names.STATES) == set(STATES)
    assert set(names.KINDS) == set(KINDS)
    assert set(names.LEVELS) == set(get_args(Receipt.model_fields["level"].annotation))
    assert set(names.CONDUCT) == set(get_args(Rule))
    assert set(names.ROLES) == set(get_args(Role))
    assert set(names.COSTS) == set(get_args(CostClass))
    verdicts = get_args(Report.model_fields["verdict"].annotation)
    assert set(names.VERDICTS) == {spoken(verdict, witnessed) for verdict in verdicts for witnessed in (True, False)}
    assert set(names.WEIGHTS) == {rule.kind for rule in RULES.values()}


def test_a_name_that_came_later_is_shown_as_it_is():
    assert names.words(voice_of("zh"), names.KINDS, "a-new-kind") == "a-new-kind"


@pytest.mark.parametrize(
    ("minor", "exponent", "shown"),
    [(0, 2, "0.00"), (1, 2, "0.01"), (123450, 2, "1,234.50"), (5, 0, "5"), (1234567, 0, "1,234,567"), (1, 9, "0.000000001"),
     (2**53 - 1, 2, "90,071,992,547,409.91"), (10**26 + 1, 2, "1,000,000,000,000,000,000,000,000.01")],
)  # fmt: skip
def test_amounts_are_exact(minor: int, exponent: int, shown: str):
    assert voice_of("en").amount(minor, exponent) == voice_of("zh").amount(minor, exponent) == shown


def test_only_nothing_is_no_share_and_only_all_is_the_whole():
    voice = voice_of("en")
    shares = [voice.share(part, 3000) for part in (0, 1, 2, 4, 5, 2998, 2999, 3000)]
    assert shares == ["0.0%", "under 0.1%", "0.1%", "0.1%", "0.2%", "99.9%", "over 99.9%", "100.0%"]
    assert voice_of("zh").share(1, 3000) == "不足0.1%" and voice_of("zh").share(2999, 3000) == "超过99.9%"
    assert voice.share(0, 0) == "–"


def test_days_are_written_out():
    assert voice_of("en").day("2026-09-07") == "7 September 2026"
    assert voice_of("zh").day("2026-09-07") == "2026年9月7日"
    assert voice_of("en").days("2026-09-07", "2026-09-08") == "7 September 2026 to 8 September 2026"
    assert voice_of("zh").days("2026-09-07", "2026-09-08") == "2026年9月7日—2026年9月8日"
    assert voice_of("en").moment("2026-09-07T07:00:02Z", 480) == "7 September 2026 at 3:00pm"
    assert voice_of("zh").moment("2026-09-07T17:00:02Z", 480) == "2026年9月8日 01:00"


def test_a_person_has_no_name_and_an_organisation_its_own():
    books = Books()
    books.party.put("hope", Party("Hope 希望", (), (), 0))
    books.party.put("p-w41zrm", Party("p-w41zrm", (), (), 0, is_person=True))
    called = {id: [party_name(voice_of(language), books, id) for language in LANGUAGES] for id in ("hope", "p-w41zrm", "none")}
    assert called == {"hope": ["Hope 希望"] * 2, "p-w41zrm": ["a person (not named)", "个人（匿名）"], "none": ["none"] * 2}
