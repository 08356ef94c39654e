"""How a language says things: words through gettext; numbers, amounts and days through Babel.

The English texts are the ids of the messages. `translations/<language>.po` has the others and is compiled in memory.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_currency_name

from ledger.text import marked as text_marked

from ..http.preference import weights_of

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = {"en": ("en", "en_GB", "English"), "zh": ("zh-Hans", "zh_Hans_CN", "简体中文")}
"""By the language's name in addresses: its language tag, its locale, and its own name for itself."""
MOMENTS = {"en": "d MMMM y 'at' h:mma", "zh": "y年M月d日 HH:mm"}
"""A day and a time, as Babel patterns."""
MONTHS = {"en": "MMM y", "zh": "y年M月"}
GAPS = {"zh": ""}
"""What separates two sentences, if it is not a space."""
DEFAULT = "en"
DECIMALS = "#,##0"
REPLACED = "\ufffd"
CURRENCY = re.compile(r"[A-Z]{3}")
COUNTED = re.compile(r"(.+?) *[(（]([^()（）]+)[)）]")
"""A name of goods that ends with the word they are counted by: N95口罩（只）."""
NAME_LENGTH = 60


def marked(text: str) -> str:
    """Mark a text for translation here; it is said later."""
    return text


def plain(text: str) -> str:
    """A foreign text with invisible and direction-changing characters marked."""
    return text_marked(text, lambda _: REPLACED)


