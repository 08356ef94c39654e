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
from api.pages.locale import LANGUAGES, TRANSLATIONS, voice_of
from ledger.books.kinds.party import Role
from ledger.books.kinds.project import CostClass
from ledger.books.kinds.receipt import Receipt
from ledger.books.life import STATES
from ledger.books.record import KINDS
from ledger.findings.finding import RULES
from ledger.findings.report import spoken

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


def test_there_are_words_for_all_that_has_an_id():
    assert set(names.STATES) == set(STATES)
    assert set(names.KINDS) == set(KINDS)
    assert set(names.LEVELS) == set(get_args(Receipt.model_fields["level"].annotation))
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


def test_shares_are_rounded_down():
    voice = voice_of("en")
    assert [voice.share(part, 3000) for part in (0, 1, 2999, 3000)] == ["0.0%", "0.0%", "99.9%", "100.0%"]
    assert voice.share(0, 0) == "–"


def test_days_are_written_out():
    assert voice_of("en").day("2026-09-07") == "7 September 2026"
    assert voice_of("zh").day("2026-09-07") == "2026年9月7日"
    assert voice_of("en").days("2026-09-07", "2026-09-08") == "7 September 2026 to 8 September 2026"
    assert voice_of("zh").moment("2026-09-07T10:00:02Z") == "2026年9月7日, 10:00:02 UTC"