def shortened(text: str, length: int) -> str:
    """At most `length` characters of a text, with a mark where it was cut off."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


class Voice:
    """One language."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tag, locale, self.own_name = LANGUAGES[name]
        self.locale = Locale.parse(locale)
        self.words = _words(name)

    @property
    def gap(self) -> str:
        """What separates two sentences."""
        return GAPS.get(self.name, " ")

    @property
    def social(self) -> str:
        """The locale in the form of Open Graph: language and territory."""
        return f"{self.locale.language}_{self.locale.territory}"

    def say(self, text: str, **values: object) -> str:
        """A sentence with its `%(name)s` filled in."""
        said = self.words.gettext(text)
        return said % values if values else said

    def say_as(self, context: str, text: str, **values: object) -> str:
        """A sentence whose words have another meaning elsewhere; `context` says which is meant here."""
        said = self.words.pgettext(context, text)
        return said % values if values else said

    def say_many(self, one: str, many: str, count: int, **values: object) -> str:
        """A sentence about `count` things; `%(count)s` is that number."""
        return self.words.ngettext(one, many, count) % {"count": self.number(count), **values}

    def number(self, value: int) -> str:
        """1234567 with group separators."""
        return format_decimal(value, locale=self.locale)

    def amount(self, minor: int, exponent: int) -> str:
        """Minor units as a decimal number: 123450 with exponent 2 is 1,234.50."""
        pattern = DECIMALS + ("." + "0" * exponent if exponent else "")
        value = Decimal(minor).scaleb(-exponent)
        return format_decimal(value, pattern, self.locale, decimal_quantization=False)

    def money(self, minor: int, exponent: int, unit: str, name: str = "") -> str:
        """An amount of money, or of goods with that name. Number and unit stay together at the end of a line."""
        return self._called(self.amount(minor, exponent), unit, name)

    def span(self, start: int, end: int, exponent: int, unit: str, name: str = "") -> str:
        """From one amount to another of the same money or goods, which are named once: 0.00 – 30.00 CNY."""
        ends = {"start": self.amount(start, exponent), "end": self.amount(end, exponent)}
        return self._called(self.say("%(start)s – %(end)s", **ends), unit, name)

    def _called(self, amount: str, unit: str, name: str) -> str:
        if CURRENCY.fullmatch(unit):
            sign = self.say_as("after an amount", "CNY") if unit == "CNY" else self.unit(unit)
            return self.say_as("money", "%(amount)s\u00a0%(currency)s", amount=amount, currency=sign)
        counted = COUNTED.fullmatch(name)
        if counted:
            goods = {"goods": shortened(plain(counted[1]), NAME_LENGTH), "measure": plain(counted[2])}
            return self.say_as("goods", "%(amount)s\u00a0%(goods)s (%(measure)s)", amount=amount, **goods)
        return self.say_as("goods", "%(amount)s\u00a0%(goods)s", amount=amount, goods=self.unit(unit, name))

    def unit(self, unit: str, name: str = "") -> str:
        """The name of a currency, or the name of the goods."""
        if CURRENCY.fullmatch(unit):
            return unit if self.name == DEFAULT else get_currency_name(unit, locale=self.locale)
        return shortened(plain(name or unit), NAME_LENGTH)

    def country(self, place: str) -> str:
        """The country of an ISO 3166 code such as CN or CN-51; the code if it has no name."""
        return str(self.locale.territories.get(place[:2], place))

    def share(self, part: int, whole: int) -> str:
        """A single share in per cent, rounded to one decimal: *over 99.9%* if it would be all and is not, *under 0.1%* if it would
        be nothing and is not; "–" if the whole is 0."""
        if not whole:
            return "–"
        tenths = (2000 * part + whole) // (2 * whole)
        if part and not tenths:
            return self.say("under %(share)s", share=self.tenths(1))
        if part < whole and tenths >= 1000:
            return self.say("over %(share)s", share=self.tenths(999))
        return self.tenths(tenths)

    def tenths(self, tenths: int) -> str:
        """Tenths of a per cent: 814 is 81.4%."""
        return format_percent(Decimal(tenths) / 1000, "0.0%", self.locale)

    def promise(self, part: int, whole: int) -> str:
        """A promised share, exactly as promised: 10%."""
        return format_percent(Decimal(part) / whole, "0.###%", self.locale)

    def day(self, day: str) -> str:
        """`2026-09-07` as a full date."""
        return format_date(datetime.date.fromisoformat(day), "long", self.locale)

    def step(self, step: str) -> str:
        """A month `YYYY-MM` in short with its year, or a year `YYYY`."""
        if len(step) == len("YYYY"):
            return self.say_as("year", "%(year)s", year=step)
        return format_date(datetime.date.fromisoformat(f"{step}-01"), MONTHS[self.name], self.locale)

    def days(self, first: str, last: str) -> str:
        """From the first day to the last."""
        return self.day(first) if first == last else self.say("%(first)s to %(last)s", first=self.day(first), last=self.day(last))

    def moment(self, time: str, offset_minutes: int) -> str:
        """`2026-09-07T10:00:02Z` as a day and a time in a zone with this offset from UTC."""
        at = datetime.datetime.fromisoformat(time) + datetime.timedelta(minutes=offset_minutes)
        return format_datetime(at, MOMENTS[self.name], tzinfo=datetime.UTC, locale=self.locale)


@cache
def voice_of(name: str) -> Voice:
    """The voice of a language; each is made once."""
    return Voice(name)


def _words(name: str) -> NullTranslations:
    if name == DEFAULT:
        return NullTranslations()
    with (TRANSLATIONS / f"{name}.po").open("rb") as file:
        catalog = read_po(file, locale=name)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of(tag: str) -> str:
    """The language's name in addresses: `zh` for `zh-Hans`, `zh-CN` and `zh_CN`; "" for a language that is not supported."""
    name = tag.lower().replace("_", "-").partition("-")[0]
    return name if name in LANGUAGES else ""


def preferred(header: str) -> str:
    """The supported language that an Accept-Language header prefers; English if there is none (RFC 9110 §12.5.4)."""
    weights: dict[str, float] = {}
    for tag, weight in weights_of(header).items():
        name = language_of(tag)
        if name:
            weights[name] = max(weights.get(name, 0.0), weight)
    return max(weights, key=weights.__getitem__) if any(weights.values()) else DEFAULT
